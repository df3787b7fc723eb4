"""Every number on every page of the Mirror, as an independent recomputation from the rows has it."""

import csv
from dataclasses import asdict
from io import StringIO
from math import isclose
from typing import Any

import pytest
from django.test import Client

from insights import queries
from insights.actions.summing import sum_all
from insights.reports import Cell, FirstDays, Mirror, NoteFigures, Period
from profiles.models import User
from tests.builders import signed_in
from tests.insights.raw_rows import Rows
from tests.insights.recomputed import Recomputed
from tests.insights.year import Year

pytestmark = pytest.mark.django_db
DAYS = {Period.DAYS: 28, Period.WEEKS: 112, Period.ALL: None}


def same(found: Any, expected: Any, where: str) -> None:
    """Numbers agree far beyond the last digit that any page shows, everything else exactly."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            same(found[key], value, f"{where} {key}")
    elif isinstance(expected, float) and found is not None:
        assert isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9), f"{where}: {found}, not {expected}"
    else:
        assert found == expected, f"{where}: {found}, not {expected}"


def check_overview(found: Mirror, expected: Recomputed, where: str) -> None:
    engaged, people = expected.sums(expected.read)
    topics = expected.topics()
    same(
        asdict(found),
        {
            "notes": len(expected.posted_notes),
            "readers": expected.different(expected.notes),
            "visits": sum(expected.total("visits", note.pk) for note in expected.notes),
            "shown": sum(expected.total("shown", note.pk) for note in expected.notes),
            "profile_visits": expected.total("profile_visits", expected.person),
            "won": expected.total("won", expected.person),
            "lost": expected.total("lost", expected.person),
            "wording": expected.label.wording if expected.label else "",
            "focus": expected.focus(),
        },
        where,
    )
    check_rate(found.overall, engaged, people, where)
    check_topics(found, expected, topics, where)
    check_chapters(found.chapters, expected, where)
    weeks = [
        (week.first, week.readers, week.engaged, week.rate and asdict(week.rate)) for week in found.weeks
    ]
    same_rows(weeks, expected.weeks()[-len(weeks) :], f"{where} weeks")
    for kind, order in (("best", expected.best()), ("underrated", expected.underrated())):
        assert [figures.note for figures in getattr(found, kind)] == order, f"{where} {kind}"
        for figures in getattr(found, kind):
            check_note(figures, expected, f"{where} {kind}")
            assert cells(figures.found) == expected.sources(expected.by_pk[figures.note])
    compared = {
        one.kind: {
            "first": one.first and asdict(one.first),
            "second": one.second and asdict(one.second),
            "differs": one.differs,
            "notes": one.notes,
        }
        for one in found.comparisons
    }
    same(compared, expected.comparisons(), f"{where} comparisons")
    asked = {one.slug: (one.people, [pk for pk, _note, _words in one.comments]) for one in found.questions}
    assert asked == expected.questions(), f"{where} questions"


def check_rate(found: Any, engaged: int, people: int, where: str) -> None:
    values = (found.part, found.whole) if found else (0, 0)
    assert values == (engaged, people), where


def check_topics(found: Mirror, expected: Recomputed, topics: dict[str, Any], where: str) -> None:
    assert {topic.slug for topic in found.topics} == set(topics), where
    for topic in found.topics:
        wanted = topics[topic.slug]
        row = {key: value for key, value in wanted.items() if key not in {"more", "less"}}
        same(asdict(topic), row, f"{where} {topic.slug}")
    assert (found.come_for and found.come_for.slug) == expected.come_for(topics), where
    if found.cover is not None:
        assert found.cover == (
            len(expected.declared) - len(expected.without_note()),
            len(expected.declared),
        ), where
    assert {slug for slug, _name in found.without_note} == expected.without_note(), where


def check_chapters(found: Any, expected: Recomputed, where: str) -> None:
    chapters = expected.chapters()
    assert [chapter.positioning for chapter in found] == [chapter["positioning"] for chapter in chapters], (
        where
    )
    for chapter, wanted in zip(found, chapters, strict=True):
        same(asdict(chapter), wanted, f"{where} chapter {chapter.wording}")


def check_note(found: NoteFigures, expected: Recomputed, where: str) -> None:
    same(asdict(found), expected.figures(expected.rows.notes[found.note]), f"{where} note {found.note}")


def same_rows(found: list[Any], expected: list[Any], where: str) -> None:
    assert len(found) == len(expected), where
    for one, other in zip(found, expected, strict=True):
        for value, wanted in zip(one, other, strict=True):
            same(value, wanted, where)


def cells(found: tuple[Cell, ...]) -> dict[Any, int | None]:
    return {cell.key: cell.number for cell in found}


def check_year(year: Year, every: int, files: Period | None = None) -> None:
    """All creators in all periods, with each of their notes in the list, and the pages of one note in `every`."""
    log = year.play()
    sum_all()
    rows = Rows(log, year.today)
    for person in User.objects.filter(pk__in=[creator.pk for creator in year.creators]).order_by("pk"):
        ever = Recomputed(rows, person.pk, None)
        has_enough = len(ever.notes) >= 5 and ever.different(ever.notes) >= 50
        for period, days in DAYS.items():
            where, expected = f"{person} {period.value}", Recomputed(rows, person.pk, days)
            overview = queries.mirror(person, period)
            assert (overview.first_days is None) == has_enough, f"{where} first days"
            if overview.first_days:
                check_first_days(overview.first_days, rows, person.pk, where)
            else:
                check_overview(overview, expected, where)
                if period == files:
                    check_files(person, period, expected)
            check_list(person, period, expected, where)
            for note in expected.published[::every]:
                check_page(person, note.pk, period, expected, where)
        check_chapters(queries.label_page(person).chapters, expected, f"{person} label")


def check_first_days(found: FirstDays, rows: Rows, person: int, where: str) -> None:
    """What there is at this moment, today's included; readers up to those that are needed."""
    notes = [note for note in rows.by_author[person] if note.is_readable]
    readers = {reader.who for note in notes for reader in note.readers}
    assert (found.notes, found.readers) == (len(notes), min(50, len(readers))), f"{where} first days"


