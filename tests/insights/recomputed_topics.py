"""Recompute posts and answers by topic in plain Python from raw rows and the log of the test.

Nothing here imports the code of insights; every definition is that of docs/insights.md.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from math import sqrt
from statistics import NormalDist
from typing import Any

from tests.insights.arithmetic import interval, rate
from tests.insights.raw_rows import Note, Rows
from tests.insights.year import local_day


class Topics:
    """A creator's notes in one period, and what their topics met."""

    def __init__(self, rows: Rows, person: int, days: int | None) -> None:
        self.rows = rows
        self.person = person
        self.days = days
        self.last = rows.last
        own = rows.by_author[person]
        self.published = [note for note in own if note.day <= self.last]
        self.notes = [note for note in self.published if note.is_readable]
        began = min((note.day for note in self.notes), default=self.last)
        self.first = self.last - timedelta(days=days - 1) if days else date.min
        self.shown_first = self.first if days else began
        self.posted_notes = [note for note in self.notes if note.day >= self.first]
        self.read = {note.pk: read for note in self.notes if (read := self.v_and_e(note))[0]}
        self.by_pk = {note.pk: note for note in self.notes}
        self.label = next((chapter for chapter in rows.chapters[person] if chapter.retired is None), None)
        self.declared = dict(self.label.topics) if self.label else {}

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def v_and_e(self, note: Note) -> tuple[int, int]:
        readers = [reader for reader in note.readers if self.holds(reader.day)]
        return len(readers), sum(reader.ever for reader in readers)

    def different(self, notes: Iterable[Note]) -> int:
        return len({reader.who for note in notes for reader in note.readers if self.holds(reader.day)})

    def total(self, kind: str, pk: int) -> int:
        return self.rows.total(kind, pk, self.first, self.last)

    def sums(self, notes: Iterable[int]) -> tuple[int, int]:
        """ΣE and ΣV."""
        pairs = [self.read[pk] for pk in notes]
        return sum(engaged for _people, engaged in pairs), sum(people for people, _engaged in pairs)

    def overall(self) -> dict[str, float] | None:
        return rate(*self.sums(self.read))

    def declared_on(self) -> date:
        assert self.label
        return local_day(self.label.declared)

    # What is posted.

    def posted(self) -> dict[str, float]:
        weights = {note.pk: 2 ** (-(self.last - note.day).days / 14) for note in self.posted_notes}
        parts: dict[str, float] = defaultdict(float)
        for note in self.posted_notes:
            for topic in note.topics:
                parts[topic] += weights[note.pk] / len(note.topics)
        return {topic: part / sum(weights.values()) for topic, part in parts.items()}

    def focus(self) -> float | None:
        if len(self.posted_notes) < 5 or not self.declared:
            return None
        return sum(share for topic, share in self.posted().items() if topic in self.declared)

    def without_note(self) -> set[str]:
        return set(self.declared) - {topic for note in self.posted_notes for topic in note.topics}

    # What is answered.

    def topics(self) -> dict[str, dict[str, Any]]:
        """By slug: all that are declared, posted or read."""
        names = dict(self.declared)
        for note in self.notes:
            if note in self.posted_notes or note.pk in self.read:
                names |= note.topics
        engaged, people = self.sums(self.read)
        found = {slug: self._topic(slug, name, engaged, people) for slug, name in names.items()}
        tested = [slug for slug, topic in found.items() if topic["lift"] is not None]
        shares = self.posted()
        for slug, topic in found.items():
            topic["more"], topic["less"] = (
                self._beyond_doubt(slug, len(tested)) if slug in tested else (False, False)
            )
            topic["finding"] = self._finding(slug, topic, shares.get(slug, 0.0))
            if len(self.posted_notes) >= 5:
                topic["posted"] = shares.get(slug, 0.0)
        return found

    def _topic(self, slug: str, name: str, engaged: int, people: int) -> dict[str, Any]:
        with_it = [pk for pk in self.read if slug in self.by_pk[pk].topics]
        readers = self.different(self.by_pk[pk] for pk in with_it)
        e, v = self._weighed(with_it)
        missing = None
        if len(with_it) < 3:
            missing = "notes"
        elif readers < 50:
            missing = "readers"
        elif not engaged:
            missing = "none_answered"
        elif engaged * v < 5 * people:
            missing = "answers"
        lift = None
        if missing is None:
            r0 = Fraction(engaged, people)
            lift = float((e + 50 * r0) / (v + 50) / r0)
        return {
            "slug": slug,
            "name": name,
            "is_declared": slug in self.declared,
            "notes": sum(slug in note.topics for note in self.posted_notes),
            "read_notes": len(with_it),
            "readers": readers,
            "rate": rate(e, v),
            "lift": lift,
            "missing": missing,
        }

    def _weighed(self, notes: list[int]) -> tuple[Fraction, Fraction]:
        """Σ x·E and Σ x·V."""
        e = sum((Fraction(self.read[pk][1], len(self.by_pk[pk].topics)) for pk in notes), Fraction())
        v = sum((Fraction(self.read[pk][0], len(self.by_pk[pk].topics)) for pk in notes), Fraction())
        return e, v

    def _finding(self, slug: str, topic: dict[str, Any], share: float) -> str | None:
        lift, is_known = topic["lift"], len(self.posted_notes) >= 5
        if lift is not None and lift >= 1.25 and share < 0.10 and is_known and topic["more"]:
            return "answered_more"
        if lift is not None and lift <= 0.80 and slug in self.declared and topic["less"]:
            return "little_answer"
        return "not_said" if slug not in self.declared and share >= 0.20 and is_known else None

    def _beyond_doubt(self, slug: str, tested: int) -> tuple[bool, bool]:
        """Whether the topic is answered more, and less, than the notes without it."""
        with_it = [pk for pk in self.read if slug in self.by_pk[pk].topics]
        rest_e, rest_v = self.sums(pk for pk in self.read if pk not in with_it)
        e, v = map(float, self._weighed(with_it))
        if not rest_v:
            return False, False
        low, high = interval(e, v)
        p, r = e / v, rest_e / rest_v
        z, rho = NormalDist().inv_cdf(1 - 0.05 / (2 * tested)), self._likeness()
        xs = [(1 / len(self.by_pk[pk].topics), self.read[pk][0]) for pk in with_it]
        squares = sum(x * x * people for x, people in xs)
        effect = max(1.0, (squares + rho * (sum((x * people) ** 2 for x, people in xs) - squares)) / v)
        of_rest = [self.read[pk][0] for pk in self.read if pk not in with_it]
        rest_effect = max(1.0, 1 + rho * (sum(people**2 for people in of_rest) - rest_v) / rest_v)
        l1, u1 = interval(e / effect, v / effect, z)
        l2, u2 = interval(rest_e / rest_effect, rest_v / rest_effect, z)
        more = p - r > sqrt((p - l1) ** 2 + (u2 - r) ** 2)
        less = r - p > sqrt((u1 - p) ** 2 + (r - l2) ** 2)
        return more and low > r, less and high < r

    def _likeness(self) -> float:
        """How much more alike readers of one note are than readers of many."""
        number, (engaged, people) = len(self.read), self.sums(self.read)
        if number < 2 or engaged in {0, people}:
            return 0.0
        r0 = engaged / people
        spread = sum((e - r0 * v) ** 2 for v, e in self.read.values()) * number / (number - 1)
        pairs = sum(v * v for v, _e in self.read.values()) - people
        return min(1.0, max(0.0, (spread / (r0 * (1 - r0)) - people) / pairs)) if pairs else 0.0

    def come_for(self, topics: dict[str, dict[str, Any]]) -> str | None:
        found = [topic for topic in topics.values() if topic["more"] and topic["lift"] > 1]
        return max(found, key=lambda topic: topic["lift"])["slug"] if found else None
