"""Close batches of readers who have their stage or campus counted."""
# ruff: noqa: S608 (the parts of SQL are ours)

from collections.abc import Sequence
from secrets import randbelow
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from insights.audience import closed_batches, tables_of
from insights.floors import OWN_ACCOUNTS, room_needed, tenths
from insights.models import FLOORS, Batch, Table
from insights.standing import PRESENT
from profiles.models import User

PEOPLE_AT_ONCE = 20_000

# Of the readers who are there: who is on the first side, who has it counted, and who was counted before.
_SIDES = {
    Table.STAGE: f"""
        SELECT id, stage = 'high_school' AS is_first, shares_stage AS shares FROM ({PRESENT}) AS present
        WHERE stage <> ''
    """,
    Table.CAMPUS: f"""
        SELECT present.id, campus_id = %(campus)s AS is_first, shares_campus AS shares FROM ({PRESENT}) AS present
        JOIN profiles_campus AS campus ON campus.id = campus_id AND NOT campus.is_school
        WHERE stage <> 'high_school'
    """,
}
# `is_new` are those who have it counted and were never counted before.
_BATCH = """
SELECT id, is_first, shares AND NOT EXISTS (
    SELECT FROM insights_entered AS entered
    WHERE entered.creator_id = %(creator)s AND entered."table" = %(table)s AND entered.reader_id = side.id
) AS is_new
FROM ({sides}) AS side
"""
_TAKEN = "SELECT * FROM batch_side"
_COUNT = "SELECT is_first, count(*), count(*) FILTER (WHERE is_new) FROM ({batch}) AS batch GROUP BY 1"
_TAKE = "CREATE TEMPORARY TABLE batch_side ON COMMIT DROP AS {batch}"
# The next readers of the batch, some at a time: no statement takes longer the more of them there are.
_NEXT = """
SELECT max(id) FROM (SELECT id FROM batch_side WHERE is_new AND id > %(after)s ORDER BY id LIMIT %(few)s) AS few
"""
_SOME = "batch_side WHERE is_new AND id > %(after)s AND id <= %(last)s"
_LOCK = f"""
SELECT count(*) FROM (
    SELECT FROM profiles_user WHERE id IN (SELECT id FROM {_SOME}) ORDER BY id FOR KEY SHARE
) AS held
"""
_LEAVE_OUT = f"DELETE FROM {_SOME} AND NOT EXISTS (SELECT FROM profiles_user WHERE id = batch_side.id)"
_ENTER = f"""
INSERT INTO insights_entered (creator_id, "table", reader_id) SELECT %(creator)s, %(table)s, id FROM {_SOME}
"""


def close_batches(*, creator: User) -> None:
    """Close the creator's open batches that are large enough; open missing ones. No other job may do so at the same
    time.
    """
    for table in tables_of(creator):
        _close(creator, table)
    if Table.CAMPUS not in tables_of(creator):
        Batch.objects.filter(creator=creator, table=Table.CAMPUS, first=None).delete()


def _close(creator: User, table: Table) -> None:
    floor, most = FLOORS[table]
    drawn: Any = {"needed": lambda: floor + randbelow(most - floor + 1)}  # called where there is none
    batch, _is_new = Batch.objects.get_or_create(creator=creator, table=table, first=None, defaults=drawn)
    given: dict[str, Any] = {"creator": creator.pk, "campus": creator.campus_id, "table": table}
    people = _BATCH.format(sides=_SIDES[table])
    with connection.cursor() as cursor:
        if not _settle(batch, creator, *_sizes(cursor, people, given)):
            return
        cursor.execute(_TAKE.format(batch=people), given)
        cursor.execute("CREATE INDEX ON batch_side (id) WHERE is_new")
        cursor.execute("ANALYZE batch_side")
        present, _waiting = _sizes(cursor, _TAKEN, given)
        # Who is deleted meanwhile is left out: the others are held.
        _in_steps(cursor, given, _LOCK, _LEAVE_OUT)
        _present, sizes = _sizes(cursor, _TAKEN, given)
        if _settle(batch, creator, present, sizes):
            batch.save()
            _in_steps(cursor, given, _ENTER)
        cursor.execute("DROP TABLE batch_side")


def _sizes(cursor: CursorWrapper, people: str, given: dict[str, Any]) -> tuple[Sequence[int], Sequence[int]]:
    """Return the numbers of people on the first and the second side: of all readers, and of the new ones."""
    cursor.execute(_COUNT.format(batch=people), given)
    sides = {is_first: numbers for is_first, *numbers in cursor.fetchall()}
    present, new = zip(sides.get(True, (0, 0)), sides.get(False, (0, 0)), strict=True)
    return present, new


def _in_steps(cursor: CursorWrapper, given: dict[str, Any], *statements: str) -> None:
    """Execute these statements for the new readers of the batch, PEOPLE_AT_ONCE at a time, in order of id."""
    last = 0
    while True:
        cursor.execute(_NEXT, {"after": last, "few": PEOPLE_AT_ONCE})
        after, last = last, cursor.fetchone()[0]
        if last is None:
            return
        for statement in statements:
            cursor.execute(statement, {**given, "after": after, "last": last})


def _settle(batch: Batch, creator: User, present: Sequence[int], sizes: Sequence[int]) -> bool:
    """Close the unsaved batch with these numbers if they are large enough and cannot be inferred from the shares
    shown; return whether it was closed.
    """
    if min(sizes) < batch.needed:
        return False
    floor, _most = FLOORS[Table(batch.table)]
    own, others = _histories(batch, creator)
    first, second = (sum(each[place] for each in own) + sizes[place] for place in (0, 1))
    share = tenths(first, second)
    spent = sum(sum(room_needed(shares, floor)) for shares in others)
    room = room_needed([*(each[2] for each in own), share], floor)
    if any(needed + spent + OWN_ACCOUNTS > there for needed, there in zip(room, present, strict=True)):
        return False
    batch.first, batch.second, batch.tenths = *sizes, share
    batch.campus = creator.campus if batch.table == Table.CAMPUS else None
    return True


def _histories(batch: Batch, creator: User) -> tuple[list[Any], list[list[int]]]:
    """Return the closed batches that are shown now, oldest first, and the shares of those of each former campus."""
    closed = closed_batches(creator, Table(batch.table))
    own = list(closed.values_list("first", "second", "tenths"))
    former: dict[Any, list[Any]] = {}
    all_closed = Batch.objects.filter(creator=creator, table=batch.table, first__isnull=False).order_by("pk")
    for campus, share in all_closed.exclude(pk__in=closed.values("pk")).values_list("campus", "tenths"):
        former.setdefault(campus, []).append(share)
    return own, list(former.values())
