"""Sum up each creator's rows into the tables that the Mirror reads (docs/insights.md)."""
# ruff: noqa: S608 (the names of tables are ours)

from collections.abc import Sequence
from datetime import date, timedelta
from time import monotonic
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.jobs import defer
from core.zones import site_day, site_zone
from insights.actions.raw_rows import ROWS, SIGNATURES, WEEKS
from insights.actions.sums import SUMS, WEEKLY
from insights.models import PersonSum, Summed
from insights.questions import ASKS
from insights.reports import Period
from profiles.models import User

NOT_BEFORE = 3  # o'clock
VERSION = 1  # of the SQL: with another, all sums are made anew
PEOPLE_AT_ONCE, READINGS_AT_ONCE = 100, 200_000

_OWNED = {
    "insights_notesum": "note_id IN (SELECT id FROM notes_note WHERE author_id = ANY (%(changed)s))",
    "insights_chaptersum": (
        "positioning_id IN (SELECT id FROM profiles_positioning WHERE person_id = ANY (%(changed)s))"
    ),
}
_OF_PERSON = "person_id = ANY (%(changed)s)"
# What may have gone since the rows were read.
_STANDING = {
    "insights_notesum": "note_id IN (SELECT id FROM notes_note)",
    "insights_chaptersum": "positioning_id IN (SELECT id FROM profiles_positioning)",
    "insights_topicsum": "person_id = ANY (%(there)s) AND tag_id IN (SELECT id FROM taggit_tag)",
    "insights_personsum": "person_id = ANY (%(there)s)",
}
_HOLD_NOTES = """
SELECT id FROM notes_note WHERE id IN (SELECT note_id FROM new_insights_notesum) ORDER BY id FOR NO KEY UPDATE
"""
_HOLD_PEOPLE = "SELECT id FROM profiles_user WHERE id = ANY (%s) ORDER BY id FOR NO KEY UPDATE"
_KEEP = """
INSERT INTO insights_summed AS kept (person_id, last, signature, weeks)
SELECT * FROM unnest(%s::bigint[], %s::date[], %s::bigint[], %s::jsonb[])
ON CONFLICT (person_id) DO UPDATE SET
    last = excluded.last, signature = excluded.signature, weeks = excluded.weeks
"""


def yesterday() -> date:
    """Return the last complete day, which is the last one that can be summed up."""
    return site_day() - timedelta(days=1)


def due(last: date) -> Any:
    """Return the creators who are not summed up to this day yet."""
    return _creators().filter(Q(summed_to=None) | Q(summed_to__lt=last))


def begin_sums() -> None:
    """Defer jobs that sum up all creators due, up to yesterday; not between midnight and three."""
    if timezone.localtime(timezone=site_zone()).hour >= NOT_BEFORE and due(yesterday()).exists():
        defer("sum_people", last=yesterday().isoformat(), after=0)


def sum_all(*, last: date | None = None) -> int:
    """Sum up all creators to a day, by default yesterday; return how many had changed."""
    last, after, changed = last or yesterday(), 0, 0
    while batch := _batch(_creators(), after):
        changed += sum_people(people=batch, last=last)
        after = batch[-1]
    return changed


def sum_due(*, last: date, after: int, seconds: float) -> int | None:
    """Sum up the creators who are due, beyond the id `after`, for this many seconds; return the id to continue from,
    or None at the end.
    """
    ends = monotonic() + seconds
    while batch := _batch(due(last), after):
        sum_people(people=batch, last=last)
        after = batch[-1]
        if monotonic() > ends:
            return after
    return None


@transaction.atomic
def sum_people(*, people: Sequence[int], last: date) -> int:
    """Sum up these people to that day; return how many had changed. Idempotent."""
    given: dict[str, Any] = {"people": list(people), "last": last, "asks": ASKS}
    given |= {"version": VERSION, "weeks": WEEKS}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('insights sums'))")
        _read(cursor, given)
        former = dict(Summed.objects.filter(person__in=people).values_list("person", "signature"))
        cursor.execute(SIGNATURES, given)
        signatures = dict(cursor.fetchall())
        given["changed"] = [pk for pk in people if former.get(pk) != signatures[pk]]
        if given["changed"]:
            _replace(cursor, given, signatures)
        Summed.objects.filter(person__in=people).exclude(last=last).update(last=last)
        _drop(cursor, ROWS)
    return len(given["changed"])


def _read(cursor: CursorWrapper, given: dict[str, Any]) -> None:
    cursor.execute("SET LOCAL jit = off")
    for table, select in ROWS.items():
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS {select}", given)
        cursor.execute(f"ANALYZE {table}")


def _replace(cursor: CursorWrapper, given: dict[str, Any], signatures: dict[int, int]) -> None:
    """Compute the sums of people who changed, then lock their notes and them in the order of deletions, and write."""
    for table, select in SUMS.items():
        cursor.execute(f"CREATE TEMPORARY TABLE new_{table} ON COMMIT DROP AS {select}", given)
    cursor.execute(WEEKLY, given)
    weeks = dict(cursor.fetchall())
    cursor.execute(_HOLD_NOTES)
    cursor.execute(_HOLD_PEOPLE, [given["changed"]])
    there = [pk for (pk,) in cursor.fetchall()]
    for table in SUMS:
        columns = _columns(cursor, f"new_{table}")
        cursor.execute(f"DELETE FROM {table} WHERE {_OWNED.get(table, _OF_PERSON)}", given)
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM new_{table} WHERE {_STANDING[table]}",
            given | {"there": there},
        )
    kept = [(pk, given["last"], signatures[pk], weeks[pk]) for pk in there]
    if kept:
        cursor.execute(_KEEP, [list(column) for column in zip(*kept, strict=True)])
    _drop(cursor, [f"new_{table}" for table in SUMS])


def _columns(cursor: CursorWrapper, table: str) -> str:
    cursor.execute(f"SELECT * FROM {table} LIMIT 0")
    return ", ".join(column.name for column in cursor.description)


def _drop(cursor: CursorWrapper, tables: Any) -> None:
    for table in tables:
        cursor.execute(f"DROP TABLE {table}")


def _creators() -> Any:
    """Return people who have ever published, annotated with `summed_to`, the day up to which they are summed."""
    summed = Summed.objects.filter(person=OuterRef("pk")).values("last")
    return User.objects.filter(has_published=True).annotate(summed_to=Subquery(summed))


def _batch(creators: Any, after: int) -> list[int]:
    """Return the next batch of creators; one with very many readings is a batch by itself."""
    sums = PersonSum.objects.filter(person=OuterRef("pk"), period=Period.ALL).values("readings")
    some = creators.filter(pk__gt=after).annotate(readings=Coalesce(Subquery(sums), 0)).order_by("pk")
    chosen: list[int] = []
    readings = 0
    for pk, number in some.values_list("pk", "readings")[:PEOPLE_AT_ONCE]:
        readings += number
        if chosen and readings > READINGS_AT_ONCE:
            break
        chosen.append(pk)
    return chosen
