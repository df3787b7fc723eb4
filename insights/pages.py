"""Context of the overview: charts drawn, rows formatted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext

from insights import charts, sentences, svg
from insights.audience import Share
from insights.line import line
from insights.models import Table
from insights.numbers import between, compact, counted, exact, of_readings, on, percent, rate, share, times
from insights.numbers_table import numbers_table
from insights.reports import (
    Comparison,
    FindingKind,
    FirstDays,
    Mirror,
    NoteFigures,
    Span,
    Topic,
    Week,
)
from notes.models import Measured

TABLE_ROWS = 24  # topics in the table behind the bars; the file has all


def overview(shown: Mirror) -> dict[str, Any]:
    """Return the context of templates/insights/overview.html."""
    found = [topic for topic in shown.topics if topic.finding]
    unsaid = [topic for topic in found if not topic.is_declared]
    return {
        "shown": shown,
        "bars": charts.mirrored(shown.topics),
        "topics_table": _topics_table(shown),
        "weeks_line": _weeks_line(shown),
        "weeks_table": _weeks_table(shown.weeks),
        "comparisons": [_pair(pair) for pair in shown.comparisons],
        "findings": [(topic, _of_average(topic)) for topic in found],
        "best": [_by_readers(note) for note in shown.best],
        "underrated": [_by_rate(note) for note in shown.underrated],
        # What an open question may name: what readers answer before what is posted
        "unsaid": min(unsaid, key=lambda topic: topic.finding != FindingKind.ANSWERED_MORE, default=None),
        "say": sentences.about_label(shown),
        "post": sentences.about_notes(shown),
        "respond": sentences.about_answers(shown),
        "since": since(shown.span),
    }


def since(span: Span) -> str:
    """Return since when each kind of number is measured: Readers 29 Oct · Shown 2 Nov."""
    days = ((kind, span.since[kind]) for kind in Measured.Kind.values if kind in span.since)
    return " · ".join(f"{Measured.Kind(kind).label} {on(day)}" for kind, day in days)


def _topics_table(shown: Mirror) -> SafeString:
    columns = (
        gettext("Topic"),
        gettext("Notes"),
        gettext("Posted"),
        gettext("Readers"),
        pgettext("how many readers", "Answered"),
        gettext("Responded"),
    )
    rows, few = [], gettext("too few to show")
    for topic in charts.foremost(shown.topics, TABLE_ROWS):
        missing = str(topic.missing.label) if topic.missing else ""
        answered, lift = (
            of_readings(topic.rate) or missing,
            missing if topic.lift is None else times(topic.lift),
        )
        posted = few if topic.posted is None else percent(topic.posted)
        counts = (exact(topic.notes), posted, exact(topic.readers))
        rows.append((topic.name, *counts, answered, lift))
    return numbers_table(gettext("Topics"), columns, rows)


def _weeks_table(weeks: Sequence[Week]) -> SafeString:
    columns = (
        gettext("Week from"),
        gettext("Readings"),
        pgettext("how many readers", "Answered"),
        gettext("95% interval"),
    )
    few = gettext("too few to show")
    rows = (
        (on(week.first), exact(week.readers))
        + ((of_readings(week.rate), between(week.rate)) if week.rate else (few, few))
        for week in weeks
    )
    return numbers_table(gettext("Weeks"), columns, rows)


def _of_average(topic: Topic) -> str:
    """Return the numbers behind a finding: 1.8× your average · 7% of your notes."""
    said = []
    if topic.lift is not None:
        said.append(gettext("%(times)s your average") % {"times": times(topic.lift)})
    if topic.posted is not None:
        said.append(gettext("%(share)s of your notes") % {"share": percent(topic.posted)})
    return " · ".join(said)


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A row of a ranked list of notes: the ranking `number` with its unit, and in `found` how readers came to it."""

    note: int
    title: str
    cover: str
    said: str
    found: str
    number: str
    unit: str


def _ranked(note: NoteFigures, said: str, number: str, unit: str) -> _Ranked:
    shown = gettext("shown %(number)s×") % {"number": compact(note.shown)} if note.shown else ""
    parts = " · ".join(filter(None, (said, shown)))
    return _Ranked(note.note, note.title, note.cover, parts, counted(note.found), number, unit)