def check_list(person: User, period: Period, expected: Recomputed, where: str) -> None:
    seen, after = [], ""
    while True:
        page = queries.note_list(person, period, after)
        seen += page.notes
        after = page.after
        if not after:
            break
    of_today = len(expected.rows.by_author[person.pk]) - len(expected.published)
    assert len(seen) - of_today == len(expected.published), f"{where} list"
    for figures in seen:
        check_note(figures, expected, f"{where} list")


def check_page(person: User, pk: int, period: Period, expected: Recomputed, where: str) -> None:
    note, page = expected.rows.notes[pk], queries.note_page(person, pk, period)
    where = f"{where} page of {pk}"
    check_note(page.figures, expected, where)
    assert cells(page.sources) == expected.sources(note), f"{where} sources"
    hours = {int(key) if key.isdecimal() else key: number for key, number in cells(page.hours).items()}
    assert hours == expected.hours(note), f"{where} hours"
    assert cells(page.reached) == expected.reached(note), f"{where} reached"
    days = {day: (readers, engaged) for day, readers, engaged in page.days if readers}
    assert days == expected.days_of(note), f"{where} days"


def csv_rows(client: Client, path: str) -> list[list[str]]:
    text = client.get(path).getvalue().decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))[1:]


def check_files(person: User, period: Period, expected: Recomputed) -> None:
    """The CSV files hold the same numbers, unrounded."""
    client, asked = signed_in(person), f"?period={period.value}"
    topics = {topic["name"]: topic for topic in expected.topics().values()}
    for row in csv_rows(client, f"/insights/topics.csv{asked}"):
        wanted = topics[row[0]]
        found = wanted["rate"] or dict.fromkeys(("part", "whole", "value", "low", "high"))
        numbers = [wanted["notes"], wanted["read_notes"], wanted["readers"], wanted["lift"], *found.values()]
        same_cells([row[2], *row[4:7], *row[9:]], numbers, f"{person} {row[0]}")
    for row in csv_rows(client, f"/insights/notes/notes.csv{asked}"):
        figures = expected.figures(expected.rows.notes[int(row[0])])
        found = figures["rate"] or {"value": None, "low": None, "high": None}
        counts = [
            "photos",
            "shown",
            "opened",
            "readers",
            "visits",
            "engaged",
            "saved",
            "commented",
            "won",
            "reached",
        ]
        numbers = [*(figures[name] for name in counts), *(found[name] for name in ("value", "low", "high"))]
        same_cells(row[4:], numbers, f"{person} {row[0]}")


def same_cells(cells: list[str], numbers: list[float | None], where: str) -> None:
    assert len(cells) == len(numbers), where
    for cell, number in zip(cells, numbers, strict=True):
        same(float(cell) if cell else None, None if number is None else float(number), where)


def test_a_year_of_a_small_site() -> None:
    check_year(Year(5, people=60, creators=20, notes=400, readers=12), every=10, files=Period.WEEKS)


@pytest.mark.long
def test_a_year_of_2_000_people_and_20_000_notes() -> None:
    check_year(Year(6, people=2_000, creators=250, notes=20_000, readers=12), every=50)
