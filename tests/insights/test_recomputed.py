"""Every number on every page of the Mirror equals an independent recomputation from the rows."""

from collections.abc import Callable, Collection
from dataclasses import asdict
from math import isclose
from typing import Any

import pytest

from insights import queries
from insights.actions.summing import sum_all
from insights.reports import Cell, Mirror, NoteFigures, Period
from profiles.models import User
from tests.builders import signed_in
from tests.insights import elements, shown_files, shown_notes, shown_overview
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
    same_rows(weeks, expected.shown_weeks(), f"{where} weeks")
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


def check_year(year: Year, every: int, sample: Callable[[Year], dict[int, Collection[Period]]]) -> None:
    """All creators in all periods, with each of their notes in the list, and the pages of one note in `every`; of a
    sample of people and periods, what their browser is sent.
    """
    log = year.play()
    sum_all()
    rows = Rows(log, year.today)
    shown = sample(year)
    for person in User.objects.filter(pk__in=[creator.pk for creator in year.creators]).order_by("pk"):
        ever = Recomputed(rows, person.pk, None)
        has_enough = len(ever.notes) >= 5 and ever.different(ever.notes) >= 50
        for period, days in DAYS.items():
            where, expected = f"{person} {period.value}", Recomputed(rows, person.pk, days)
            overview = queries.mirror(person, period)
            assert (overview.first_days is None) == has_enough, f"{where} first days"
            if overview.first_days:
                so_far = (overview.first_days.notes, overview.first_days.readers)
                assert so_far == first_days(rows, person.pk), f"{where} first days"
            else:
                check_overview(overview, expected, where)
            if period in shown.get(person.pk, ()):
                check_shown(person, period, rows, expected, every)
            check_list(person, period, expected, where)
            for note in expected.published[::every]:
                check_page(person, note.pk, period, expected, where)
        check_chapters(queries.label_page(person).chapters, expected, f"{person} label")


def first_days(rows: Rows, person: int) -> tuple[int, int]:
    """The notes and readers at this moment, today's included; readers up to those that are needed."""
    notes = [note for note in rows.by_author[person] if note.is_readable]
    return len(notes), min(50, len({reader.who for note in notes for reader in note.readers}))


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


def check_shown(person: User, period: Period, rows: Rows, expected: Recomputed, every: int) -> None:
    """The digits on each page, and in each file."""
    client, where, name = signed_in(person), f"{person} {period.value} as shown", period.value
    overview = elements.page(client, f"/insights/?period={name}")
    if overview.section("first-days"):
        shown_notes.check_first_days(overview, *first_days(rows, person.pk), where)
    else:
        shown_overview.Overview(expected).check(overview, where)
    if rows.by_author[person.pk]:
        shown_files.check_overview(client, name, expected, where)
    shown_notes.check_list(client, name, expected, where)
    shown_files.check_list(client, name, expected, where)
    for note in expected.published[::every]:
        shown_notes.check_note(client, note, name, expected, where)
        shown_files.check_note(client, note, name, expected, where)
    if period == Period.ALL:
        shown_notes.check_labels(client, expected, where)
        shown_files.check_labels(client, expected, where)


def one_period_each(year: Year) -> dict[int, Collection[Period]]:
    """A person in their first days, and two with everything."""
    return {year.creators[place].pk: [period] for place, period in zip((1, 7, 14), Period, strict=True)}


def one_in_five(year: Year) -> dict[int, Collection[Period]]:
    return {creator.pk: list(Period) for creator in year.creators[::5]}


def test_a_year_of_a_small_site() -> None:
    check_year(Year(5, people=60, creators=20, notes=400, readers=12), every=10, sample=one_period_each)


@pytest.mark.long
def test_a_year_of_2_000_people_and_20_000_notes() -> None:
    check_year(Year(6, people=2_000, creators=250, notes=20_000, readers=12), every=50, sample=one_in_five)
