"""Pick the notes of one page of a search, by one query of the database."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import cache
from typing import Any, Self

from django.db import connection
from django.utils import timezone

from core.db.prepared_queries import filled
from notes.explore.less import LESS_SHARES, less_values
from profiles.models import Follow, Viewer
from search.asked import Asked
from search.query.query import Extent, Query
from search.query.tsquery import all_of
from search.results.candidates import Shape, candidates_sql
from search.results.ranking import (
    KNOWN,
    KNOWN_OF_PARTS,
    LATEST_FIRST,
    LESS,
    POPULAR_FIRST,
    RANKED,
    RELEVANCE,
    ranking_values,
)
from search.results.seen import facts, opened, shown_sql

SORTS = {"relevance": RELEVANCE, "latest": LATEST_FIRST, "popular": POPULAR_FIRST}
RANKED_MAX, FOLLOWED_RANKED_MAX = 1000, 300  # newest notes that results are chosen from; of people followed
ENOUGH = 8  # notes with all that is typed, so that notes with its main words alone do not follow them
RECENT = timedelta(days=32)  # since when the oldest document of a search is looked for
FOLLOWED_MAX = 1000  # people whose documents are found by an index
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_BIGGEST = 2**63
PAGED_FOR = timedelta(days=7)  # after the first page


class Attempt(IntEnum):
    """The ways to read a query, tried in this order until one finds notes."""

    TYPED = 0
    CAMPUSES = 1  # with short forms of campuses
    MENDED = 2  # in the spelling of notes
    SOME = 3  # as typed, but not all of it
    MENDED_SOME = 4  # in the spelling of notes, but not all of it
    REST = 5  # what follows few of TYPED
    MENDED_REST = 6  # what follows few of MENDED

    @property
    def extent(self) -> Extent:
        if self.is_rest:
            return Extent.REST
        return Extent.SOME if self >= Attempt.SOME else Extent.ALL

    @property
    def is_mended(self) -> bool:
        return self in {Attempt.MENDED, Attempt.MENDED_SOME, Attempt.MENDED_REST}

    @property
    def is_rest(self) -> bool:
        return self >= Attempt.REST


RESTS = {Attempt.TYPED: Attempt.REST, Attempt.MENDED: Attempt.MENDED_REST}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after the note with this key, of the documents up to a number, ranked as at a moment (in
    microseconds), by one attempt. So the pages of a search fit together.
    """

    attempt: Attempt
    key: int
    note: int
    until: int
    moment: int

    def cursor(self) -> str:
        return ".".join(map(str, map(int, astuple(self))))

    @classmethod
    def at(cls, cursor: str) -> Self | None:
        """Return the place of a cursor; None if it is none, or too old."""
        try:
            numbers = [int(part) for part in cursor.split(".")]
        except ValueError:
            return None
        if (
            len(numbers) != 5
            or numbers[0] not in Attempt
            or not all(0 <= number < _BIGGEST for number in numbers)
        ):
            return None
        is_recent = 0 <= _moment() - numbers[-1] <= PAGED_FOR // _MICROSECOND
        return cls(Attempt(numbers[0]), *numbers[1:]) if is_recent else None


@dataclass(frozen=True, slots=True)
class Picked:
    """Notes, best first, each with the place after it."""

    attempt: Attempt
    notes: Sequence[tuple[int, Place]]
    is_newest_only: bool = False


def pick(viewer: Viewer, asked: Asked, query: Query, after: Place, size: int) -> Picked:
    """Return up to `size` notes after a place that the viewer may see."""
    first, then = query.demand(after.attempt.extent)
    if not first:
        return Picked(after.attempt, [])
    seen, given = shown_sql(viewer)
    authors = _followed(viewer) if asked.followed else None
    shape = Shape(
        seen=seen,
        has_then=bool(then),
        of_authors=authors is not None,
        of_followed=asked.followed and authors is None,
        is_dated=asked.since is not None,
        is_opened=asked.seen is not None,
    )
    known, is_all = facts(asked), after.attempt.extent == Extent.ALL
    values = given | ranking_values(query) | _filters(asked) | _page(viewer, after)
    values |= {
        "viewer": viewer.pk,
        "first": all_of([first, *known]),
        "then": all_of([then, *known]),
        "enough": ENOUGH if asked.sort == "relevance" and is_all else 1,
        "most": FOLLOWED_RANKED_MAX if asked.followed else RANKED_MAX,
        "authors": authors,
        "size": size,
    }
    with connection.cursor() as cursor:
        cursor.execute(filled(_sql(asked.sort, bool(viewer.pk), not is_all, shape), values, connection))
        rows = cursor.fetchall()
    notes = [(note, Place(after.attempt, key, note, until, after.moment)) for note, key, until, _ in rows]
    return Picked(after.attempt, notes, any(is_newest_only for *_, is_newest_only in rows))


def _filters(asked: Asked) -> dict[str, Any]:
    is_recent = asked.since is not None and asked.since > timezone.now() - RECENT
    return {"since": asked.since, "is_recent": is_recent, **opened(asked)}


def _page(viewer: Viewer, after: Place) -> dict[str, Any]:
    now = _EPOCH + timedelta(microseconds=after.moment)
    page = {"now": now, "until": after.until, "key": after.key, "note": after.note}
    return page | less_values(viewer.pk, now)


def _followed(viewer: Viewer) -> list[int] | None:
    """Return the people the viewer follows, if they are few enough for the index to have the documents of each;
    otherwise None: each document that is found is asked.
    """
    followed = Follow.objects.filter(follower=viewer.pk).values_list("followed", flat=True)
    authors = list(followed[: FOLLOWED_MAX + 1])
    return authors if len(authors) <= FOLLOWED_MAX else None


def start(attempt: Attempt) -> Place:
    """Return the place before the first note."""
    return Place(attempt, _BIGGEST - 1, _BIGGEST - 1, _BIGGEST - 1, _moment())


def _moment() -> int:
    return (timezone.now() - _EPOCH) // _MICROSECOND


@cache
def _sql(sort: str, is_person: bool, is_part: bool, shape: Shape) -> str:
    is_ranked = sort == "relevance"
    known = [KNOWN_OF_PARTS if is_part else KNOWN, *([LESS_SHARES] if is_person else [])]
    sql = _PICK.format(
        candidates=candidates_sql(shape),
        known="".join(f"{sql}, " for sql in known) if is_ranked else "",
        key=SORTS[sort].format(less=LESS if is_person else "0"),
        notes=RANKED if is_ranked else "candidates",
    )
    return " ".join(sql.split())


_PICK = """
WITH RECURSIVE {candidates}, {known} ranked AS MATERIALIZED (
    SELECT found.note_id, {key} AS key
    FROM {notes} AS found
)
SELECT note_id, key, (SELECT max(number) FROM candidates), (SELECT count(*) > %(most)s FROM seen)
FROM ranked WHERE (key, note_id) < (%(key)s, %(note)s)
ORDER BY key DESC, note_id DESC LIMIT %(size)s
"""
