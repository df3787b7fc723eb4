"""Check what triggers keep about readers and tags: find each wrong row, and how to correct it."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

from django.db import connection, transaction

from notes.models import Note

OF_DAYS = ("new_readers", "new_engaged", "ever_engaged", "ever_saved", "ever_commented")

type Wrong = tuple[str, Callable[[], None]]

_ENGAGED = """
SELECT reader.id, reader.note_id, reader.person_id, reader.engaged_day
FROM notes_notereader AS reader
LEFT JOIN (SELECT note_id, person_id, min(at) AS since FROM engagements() GROUP BY note_id, person_id) AS standing
    USING (note_id, person_id)
WHERE reader.person_id IS NOT NULL AND (reader.engaged_day IS NULL) <> (since IS NULL)
ORDER BY reader.id
"""
_ANSWERED = """
SELECT reader.id, reader.note_id, reader.person_id
FROM notes_notereader AS reader CROSS JOIN LATERAL answered(note_id, person_id)
WHERE engaged_day IS NOT NULL AND person_id IS NOT NULL
    AND (saved > ever_saved OR commented > ever_commented)
ORDER BY reader.id
"""
_COUNTED = """
SELECT reader.id, reader.note_id, reader.person_id, reader.is_counted
FROM notes_notereader AS reader JOIN profiles_user AS person ON person.id = reader.person_id
WHERE reader.is_counted <> person.is_counted
ORDER BY reader.id
"""
_COUNT = """
UPDATE notes_notereader SET is_counted = person.is_counted FROM profiles_user AS person
WHERE person.id = person_id AND note_id = %s AND person_id = %s
"""
_DAYS = """
SELECT note_id, day, source,
    ARRAY[{columns}],
    ARRAY[coalesce(readers, 0), coalesce(engaged, 0), coalesce(ever, 0), coalesce(saved, 0), coalesce(commented, 0)]
FROM notes_noteday AS days FULL JOIN (
    SELECT note_id, day, source, sum(readers) AS readers, sum(engaged) AS engaged, sum(ever) AS ever,
        sum(saved) AS saved, sum(commented) AS commented
    FROM (
        SELECT note_id, first_seen_day AS day, source, 1 AS readers, 0 AS engaged, ever_engaged::integer AS ever,
            ever_saved::integer AS saved, ever_commented::integer AS commented
        FROM notes_notereader
        WHERE is_counted
        UNION ALL
        SELECT note_id, engaged_day, source, 0, 1, 0, 0, 0 FROM notes_notereader
        WHERE is_counted AND engaged_day IS NOT NULL
    ) AS steps
    GROUP BY note_id, day, source
) AS truth USING (note_id, day, source)
WHERE ROW({columns})
    <> ROW(coalesce(readers, 0), coalesce(engaged, 0), coalesce(ever, 0), coalesce(saved, 0), coalesce(commented, 0))
ORDER BY note_id, day, source
"""
_COUNT_DAY = """
INSERT INTO notes_noteday (note_id, day, source, new_readers, new_engaged, ever_engaged, ever_saved, ever_commented)
SELECT of.note, of.day, of.source,
    count(*) FILTER (WHERE first_seen_day = of.day), count(*) FILTER (WHERE engaged_day = of.day),
    count(*) FILTER (WHERE first_seen_day = of.day AND ever_engaged),
    count(*) FILTER (WHERE first_seen_day = of.day AND ever_saved),
    count(*) FILTER (WHERE first_seen_day = of.day AND ever_commented)
FROM (SELECT %s::bigint, %s::date, %s::varchar) AS of (note, day, source)
LEFT JOIN notes_notereader AS reader
    ON reader.note_id = of.note AND reader.source = of.source AND reader.is_counted
GROUP BY of.note, of.day, of.source
ON CONFLICT (note_id, day, source) DO UPDATE SET
    new_readers = excluded.new_readers, new_engaged = excluded.new_engaged,
    ever_engaged = excluded.ever_engaged, ever_saved = excluded.ever_saved,
    ever_commented = excluded.ever_commented
"""
_LISTED = """
SELECT tagging.id, note.id, tagging.listed_at, truth.listed_at
FROM notes_taggednote AS tagging JOIN notes_note AS note ON note.id = tagging.content_object_id
CROSS JOIN note_listed_at(status, visibility, hidden_at, published_at) AS truth (listed_at)
WHERE tagging.listed_at IS DISTINCT FROM truth.listed_at
ORDER BY tagging.id
"""
_LIST = """
UPDATE notes_taggednote SET listed_at = note_listed_at(status, visibility, hidden_at, published_at)
FROM notes_note AS note WHERE note.id = content_object_id AND note.id = %s
"""


def wrong_readers() -> Iterator[Wrong]:
    """Return readers who are marked as engaged without a reaction, or not marked despite one. Readers of deleted
    accounts stay as they were.
    """
    for pk, note, person, day in _rows(_ENGAGED):
        stands = "nothing stands" if day else "something stands"
        yield f"notereader {pk}: engaged_day is {day}, {stands}", partial(_engage, note, person)
    for pk, note, person in _rows(_ANSWERED):
        yield f"notereader {pk}: a save or comment that stands is not kept", partial(_engage, note, person)


def wrongly_counted() -> Iterator[Wrong]:
    """Return readers whose `is_counted` differs from their person's."""
    for pk, note, person, is_counted in _rows(_COUNTED):
        yield f"notereader {pk}: is_counted is {is_counted}", partial(_count, note, person)


def wrong_days() -> Iterator[Wrong]:
    """Return days of notes whose sums differ from their readers."""
    columns = ", ".join(f"coalesce({name}, 0)" for name in OF_DAYS)
    for note, day, source, *numbers in _rows(_DAYS.format(columns=columns)):
        wrong = ((name, *pair) for name, *pair in zip(OF_DAYS, *numbers, strict=True) if pair[0] != pair[1])
        words = "; ".join(f"{name} is {number}, counted {true}" for name, number, true in wrong)
        yield f"note {note} on {day} from {source}: {words}", partial(_count_day, note, day, source)


def wrong_taggings() -> Iterator[Wrong]:
    """Return tags of notes whose `listed_at` is not the note's time of publication, or is set on an unlisted note."""
    for pk, note, listed_at, true in _rows(_LISTED):
        yield f"taggednote {pk}: listed_at is {listed_at}, should be {true}", partial(_list, note)


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def _engage(note: int, person: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT engage(ARRAY[%s::bigint], ARRAY[%s::bigint])", [note, person])


def _count(note: int, person: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [note, person])


@transaction.atomic
def _count_day(note: int, day: date, source: str) -> None:
    """Recount one day of a note, under the lock that writes to readers take, in a statement that starts after it is
    held.
    """
    if Note.objects.filter(pk=note).lock():
        with connection.cursor() as cursor:
            cursor.execute(_COUNT_DAY, [note, day, source])


@transaction.atomic
def _list(note: int) -> None:
    Note.objects.filter(pk=note).lock()
    with connection.cursor() as cursor:
        cursor.execute(_LIST, [note])
