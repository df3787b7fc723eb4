"""Check figures derived from followers and openings: find each wrong one, and how to correct it."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from django.db import connection, transaction

from notes.recount import Wrong

_FOLLOWERS = """
SELECT person.id, coalesce(counted, 0), coalesce(standing, 0)
FROM profiles_user AS person
LEFT JOIN (SELECT person_id AS id, sum(won - lost) AS counted FROM insights_followday GROUP BY 1) AS days
    USING (id)
LEFT JOIN (SELECT followed_id AS id, count(*) AS standing FROM profiles_follow GROUP BY 1) AS rows USING (id)
WHERE coalesce(counted, 0) <> coalesce(standing, 0) {only}
ORDER BY person.id
"""
_NOTES = """
SELECT note.id, coalesce(counted, 0), coalesce(standing, 0)
FROM notes_note AS note
LEFT JOIN (SELECT note_id AS id, sum(won - lost) AS counted FROM insights_notefollowday GROUP BY 1) AS days
    USING (id)
LEFT JOIN (
    SELECT from_note AS id, followed_id, count(*) AS standing FROM profiles_follow GROUP BY 1, 2
) AS rows ON rows.id = note.id AND rows.followed_id = note.author_id
WHERE coalesce(counted, 0) <> coalesce(standing, 0) {only}
ORDER BY note.id
"""
_MEND_FOLLOWERS = """
INSERT INTO insights_followday AS counted (person_id, day, won, lost)
VALUES (%(of)s, site_day(now()), greatest(%(by)s, 0), greatest(-%(by)s, 0))
ON CONFLICT (person_id, day) DO UPDATE SET
    won = counted.won + excluded.won, lost = counted.lost + excluded.lost
"""
_MEND_NOTES = """
INSERT INTO insights_notefollowday AS counted (note_id, day, won, lost)
VALUES (%(of)s, site_day(now()), greatest(%(by)s, 0), greatest(-%(by)s, 0))
ON CONFLICT (note_id, day) DO UPDATE SET
    won = counted.won + excluded.won, lost = counted.lost + excluded.lost
"""
# Who follows or ends it holds the person whose followers they are.
_HOLD_PERSON = "SELECT id FROM profiles_user WHERE id = %s FOR NO KEY UPDATE"
_HOLD_AUTHOR = """
SELECT id FROM profiles_user WHERE id = (SELECT author_id FROM notes_note WHERE id = %s) FOR NO KEY UPDATE
"""
_HOURS = """
SELECT note_id, day, coalesce(days.opened, 0), coalesce(hours.opened, 0)
FROM (SELECT note_id, day, sum(opened) AS opened FROM notes_noteday GROUP BY 1, 2) AS days
FULL JOIN (SELECT note_id, day, sum(opened) AS opened FROM insights_notehour GROUP BY 1, 2) AS hours
    USING (note_id, day)
WHERE coalesce(days.opened, 0) <> coalesce(hours.opened, 0)
ORDER BY note_id, day
"""


def wrong_follow_days() -> Iterator[Wrong]:
    """Yield people and notes whose follower days do not add up to their existing follows.

    The day of the miscount is unknown: the correction counts it today.
    """
    for kind, query, hold, mend in (
        ("user", _FOLLOWERS, _HOLD_PERSON, _MEND_FOLLOWERS),
        ("note", _NOTES, _HOLD_AUTHOR, _MEND_NOTES),
    ):
        for pk, counted, standing in _rows(query.format(only="")):
            words = f"{kind} {pk}: followers won less lost are {counted}, standing {standing}"
            yield words, partial(_balance, kind, pk, query, hold, mend)


def wrong_hours() -> Iterator[Wrong]:
    """Yield days of notes whose hours do not add up to the day's openings.

    No rows exist to count again, so that both become the larger number: hours at midnight, openings from source
    "elsewhere".
    """
    for note, day, of_day, of_hours in _rows(_HOURS):
        words = f"note {note} on {day}: opened {of_day} times, in its hours {of_hours}"
        yield words, partial(_agree, note, day, of_day - of_hours)


@transaction.atomic
def _balance(kind: str, pk: int, query: str, hold: str, mend: str) -> None:
    """Correct follower days under the lock of follow and unfollow, in statements that begin after the lock is held."""
    with connection.cursor() as cursor:
        cursor.execute(hold, [pk])
        alias = "person" if kind == "user" else "note"
        cursor.execute(query.format(only=f"AND {alias}.id = %s"), [pk])
        for _pk, counted, standing in cursor.fetchall():
            cursor.execute(mend, {"of": pk, "by": standing - counted})


@transaction.atomic
def _agree(note: int, day: date, missing: int) -> None:
    table, column, value = (
        ("insights_notehour", "hour", 0) if missing > 0 else ("notes_noteday", "source", "elsewhere")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS counted (note_id, day, {column}, opened) VALUES (%s, %s, %s, %s)"  # noqa: S608
            f" ON CONFLICT (note_id, day, {column}) DO UPDATE SET opened = counted.opened + excluded.opened",
            [note, day, value, abs(missing)],
        )


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()
