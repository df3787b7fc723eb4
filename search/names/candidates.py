"""Pick by the index, in a bounded number, the names that what is typed may mean, and put them in order."""

import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet, Value
from django.db.models.expressions import RawSQL

from search.names.typed import Closeness, Conditions

MOST = 60  # names that are ranked of those that begin so, and of those that have it anywhere: some five pages
FEW = 15  # where only the first ones are shown
FOLLOWED = 500  # people the viewer follows, the latest, who are found before all others
_KEY = re.compile(r"(\d)-(\d)-(\d{1,2})-(\d{1,18})")
_FIND = "(SELECT search_names(%s, %s::tsquery, %s::tsquery, %s::tsquery, %s))::bigint[]"
_OF_FOLLOWED = """ || ARRAY(
    SELECT target FROM (
        SELECT followed_id FROM profiles_follow WHERE follower_id = %s ORDER BY id DESC LIMIT %s
    ) AS followed JOIN search_name ON kind = 'p' AND target = followed_id
    WHERE lexemes @@ %s::tsquery
)"""

NOBODY = Value(False)
type _Rank = tuple[int, int, int, int]


class Row(NamedTuple):
    """A row of any kind with a name: up to three words of it, and how much it is used. `is_own` if the viewer follows
    it.
    """

    kind: str
    pk: int
    words: tuple[str, str, str]
    used: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class Candidate[Row]:
    """A row that was found, with what orders it. `is_own` if the viewer follows it."""

    row: Row
    pk: int
    closeness: Closeness
    level: int
    is_own: bool = False

    @property
    def rank(self) -> _Rank:
        return self.closeness, int(not self.is_own), -self.level, self.pk


def named(kind: str, conditions: Any, most: Any, *, followed_by: Any = None) -> RawSQL:
    """Return the ids of names of a kind that meet the conditions, as an array, at most three times so many; with
    `followed_by`, those of people whom this person follows as well.
    """
    values = [kind, conditions.same, conditions.begun, conditions.held, most]
    if followed_by is None:
        return RawSQL(_FIND, values)  # noqa: S611  our own words alone
    return RawSQL(_FIND + _OF_FOLLOWED, [*values, followed_by, FOLLOWED, conditions.held])  # noqa: S611  the same


def level(kind: str, table: str) -> RawSQL:
    """Return how much the row of this table is used."""
    used = f"(SELECT greatest(level, 0) FROM search_name WHERE kind = '{kind}' AND target = {table}.id)"  # noqa: S608  the same
    return RawSQL(used, ())  # noqa: S611  the same


def columns(
    found: QuerySet[Any], kind: str, words: tuple[str, ...], used: Any, is_own: Any = NOBODY
) -> QuerySet[Any, Any]:
    """Return the columns of a `Row` for the rows of one kind: the same for each, so that one query has them all."""
    empty = [Value("")] * (3 - len(words))
    return found.values_list(Value(kind), "pk", *words, *empty, used, is_own)


def row(kind: str, pk: int, one: str, two: str, three: str, used: int, is_own: bool) -> Row:
    return Row(kind, pk, (one, two, three), used, is_own)


def level_of(uses: int) -> int:
    """Return the level of a number of uses, as Name.level."""
    return (uses + 1).bit_length() - 1


def values(conditions: Conditions) -> dict[str, str]:
    """Return the conditions by name, for a prepared query."""
    return dict(zip(Conditions.__slots__, astuple(conditions), strict=True))


def cut[Row](found: Iterable[Candidate[Row]], after: str, size: int) -> tuple[list[Row], str]:
    """Return the next `size` rows in order after the cursor, and the cursor of the next page, or "". An unreadable
    cursor starts at the top.
    """
    start = _parsed(after)
    ordered = sorted(
        (each for each in found if start is None or each.rank > start), key=lambda each: each.rank
    )
    rows = [each.row for each in ordered[:size]]
    return rows, _written(ordered[size - 1].rank) if len(ordered) > size else ""


def _written(rank: _Rank) -> str:
    closeness, is_far, level, pk = rank
    return f"{closeness}-{is_far}-{-level}-{pk}"


def _parsed(after: str) -> _Rank | None:
    found = _KEY.fullmatch(after)
    if not found or not after.isascii():
        return None
    closeness, is_far, level, pk = map(int, found.groups())
    return closeness, is_far, -level, pk
