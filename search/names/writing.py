"""Write the names that are missing, and count how much each is used: every night, and after the first migration."""

from collections.abc import Iterator
from time import monotonic
from typing import Any

from django.db import connection, transaction

from notes.models.visibility import LISTED_SQL
from search.models.name import Name
from search.names.triggers_sql import WATCHED

AT_ONCE = 1000
_OF = {kind: (what, table) for what, (kind, table, _columns) in WATCHED.items()}
_USES = {
    Name.Kind.PERSON: "of_name.follower_count",
    Name.Kind.TAG: (
        "(SELECT count(*) FROM notes_taggednote WHERE tag_id = of_name.id AND listed_at IS NOT NULL)"
    ),
    Name.Kind.LABEL: "(SELECT count(*) FROM profiles_positioning WHERE label_id = of_name.id AND retired_at IS NULL)",
    Name.Kind.CAMPUS: f"(SELECT count(*) FROM notes_note AS note WHERE campus_id = of_name.id AND {LISTED_SQL})",  # noqa: S608
}


def write_names(*, kind: str, after: int, seconds: float) -> tuple[str, int] | None:
    """Write and count names from this kind and id on, for so many seconds. Return where to go on, or None at the end.
    Idempotent.
    """
    ends = monotonic() + seconds
    kinds = list(Name.Kind.values)
    for each in kinds[kinds.index(kind) :]:
        for last in _steps(each, after if each == kind else 0):
            if monotonic() > ends:
                return each, last
    return None


def _steps(kind: str, after: int) -> Iterator[int]:
    """Write the names of a kind, some in each transaction, and yield the last id of each."""
    last: int | None = after
    while last is not None:
        last = _step(kind, last)
        if last is not None:
            yield last


@transaction.atomic
def _step(kind: str, after: int) -> int | None:
    what, table = _OF[kind]
    values: dict[str, Any] = {"kind": kind, "after": after, "most": AT_ONCE}
    with connection.cursor() as cursor:
        cursor.execute(_LAST.format(table=table), values)
        (values["last"],) = cursor.fetchone()
        if values["last"] is None:
            return None
        cursor.execute(_MISSING.format(table=table, what=what), values)
        cursor.execute(_COUNT.format(table=table, uses=_USES[Name.Kind(kind)]), values)
    return int(values["last"])


_LAST = (
    "SELECT max(id) FROM (SELECT id FROM {table} WHERE id > %(after)s ORDER BY id LIMIT %(most)s) AS chunk"
)
# Held, so that no name is read before it changes and written after that.
_MISSING = """
SELECT search_{what}(id) FROM (
    SELECT id FROM {table} WHERE id > %(after)s AND id <= %(last)s
        AND NOT EXISTS (SELECT FROM search_name WHERE kind = %(kind)s AND target = id)
    ORDER BY id FOR SHARE
) AS held
"""
_COUNT = """
WITH counted AS MATERIALIZED (
    SELECT id, CASE WHEN search_shown(%(kind)s, id)
        THEN length(ltrim(({uses} + 1)::bit(64)::text, '0')) - 1 ELSE -1 END AS level FROM {table} AS of_name
    WHERE id > %(after)s AND id <= %(last)s
), held AS MATERIALIZED (
    SELECT target, counted.level FROM search_name AS name JOIN counted ON kind = %(kind)s AND target = counted.id
    WHERE name.level <> counted.level ORDER BY target FOR NO KEY UPDATE OF name
)
UPDATE search_name AS name SET level = held.level, lexemes = ts_delete(
    name.lexemes, search_stratum(%(kind)s, name.level)
) || array_to_tsvector(ARRAY[search_stratum(%(kind)s, held.level)])
FROM held WHERE name.kind = %(kind)s AND name.target = held.target
"""
