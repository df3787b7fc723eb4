"""Reports of the Mirror made by hand, to test its pages without a database."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from insights.reports import (
    Cell,
    Chapter,
    Comparison,
    FindingKind,
    FirstDays,
    LabelPage,
    Mirror,
    Missing,
    NoteFigures,
    NoteList,
    NotePage,
    Period,
    Question,
    Rate,
    Span,
    Topic,
    Week,
)

YEAR = timezone.now().year  # whose days are written without it
LAST = date(YEAR, 11, 25)
KINDS = ("readers", "engaged", "shown", "opened", "hours", "reached", "won")


def span(period: Period = Period.DAYS, **changes: Any) -> Span:
    first = LAST - timedelta(days=27)
    made = Span(period, first, LAST, dict.fromkeys(KINDS, first), LAST + timedelta(days=1))
    return replace(made, **changes)


def rate(part: float, whole: float) -> Rate:
    """With its Wilson interval."""
    p, z = part / whole, 1.959964
    middle = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * (p * (1 - p) / whole + z * z / (4 * whole * whole)) ** 0.5 / (1 + z * z / whole)
    return Rate(part, whole, p, middle - half, middle + half)


def topic(name: str, posted: float, lift: float | None, **changes: Any) -> Topic:
    readers = 400 if lift is not None else 12
    made = Topic(
        slug=name.lower().replace(" ", "-"),
        name=name,
        is_declared=False,
        notes=round(posted * 22),
        posted=posted,
        readers=readers,
        lift=lift,
        rate=None if lift is None else rate(40 * lift, readers),
        missing=None if lift is not None else Missing.READERS,
        finding=None,
        read_notes=3,
    )
    return replace(made, **changes)


TOPICS = (
    topic("Daily life", 0.38, 0.62, is_declared=True, finding=FindingKind.LITTLE_ANSWER),
    topic("Canteen", 0.22, 1.0, finding=FindingKind.NOT_SAID),
    topic("Dorm", 0.16, 0.9, is_declared=True),
    topic("Cafés", 0.08, 1.2),
    topic("Study spots", 0.07, 1.8, finding=FindingKind.ANSWERED_MORE),
    topic("Clubs", 0.06, None, is_declared=True),
    topic("Exams", 0.0, None, is_declared=True, missing=Missing.NOTES),
)


def weeks(number: int = 16, missing: tuple[int, ...] = (4,)) -> tuple[Week, ...]:
    made = []
    for place in range(number):
        first = LAST - timedelta(days=7 * (number - place) - 1)
        readers = 8 if place in missing else 120 + 31 * place
        engaged = round(readers * (0.08 + 0.004 * place + 0.01 * (place % 3)))
        made.append(Week(first, readers, engaged, None if place in missing else rate(engaged, readers)))
    return tuple(made)


CHAPTERS = (
    Chapter(
        3,
        "Campus plog master",
        date(YEAR, 9, 20),
        None,
        ("Daily life", "Dorm", "Clubs"),
        22,
        3906,
        rate(470, 3906),
        61,
        True,
    ),
    Chapter(
        2,
        "Canteen diarist",
        date(YEAR, 8, 20),
        date(YEAR, 9, 20),
        ("Canteen",),
        9,
        812,
        rate(65, 812),
        12,
        False,
    ),
    Chapter(
        1, "Lost fresher", date(YEAR - 1, 9, 1), date(YEAR, 8, 20), ("Campus",), 3, 41, rate(3, 41), 1, None
    ),
)


def figures(number: int = 1, **changes: Any) -> NoteFigures:
    made = NoteFigures(
        note=number,
        title=f"Third floor, window seat. Be there before {number}",
        published=LAST - timedelta(days=number),
        is_public=True,
        cover="",
        photos=9,
        shown=4120,
        opened=512,
        readers=340,
        visits=88,
        engaged=41,
        saved=22,
        commented=9,
        won=4,
        rate=rate(41, 340),
        reached=4.2,
        found=(Cell("explore", "Explore", 210), Cell("tag", "A tag", 96), Cell("other", "Other", None)),
    )
    return replace(made, **changes)


def mirror(**changes: Any) -> Mirror:
    made = Mirror(
        span=span(),
        wording="Campus plog master",
        declared=date(YEAR - 1, 11, 20),
        chapter_number=3,
        notes=22,
        readers=3906,
        visits=8574,
        shown=41200,
        overall=rate(470, 3906),
        focus=0.70,
        cover=(3, 4),
        without_note=(("exams", "Exams"),),
        topics=TOPICS,
        come_for=TOPICS[4],
        chapters=CHAPTERS,
        weeks=weeks(),
        best=tuple(figures(number) for number in (1, 2, 3)),
        underrated=(figures(4, readers=33, rate=rate(9, 33)), figures(5, readers=12, rate=rate(5, 12))),
        comparisons=(
            Comparison("cover", rate(300, 2400), rate(90, 1200), True, (14, 8)),
            Comparison("length", rate(100, 1000), rate(110, 1050), False, (9, 13)),
            Comparison("photos", None, None, None, (3, 19)),
        ),
        questions=(
            Question(
                "study-spots", "Study spots", 14, ((8, 1, "Is there a plug?"), (7, 1, "When does it open?"))
            ),
        ),
        first_days=None,
        found_by=("图书馆", "quiet table"),
        profile_visits=210,
        won=61,
        lost=4,
    )
    return replace(made, **changes)


def first_days(**changes: Any) -> Mirror:
    """The first days of a person with a label, two notes and 31 readers; `changes` to FirstDays override."""
    days = FirstDays(has_label=True, notes=2, notes_needed=5, readers=31, readers_needed=50)
    return mirror(
        span=span(first=None, since={}, summed_at=None),
        topics=(),
        come_for=None,
        weeks=(),
        best=(),
        underrated=(),
        comparisons=(),
        questions=(),
        first_days=replace(days, **changes),
    )


def note_page(**changes: Any) -> NotePage:
    days = tuple((LAST - timedelta(days=27 - day), (day * 7) % 23, (day * 7) % 23 // 4) for day in range(28))
    sources = (Cell("explore", "Explore", 210), Cell("tag", "A tag", 96), Cell("other", "Other", None))
    hours = tuple(Cell(str(hour), f"{hour}:00", 20 + hour * 3) for hour in (8, 12, 21, 22, 23))
    reached = tuple(Cell(str(photo), str(photo), 90 - 12 * photo) for photo in range(1, 6))
    return replace(NotePage(span(), figures(), sources, hours, reached, days, ("自习",)), **changes)


def note_list(**changes: Any) -> NoteList:
    notes = tuple(figures(number) for number in range(1, 25))
    return replace(NoteList(span(), notes, "2026_1"), **changes)


def label_page(**changes: Any) -> LabelPage:
    return replace(LabelPage(span(), CHAPTERS), **changes)
