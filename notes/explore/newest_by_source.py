"""Fetch the newest notes of many people or tags with a cost that does not grow with the number of notes."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from core.db.keyset import beyond
from notes.models import Note

_NEWEST = """
WITH heads AS MATERIALIZED (
    SELECT source.person, head.id, head.published_at
    FROM (SELECT person, timestamptz '-infinity' FROM ({people}) AS people (person)) AS source (person, since)
    CROSS JOIN LATERAL ({notes} LIMIT 1) AS head (id, published_at)
    ORDER BY head.published_at DESC, head.id DESC LIMIT {size}
)
SELECT note.id
FROM (
    SELECT person, coalesce(
        (SELECT published_at FROM heads ORDER BY published_at DESC, id DESC OFFSET {size} - 1 LIMIT 1), '-infinity'
    )
    FROM heads
) AS source (person, since)
CROSS JOIN LATERAL ({notes} LIMIT {size}) AS note (id, published_at)
ORDER BY note.published_at DESC, note.id DESC LIMIT {size}
"""


def newest(notes: QuerySet[Note], people: QuerySet[Any], after: str, size: int) -> RawSQL:
    """Return the ids of the `size` newest of `notes` after the cursor by these people.

    First each person's newest note is found by the index of an author's notes. Then the notes of the `size` people with
    the newest notes are read, down to the oldest of those heads: older notes, and other people's, cannot be among the
    `size` newest. The conditions of `notes` apply to both steps.
    """
    own = notes.filter(author=RawSQL("source.person", ()), published_at__gte=RawSQL("source.since", ()))
    asked, params = (
        beyond(own, "published_at", after).values_list("pk", "published_at").query.sql_with_params()
    )
    whose, who = people.values_list("pk").query.sql_with_params()
    sql = _NEWEST.format(people=whose, notes=asked, size=size)
    return RawSQL(sql, (*who, *params, *params))  # noqa: S611  what the ORM asks


_NEWEST_TAGGED = """
SELECT note.id
FROM unnest(%s::bigint[]) AS source (tag)
CROSS JOIN LATERAL ({notes} LIMIT {size}) AS note (id, listed_at)
GROUP BY note.id, note.listed_at
ORDER BY note.listed_at DESC, note.id DESC LIMIT {size}
"""


def newest_tagged(notes: Any, tags: Sequence[int], after: str, size: int) -> RawSQL:
    """Return the ids of the `size` newest of `notes` after the cursor that have one of these tags, without duplicates.

    The `size` newest of each tag are found by the index of a tag's notes, which is always enough.
    """
    of_tag = beyond(notes.tagged(RawSQL("source.tag", ())), "listed_at", after).values_list("pk", "listed_at")
    sql, params = of_tag.query.sql_with_params()
    return RawSQL(_NEWEST_TAGGED.format(notes=sql, size=size), (list(tags), *params))  # noqa: S611  what the ORM asks
