"""Write the events that web processes buffered into the counts of days and hours."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.zones import site_day, site_zone
from insights.models import Mark
from notes.models import Note
from notes.readers import write_buffer
from notes.readers.events import Look, Showing
from people.visits import ProfileVisit

TRY_FOR = timedelta(minutes=1)

_SHOWN = """
INSERT INTO notes_noteday AS counted (note_id, day, source, shown)
SELECT note, day, source, number
FROM unnest(%s::bigint[], %s::date[], %s::varchar[], %s::integer[]) AS seen (note, day, source, number)
ORDER BY note, day, source
ON CONFLICT (note_id, day, source) DO UPDATE SET shown = counted.shown + excluded.shown
"""
_OPENED = """
INSERT INTO notes_noteday AS counted (note_id, day, source, opened)
SELECT note, day, source, number
FROM unnest(%s::bigint[], %s::date[], %s::varchar[], %s::integer[]) AS seen (note, day, source, number)
ORDER BY note, day, source
ON CONFLICT (note_id, day, source) DO UPDATE SET opened = counted.opened + excluded.opened
"""
_HOURS = """
INSERT INTO insights_notehour AS counted (note_id, day, hour, opened)
SELECT note, day, hour, number
FROM unnest(%s::bigint[], %s::date[], %s::smallint[], %s::integer[]) AS seen (note, day, hour, number)
ORDER BY note, day, hour
ON CONFLICT (note_id, day, hour) DO UPDATE SET opened = counted.opened + excluded.opened
"""
_VISITS = """
INSERT INTO insights_profileday AS counted (person_id, day, visits)
SELECT person, day, number
FROM (
    SELECT id FROM profiles_user WHERE id = ANY (%(people)s) ORDER BY id FOR KEY SHARE
) AS there
JOIN unnest(%(people)s::bigint[], %(days)s::date[], %(numbers)s::integer[]) AS seen (person, day, number)
    ON seen.person = there.id
ORDER BY person, day
ON CONFLICT (person_id, day) DO UPDATE SET visits = counted.visits + excluded.visits
"""
_REACHED = """
WITH held AS (
    SELECT reader.id, greatest(reader.reached, seen.photo) AS photo, reader.note_id, reader.person_id
    FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[]) AS seen (note, person, photo)
    JOIN notes_notereader AS reader ON reader.note_id = seen.note AND reader.person_id = seen.person
    ORDER BY reader.note_id, reader.person_id FOR NO KEY UPDATE OF reader
)
UPDATE notes_notereader AS reader SET reached = held.photo
FROM held WHERE reader.id = held.id
RETURNING reader.note_id, reader.person_id
"""


class Reach(NamedTuple):
    """The furthest photo of a note that a person saw, from 1."""

    note: int
    person: int
    photo: int
    at: datetime


@transaction.atomic
def record_showings(*, showings: Sequence[Showing]) -> None:
    """Count the cards that were shown, by note, day and source. Notes deleted meanwhile are skipped."""
    counted: Counter[tuple[int, date, str]] = Counter()
    for shown in showings:
        day, source = site_day(shown.at), str(shown.source)
        counted.update((note, day, source) for note in shown.notes)
    _count_of_notes(_SHOWN, sorted(counted.items()))


@transaction.atomic
def record_looks(*, looks: Sequence[Look]) -> None:
    """Count viewers who opened notes, each once a day for a note and source, and the hour of the day."""
    first = _first_today(
        (look, f"{look.person} opened {look.note} from {look.source}" if look.person else None)
        for look in looks
    )
    days = Counter((look.note, site_day(look.at), str(look.source)) for look in first)
    _count_of_notes(_OPENED, sorted(days.items()))
    local = ((look.note, timezone.localtime(look.at, site_zone())) for look in first)
    hours = Counter((note, at.date(), at.hour) for note, at in local)
    _count_of_notes(_HOURS, sorted(hours.items()))


@transaction.atomic
def record_visits(*, visits: Sequence[ProfileVisit]) -> None:
    """Count viewers who opened profiles, each once a day. People deleted meanwhile are skipped."""
    first = _first_today(
        (visit, f"{visit.viewer} visited {visit.person}" if visit.viewer else None) for visit in visits
    )
    counted = sorted(Counter((visit.person, site_day(visit.at)) for visit in first).items())
    if not counted:
        return
    with connection.cursor() as cursor:
        people, days = [row[0][0] for row in counted], [row[0][1] for row in counted]
        cursor.execute(_VISITS, {"people": people, "days": days, "numbers": [row[1] for row in counted]})


@transaction.atomic
def record_reaches(*, reaches: Sequence[Reach]) -> None:
    """Store the furthest photo that each reader has seen.

    If another process has yet to write the reader's opening, retry for a minute, then skip it.
    """
    furthest: dict[tuple[int, int], Reach] = {}
    for reach in reaches:
        kept = furthest.get((reach.note, reach.person))
        if kept is None or reach.photo > kept.photo:
            furthest[reach.note, reach.person] = reach
    rows = [(reach.note, reach.person, reach.photo) for reach in furthest.values()]
    with connection.cursor() as cursor:
        cursor.execute(_REACHED, [list(column) for column in zip(*rows, strict=True)])
        found = set(cursor.fetchall())
    latest = timezone.now() - TRY_FOR
    for pair, reach in furthest.items():
        if pair not in found and reach.at > latest:
            write_buffer.put(reach)


def forget_marks() -> None:
    """Delete the marks of past days except yesterday's: events that waited for the database may belong to it."""
    Mark.objects.filter(day__lt=site_day() - timedelta(days=1)).delete()


def _count_of_notes(statement: str, rows: Iterable[tuple[tuple[Any, ...], int]]) -> None:
    """Add numbers by note, day and a third column. Locks the notes first, like every write to their readers."""
    counted = list(rows)
    notes = Note.objects.filter(pk__in={key[0] for key, _number in counted}).lock()
    kept = [(*key, number) for key, number in counted if key[0] in notes]
    if kept:
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(column) for column in zip(*kept, strict=True)])


def _first_today[Line: (Look, ProfileVisit)](
    lines: Iterable[tuple[Line, str | None]],
) -> list[Line]:
    """Return events whose mark is new that day, and all events without a mark, which their process told apart."""
    first: list[Line] = []
    marked: dict[tuple[bytes, date], Line] = {}
    for line, words in lines:
        if words is None:
            first.append(line)
        else:
            day = site_day(line.at)
            marked.setdefault((_mark(day, words), day), line)
    if marked:
        with connection.cursor() as cursor:
            marks, days = zip(*sorted(marked), strict=True)
            cursor.execute(_MARK, [list(marks), list(days)])
            new = {bytes(mark) for (mark,) in cursor.fetchall()}
        first += [line for (mark, _day), line in marked.items() if mark in new]
    return first


_MARK = """
INSERT INTO insights_mark (mark, day) SELECT * FROM unnest(%s::bytea[], %s::date[])
ON CONFLICT (mark) DO NOTHING RETURNING mark
"""


def _mark(day: date, words: str) -> bytes:
    return salted_hmac(f"insights {day}", words, algorithm="sha256").digest()[:16]
