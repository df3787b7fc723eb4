"""Context of the pages of notes and labels: charts drawn, rows named and formatted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from insights import charts
from insights.numbers import exact, on, rate, rounded, share_of
from insights.numbers_table import numbers_table
from insights.pages import since
from insights.reports import LabelPage, NoteFigures, NoteList, NotePage


def note_list(page: NoteList) -> dict[str, Any]:
    """Return the context of templates/insights/notes.html."""
    names = (
        pgettext("how often", "Shown"),
        pgettext("how often", "Opened"),
        gettext("Readers"),
        pgettext("how many readers", "Answered"),
        pgettext("how many readers", "Saved"),
        pgettext("how many readers", "Commented"),
        gettext("Followers won"),
    )
    rows = [(note, list(zip(names, _cells(note), strict=True))) for note in page.notes]
    return {"page": page, "columns": names, "rows": rows, "since": since(page.span)}


def _cells(note: NoteFigures) -> tuple[str, ...]:
    counts = (note.shown, note.opened, note.readers, note.engaged, note.saved, note.commented, note.won)
    cells = [exact(count) for count in counts]
    cells[3] = rate(note.rate) or cells[3]
    return tuple(cells)


@dataclass(frozen=True, slots=True)
class _List:
    key: str
    title: str
    counts: str
    rows: list[charts.Row]
    none: str


def note(page: NotePage) -> dict[str, Any]:
    """Return the context of templates/insights/note.html."""
    lists = [
        _List(
            "sources",
            gettext("How they found it"),
            gettext("Readers, by where they came from"),
            charts.rows(page.sources),
            gettext("No visits yet."),
        ),
        _List(
            "hours",
            gettext("When it is opened"),
            gettext("Openings, by the hour of the day"),
            charts.rows(page.hours),
            gettext("Not opened yet."),
        ),
    ]
    if page.figures.photos > 1:
        lists.append(
            _List(
                "reached",
                gettext("How far they looked"),
                gettext("Readers, by the furthest photo they reached"),
                charts.rows(page.reached),
                gettext("Not measured yet."),
            )
        )
    has_readers = any(readers for _day, readers, _engaged in page.days)
    drawn = charts.columns(page.days) if has_readers else []
    return {
        "page": page,
        "numbers": _numbers(page.figures),
        "lists": lists,
        "columns": drawn,
        "days_table": _days_table(drawn),
        "since": since(page.span),
    }


def _days_table(columns: Sequence[charts.Column]) -> SafeString:
    names = (
        pgettext("a day on", "From"),
        gettext("Readers"),
        pgettext("how many readers", "Answered"),
    )
    rows = ((on(column.first), exact(column.readers), exact(column.engaged)) for column in columns)
    return numbers_table(gettext("New readers"), names, rows)


def _numbers(found: NoteFigures) -> list[tuple[str, str, str]]:
    """Return each number with its name and explanation."""
    reached = (
        ""
        if found.reached is None
        else gettext("of %(photos)d photos, on average") % {"photos": found.photos}
    )
    return [
        (pgettext("how often", "Shown"), exact(found.shown), ""),
        (pgettext("how often", "Opened"), exact(found.opened), ""),
        (gettext("Visits"), exact(found.visits), ""),
        (gettext("Readers"), exact(found.readers), ""),
        (
            pgettext("how many readers", "Answered"),
            exact(found.engaged),
            share_of(found.engaged, found.readers),
        ),
        (pgettext("how many readers", "Saved"), exact(found.saved), share_of(found.saved, found.readers)),
        (
            pgettext("how many readers", "Commented"),
            exact(found.commented),
            share_of(found.commented, found.readers),
        ),
        (gettext("Followers won"), exact(found.won), ""),
        *(
            [(gettext("Photos reached"), rounded(found.reached, 1), reached)]
            if found.reached is not None
            else []
        ),
    ]


def labels(page: LabelPage) -> dict[str, Any]:
    """Return the context of templates/insights/label.html."""
    drawn = charts.intervals([chapter.rate for chapter in page.chapters])
    return {"page": page, "chapters": list(zip(page.chapters, drawn, strict=True)), "since": since(page.span)}
