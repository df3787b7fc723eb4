"""The tables behind the Mirror's pages, for CSV files: translated column names, and rows of plain values."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from insights import queries
from insights.actions.sums import FEW, SHORT
from insights.audience import Audience
from insights.pages import share_words
from insights.reports import Cell, Chapter, LabelPage, Mirror, NoteFigures, NotePage, Period, Rate, Table
from insights.words import Fields
from profiles.models import User

type Tables = dict[str, Callable[[], Table]]


def of_mirror(mirror: Mirror) -> Tables:
    """Return the tables of the overview by name: topics, chapters, weeks, best, underrated, comparisons, questions,
    searches.
    """
    return {
        "topics": lambda: _topics(mirror),
        "chapters": lambda: _chapters(mirror.chapters),
        "weeks": lambda: Table(
            (_("Week from"), _("New readers"), _("Answered"), *_rate_columns()),
            [(week.first, week.readers, week.engaged, *_rate(week.rate)) for week in mirror.weeks],
        ),
        "best": lambda: _notes(mirror.best),
        "underrated": lambda: _notes(mirror.underrated),
        "comparisons": lambda: _comparisons(mirror),
        "questions": lambda: Table(
            (_("Topic"), _("People"), _("Comment"), _("Note"), _("Text")),
            [
                (question.name, question.people, *comment)
                for question in mirror.questions
                for comment in question.comments
            ],
        ),
        "searches": lambda: _searches(mirror.found_by),
    }


def of_note(page: NotePage) -> Tables:
    """Return the tables of a note's page by name: figures, sources, hours, reached, days, searches."""
    return {
        "figures": lambda: _notes([page.figures]),
        "sources": lambda: _cells(_("Came from"), _("Readers"), page.sources),
        "hours": lambda: _cells(_("Hour"), _("Opened"), page.hours),
        "reached": lambda: _cells(_("Furthest photo"), _("Readers"), page.reached),
        "days": lambda: Table((_("Day"), _("New readers"), _("Answered")), page.days),
        "searches": lambda: _searches(page.found_by),
    }


def of_labels(page: LabelPage) -> Tables:
    """Return the tables of the label's page by name: chapters."""
    return {"chapters": lambda: _chapters(page.chapters)}


def of_audience(audience: Audience) -> Tables:
    """Return the table of the audience page by name: shares, each in tenths and in the words of the page."""
    return {
        "shares": lambda: Table(
            (_("Table"), _("In ten"), _("In words")),
            [(str(share.table.label), share.tenths, share_words(share)) for share in audience.shares],
        )
    }


def of_words(fields: Fields) -> Tables:
    """Return the table of the words page by name: words, in the order of its fields. Whether a word is seen is
    withheld while too few have picked.
    """

    def rows() -> Iterator[tuple[Any, ...]]:
        for words, is_said, is_seen in (
            (fields.both, True, True),
            (fields.said, True, False),
            (fields.seen, False, True),
            (fields.neither, False, False),
        ):
            for word in words:
                known = (None, _("too few to show")) if fields.is_withheld else (is_seen, None)
                yield word.name, is_said, *known, False
        for word in fields.struck:
            yield word.name, None, None, None, True

    columns = (_("Word"), _("Said"), _("Seen"), _("Why not shown"), _("Struck by you"))
    return {"words": lambda: Table(columns, list(rows()))}


def of_notes(person: User, period: Period) -> Table:
    """Return all published notes of the person with their figures; rows are read as they are written."""
    return _notes(_all_notes(person, period))


def _all_notes(person: User, period: Period) -> Iterator[NoteFigures]:
    page = queries.note_list(person, period)
    yield from page.notes
    while page.after:
        page = queries.note_list(person, period, page.after)
        yield from page.notes


def _topics(mirror: Mirror) -> Table:
    return Table(
        (
            *(_("Topic"), _("In the label"), _("Notes published"), _("Share of posts")),
            *(_("Notes read"), _("Readers"), _("Times the average"), _("Why not shown"), _("Finding")),
            *(_("Answered"), _("Of"), *_rate_columns()),
        ),
        [
            (
                *(topic.name, topic.is_declared, topic.notes, topic.posted),
                *(topic.read_notes, topic.readers, topic.lift),
                topic.missing and str(topic.missing.label),
                topic.finding and str(topic.finding.label),
                *((topic.rate.part, topic.rate.whole) if topic.rate else (None, None)),
                *_rate(topic.rate),
            )
            for topic in mirror.topics
        ],
    )


def _chapters(chapters: Iterable[Chapter]) -> Table:
    return Table(
        (
            *(_("Label"), _("Declared"), _("Until"), _("Topics"), _("Notes"), _("Readers")),
            *(_("Followers won"), _("Differs from the one before"), *_rate_columns()),
        ),
        [
            (
                *(chapter.wording, chapter.declared, chapter.retired, ", ".join(chapter.topics)),
                *(chapter.notes, chapter.readers, chapter.won, chapter.differs, *_rate(chapter.rate)),
            )
            for chapter in chapters
        ],
    )


def _notes(notes: Iterable[NoteFigures]) -> Table:
    return Table(
        (
            *(_("Note"), _("Title"), _("Published"), _("Public"), _("Photos"), _("Shown"), _("Opened")),
            *(_("Readers"), _("Visits"), _("Answered"), _("Saved"), _("Commented"), _("Followers won")),
            *(_("Mean furthest photo"), *_rate_columns()),
        ),
        (
            (
                *(
                    note.note,
                    note.title,
                    note.published,
                    note.is_public,
                    note.photos,
                    note.shown,
                    note.opened,
                ),
                *(note.readers, note.visits, note.engaged, note.saved, note.commented, note.won),
                *(note.reached, *_rate(note.rate)),
            )
            for note in notes
        ),
    )


def _comparisons(mirror: Mirror) -> Table:
    groups = {
        "cover": (_("Photo cover"), _("Text cover")),
        "length": (_("Up to %(number)d characters"), _("More than %(number)d characters")),
        "photos": (_("1 to %(number)d photos"), _("More than %(number)d photos")),
    }
    limits = {"cover": {}, "length": {"number": SHORT}, "photos": {"number": FEW}}
    return Table(
        (_("Group"), _("Notes"), _("Differs"), *_rate_columns()),
        [
            (name % limits[found.kind], number, found.differs, *_rate(group))
            for found in mirror.comparisons
            for name, number, group in zip(
                groups[found.kind], found.notes, (found.first, found.second), strict=True
            )
        ],
    )


def _cells(name: str, number: str, cells: Iterable[Cell]) -> Table:
    return Table((name, number), [(cell.name, cell.number) for cell in cells])


def _searches(found_by: Iterable[str]) -> Table:
    return Table((_("Searched for"),), [(words,) for words in found_by])


def _rate_columns() -> tuple[str, ...]:
    return _("Rate"), _("Interval from"), _("Interval to")


def _rate(found: Rate | None) -> tuple[float | None, ...]:
    return (found.value, found.low, found.high) if found else (None, None, None)
