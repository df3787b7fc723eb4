"""Closes batches of readers who have their stage or campus counted."""
# ruff: noqa: S608 (the parts of SQL are ours)

from collections.abc import Sequence
from secrets import randbelow
from typing import Any

from django.db import connection

from insights.audience import closed_batches, tables_of
from insights.floors import room_needed, tenths
from insights.models import FLOORS, Batch, Table
from insights.standing import PRESENT
from profiles.models import User

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
_COUNT = "SELECT is_first, count(*), count(*) FILTER (WHERE is_new) FROM ({batch}) AS batch GROUP BY 1"
_TAKE = """
CREATE TEMPORARY TABLE batch_side ON COMMIT DROP AS SELECT id, is_first FROM ({batch}) AS batch WHERE is_new
"""
_HOLD = "SELECT id FROM profiles_user WHERE id IN (SELECT id FROM batch_side) ORDER BY id FOR KEY SHARE"
_SIZES = """
SELECT count(*) FILTER (WHERE is_first), count(*) FILTER (WHERE NOT is_first)
FROM batch_side WHERE id = ANY (%(there)s)
"""
_ENTER = """
INSERT INTO insights_entered (creator_id, "table", reader_id)
SELECT %(creator)s, %(table)s, id FROM batch_side WHERE id = ANY (%(there)s)
"""


def close_batches(*, creator: User) -> None:
    """Close the creator's open batches that are large enough; open those that are missing. The creator is held."""
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
        cursor.execute(_COUNT.format(batch=people), given)
        sides = {is_first: numbers for is_first, *numbers in cursor.fetchall()}
        present, waiting = zip(sides.get(True, (0, 0)), sides.get(False, (0, 0)), strict=True)
        if min(waiting) < batch.needed:
            return
        # Who is deleted meanwhile is left out: the others are held.
        cursor.execute(_TAKE.format(batch=people), given)
        cursor.execute(_HOLD)
        given["there"] = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(_SIZES, given)
        sizes = cursor.fetchone()
        if min(sizes) >= batch.needed and _settle(batch, creator, present, sizes):
            cursor.execute(_ENTER, given)
        cursor.execute("DROP TABLE batch_side")


def _settle(batch: Batch, creator: User, present: Sequence[int], sizes: Sequence[int]) -> bool:
    """Close the batch with so many on its sides if no number can be told among those present; return whether."""
    floor, _most = FLOORS[Table(batch.table)]
    own, others = _histories(batch, creator)
    first, second = (sum(each[place] for each in own) + sizes[place] for place in (0, 1))
    share = tenths(first, second)
    spent = sum(sum(room_needed(shares, floor)) for shares in others)
    room = room_needed([*(each[2] for each in own), share], floor)
    if any(needed + spent > there for needed, there in zip(room, present, strict=True)):
        return False
    batch.first, batch.second, batch.tenths = *sizes, share
    batch.campus = creator.campus if batch.table == Table.CAMPUS else None
    batch.save()
    return True


def _histories(batch: Batch, creator: User) -> tuple[list[Any], list[list[int]]]:
    """Return the closed batches that are shown now, oldest first; and the shares of those of each former campus."""
    closed = closed_batches(creator, Table(batch.table))
    own = list(closed.values_list("first", "second", "tenths"))
    former: dict[Any, list[Any]] = {}
    all_closed = Batch.objects.filter(creator=creator, table=batch.table, first__isnull=False).order_by("pk")
    for campus, share in all_closed.exclude(pk__in=closed.values("pk")).values_list("campus", "tenths"):
        former.setdefault(campus, []).append(share)
    return own, list(former.values())
