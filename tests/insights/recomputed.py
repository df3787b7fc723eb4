"""Recompute the Mirror in plain Python from raw rows and the log of the test.

Nothing here imports the code of insights; every definition is that of docs/insights.md.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.insights.arithmetic import asks, fold, have_nothing_in_common, interval, rate
from tests.insights.raw_rows import Chapter, Note
from tests.insights.recomputed_topics import Topics
from tests.insights.year import local_day


class Recomputed(Topics):
    """A creator's Mirror in one period."""

    def weeks(self) -> list[tuple[date, int, int, dict[str, float] | None]]:
        """The oldest first."""
        number = self.days // 7 if self.days else 53
        found = []
        for week in range(number):
            ends = self.last - timedelta(days=7 * week)
            begins = ends - timedelta(days=6)
            readers = [
                reader for note in self.notes for reader in note.readers if begins <= reader.day <= ends
            ]
            engaged = sum(reader.ever for reader in readers)
            found.append(
                (begins, len(readers), engaged, rate(engaged, len(readers)) if len(readers) >= 10 else None)
            )
        return found[::-1]

    def shown_weeks(self) -> list[tuple[date, int, int, dict[str, float] | None]]:
        """Those of the period; of all, none before the first reader."""
        found = self.weeks()
        first = next((place for place, week in enumerate(found) if week[1]), len(found))
        return found if self.days else found[first:]

    # Chapters and notes.

    def chapters(self) -> list[dict[str, Any]]:
        found = [self._chapter(chapter) for chapter in self.rows.chapters[self.person]]
        for later, former in zip(found, [*found[1:], None], strict=False):
            later["differs"] = None
            if former and min(later["notes"], former["notes"]) >= 5 and later["rate"] and former["rate"]:
                later["differs"] = have_nothing_in_common(later["rate"], former["rate"])
        return found

    def _chapter(self, chapter: Chapter) -> dict[str, Any]:
        notes = [note for note in self.notes if note.positioning == chapter.pk]
        readers = [reader for note in notes for reader in note.readers if reader.day <= self.last]
        return {
            "positioning": chapter.pk,
            "wording": chapter.wording,
            "declared": local_day(chapter.declared),
            "retired": local_day(chapter.retired) if chapter.retired else None,
            "topics": tuple(name for _slug, name in chapter.topics),
            "notes": len(notes),
            "readers": len({reader.who for reader in readers}),
            "rate": rate(sum(reader.ever for reader in readers), len(readers)),
            "won": sum(self.rows.total("won_by", note.pk, date.min, self.last) for note in notes),
        }

    def figures(self, note: Note) -> dict[str, Any]:
        readers = [reader for reader in note.readers if self.holds(reader.day)]
        reached = [reader.reached for reader in readers if reader.reached is not None]
        engaged = sum(reader.ever for reader in readers)
        return {
            "note": note.pk,
            "title": note.title,
            "published": note.day,
            "photos": note.photos,
            "shown": self.total("shown", note.pk),
            "opened": self.total("opened", note.pk),
            "readers": len(readers),
            "visits": self.total("visits", note.pk),
            "engaged": engaged,
            "saved": sum(reader.saved for reader in readers),
            "commented": sum(reader.commented for reader in readers),
            "won": self.total("won_by", note.pk),
            "rate": rate(engaged, len(readers)),
            "reached": sum(reached) / len(reached) if reached else None,
        }

    def sources(self, note: Note) -> dict[Any, int | None]:
        return fold(Counter(reader.source for reader in note.readers if self.holds(reader.day)))

    def hours(self, note: Note) -> dict[Any, int | None]:
        hours = Counter[int]()
        for day, number, hour in self.rows.counts["hours"][note.pk]:
            hours[hour] += number if self.holds(day) else 0
        return fold(hours)

    def days_of(self, note: Note) -> dict[date, tuple[int, int]]:
        """New readers and those of them who ever answered, on the days that had any."""
        by_day: dict[date, list[bool]] = defaultdict(list)
        for reader in note.readers:
            if self.holds(reader.day):
                by_day[reader.day].append(reader.ever)
        return {day: (len(ever), sum(ever)) for day, ever in by_day.items()}

    def reached(self, note: Note) -> dict[str, int]:
        """Readers by the furthest photo they saw, and how many are unknown."""
        known = [reader.reached for reader in note.readers if self.holds(reader.day)]
        if not known:
            return {}
        found = Counter(photo for photo in known if photo is not None)
        return {str(photo): found[photo] for photo in range(1, max(found, default=0) + 1)} | {
            "unmeasured": known.count(None)
        }

    def best(self) -> list[int]:
        order = sorted(self.read, key=lambda pk: (-self.read[pk][0], -pk))
        return order[:3]

    def underrated(self) -> list[int]:
        engaged, people = self.sums(self.read)
        if not people:
            return []
        counts = sorted(v for v, _e in self.read.values())
        median = counts[(len(counts) - 1) // 2]
        lows = {pk: interval(e, v)[0] for pk, (v, e) in self.read.items() if 20 <= v <= median}
        return sorted(
            (pk for pk, low in lows.items() if low > engaged / people), key=lambda pk: (-lows[pk], -pk)
        )[:3]

    def comparisons(self) -> dict[str, dict[str, Any]]:
        groups: dict[str, Callable[[Note], int | None]] = {
            "cover": lambda note: 0 if note.has_cover else 1,
            "length": lambda note: 0 if note.length <= 200 else 1,
            "photos": lambda note: (0 if note.photos <= 3 else 1) if note.photos else None,
        }
        found = {}
        for kind, group_of in groups.items():
            groups_of = {pk: group_of(self.by_pk[pk]) for pk in self.read}
            sides = [[pk for pk, side in groups_of.items() if side == place] for place in (0, 1)]
            rates, differs = (None, None), None
            if min(map(len, sides)) >= 5:
                first, second = (rate(*self.sums(side)) for side in sides)
                assert first
                assert second
                rates, differs = (first, second), have_nothing_in_common(first, second)  # type: ignore[assignment]
            found[kind] = {
                "first": rates[0],
                "second": rates[1],
                "differs": differs,
                "notes": tuple(map(len, sides)),
            }
        return found

    def questions(self) -> dict[str, tuple[int, list[int]]]:
        """By topic: how many people ask, and the newest five of their comments."""
        asked: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for note in self.notes:
            for comment in note.comments if note.visibility == "public" else []:
                if self.holds(comment.day) and asks(comment.words):
                    for topic in note.topics:
                        asked[topic].append((comment.pk, comment.author))
        found = {}
        for topic, comments in asked.items():
            people = len({author for _pk, author in comments})
            if people >= 10:
                newest = sorted(comments, reverse=True)[:5]
                found[topic] = (people, [pk for pk, _author in newest])
        return found

    def topic_name(self, slug: str) -> str:
        return next(note.topics[slug] for note in self.notes if slug in note.topics)

    def comments(self) -> dict[int, str]:
        return {comment.pk: comment.words for note in self.notes for comment in note.comments}

    def notes_of_comments(self) -> dict[int, int]:
        return {comment.pk: note.pk for note in self.notes for comment in note.comments}