def _by_readers(note: NoteFigures) -> _Ranked:
    said = gettext("answered by %(rate)s") % {"rate": rate(note.rate)} if note.rate else ""
    unit = ngettext("reader", "readers", note.readers)
    return _ranked(note, said, compact(note.readers), unit)


def _by_rate(note: NoteFigures) -> _Ranked:
    said = ngettext("%(number)s reader", "%(number)s readers", note.readers) % {
        "number": compact(note.readers)
    }
    return _ranked(note, said, share(note.rate), gettext("answered"))


def _weeks_line(shown: Mirror) -> SafeString | None:
    drawn = line(shown.weeks, shown.chapters)
    return svg.line(drawn, _said(shown.weeks)) if drawn else None


def _said(weeks: Sequence[Week]) -> str:
    """Return a text alternative of the weekly line chart."""
    values = [week.rate.value for week in weeks if week.rate]
    if not values:
        return ""
    parts = {"first": percent(values[0]), "last": percent(values[-1])}
    parts |= {"low": percent(min(values)), "high": percent(max(values))}
    return (
        gettext(
            "Share of readings that were answered, by week: from %(first)s to %(last)s, between %(low)s and %(high)s"
        )
        % parts
    )


@dataclass(frozen=True, slots=True)
class _Pair:
    """A comparison of two groups of notes: name, rate and drawn interval of each."""

    title: str
    differs: bool | None
    groups: list[tuple[str, str, SafeString]]


def _pair(found: Comparison) -> _Pair:
    titles = {
        "cover": (gettext("Cover"), pgettext("a cover", "Photo"), pgettext("a cover", "Text")),
        "length": (gettext("Length"), gettext("Short"), gettext("Long")),
        "photos": (gettext("Photos"), gettext("Few"), gettext("Many")),
    }
    title, *names = titles[found.kind]
    rates = (found.first, found.second)
    written = [of_readings(each) or gettext("too few to show") for each in rates]
    return _Pair(title, found.differs, list(zip(names, written, charts.intervals(rates), strict=True)))


@dataclass(frozen=True, slots=True)
class _Step:
    """Progress to a required number, with the `width` of its bar."""

    name: str
    number: int
    needed: int

    @property
    def is_done(self) -> bool:
        return self.number >= self.needed

    @property
    def width(self) -> str:
        return f"{min(self.number / self.needed, 1) * 100:.0f}%"


def first_days(shown: Mirror, days: FirstDays) -> dict[str, Any]:
    """Return the context of templates/insights/first_days.html."""
    steps = [
        _Step(gettext("Notes"), days.notes, days.notes_needed),
        _Step(gettext("Readers"), days.readers, days.readers_needed),
    ]
    return {"shown": shown, "days": days, "steps": steps, "is_counting": all(step.is_done for step in steps)}


def share_words(found: Share) -> str:
    """Return the share of an audience table in words: About 3 in 10 are in high school."""
    if found.tenths is None:
        return gettext("too few to show")
    if found.tenths in {0, 10}:
        said = _FEW if found.tenths == 0 else _MOST
        return str(said[found.table])
    return str(_TENTHS[found.table]) % {"number": found.tenths}


_TENTHS = {
    Table.STAGE: gettext_lazy("About %(number)s in 10 are in high school"),
    Table.CAMPUS: gettext_lazy("About %(number)s in 10 are on your campus"),
}
_FEW = {
    Table.STAGE: gettext_lazy("Fewer than 1 in 10 are in high school"),
    Table.CAMPUS: gettext_lazy("Fewer than 1 in 10 are on your campus"),
}
_MOST = {
    Table.STAGE: gettext_lazy("More than 9 in 10 are in high school"),
    Table.CAMPUS: gettext_lazy("More than 9 in 10 are on your campus"),
}


def share_bar(found: Share) -> SafeString:
    """Return the ten segments of a bar, those of the first side filled; a dotted outline if the share is withheld."""
    if found.tenths is None:
        return svg.bar("100%", "c-none")
    return svg.tenths(found.tenths)
