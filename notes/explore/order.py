"""Read Explore: the viewer's order of an epoch, and the pages of a visit.

An epoch freezes what orders notes, and a person's taste at that moment, so that every process computes the same order
and a page needs only its position. Newer notes appear on the first page alone; after the candidates come all other
notes up to the epoch, newest first.
"""

from array import array
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple, Self
from zlib import crc32

from django.core.signing import BadSignature, Signer
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from core.db.keyset import PAGE_SIZE, Page
from core.languages import UNKNOWN
from notes.explore import ranking
from notes.explore.affinities import taste_of
from notes.explore.scope import Scope
from notes.models import Epoch, EpochScope, Note
from notes.models.languages import in_languages, languages_of
from notes.models.less import not_put_away
from notes.models.note import NoteQuerySet
from notes.models.visibility import LISTED_SQL
from notes.reading_history.seen import SeenFilter
from profiles.models import Viewer

KEPT_SCOPES, KEPT_ORDERS = 64, 256  # by each process
ARRIVALS = 4


class Order(NamedTuple):
    """Candidates in their viewer's order, and a digest that identifies that order."""

    ranked: tuple[ranking.Ranked, ...]
    seal: int


class Place(NamedTuple):
    """A position in a visit: in the order of an epoch (0 if there was none), then `tail`, a keyset cursor."""

    epoch: int
    seal: int
    position: int
    tail: str

    def cursor(self, scope: Scope) -> str:
        return _signer().sign(f"{scope.name}.{self.epoch}.{self.seal}.{self.position}.{self.tail}")

    @classmethod
    def at(cls, cursor: str, scope: Scope) -> Self | None:
        """Return the place of a cursor of this scope; None if it is not one that we signed."""
        try:
            name, epoch, seal, position, tail = _signer().unsign(cursor).split(".")
        except BadSignature:
            return None
        return cls(int(epoch), int(seal), int(position), tail) if name == scope.name else None


def _signer() -> Signer:
    return Signer(salt="explore")


def explored(viewer: Viewer, after: str, scope: Scope, seen: SeenFilter | None = None) -> Page[Note]:
    """Return a page of this scope for the viewer, of the notes that the filter leaves. The caller fetches reactions."""
    epochs = list(Epoch.objects.kept())
    place = Place.at(after, scope)
    if place:
        epoch = next((each for each in epochs if each.pk == place.epoch), None)
        order = order_for(viewer, epoch, scope)
        if _fits(place, epoch, order):
            return _page(viewer, epoch, order, place, scope, seen)
    epoch = epochs[0] if epochs else None
    order = order_for(viewer, epoch, scope)
    start = Place(epoch.pk if epoch else 0, order.seal, 0, "")
    page = _page(viewer, epoch, order, start, scope, seen)
    return Page(page.rows, page.after, begins_again=place is not None)


def _fits(place: Place, epoch: Epoch | None, order: Order) -> bool:
    """Return whether the visit can continue: its epoch is kept, and the viewer's order in it is unchanged."""
    if place.position >= len(order.ranked):
        return (epoch.pk if epoch else 0) == place.epoch
    return epoch is not None and order.seal == place.seal


def _page(
    viewer: Viewer, epoch: Epoch | None, order: Order, place: Place, scope: Scope, seen: SeenFilter | None
) -> Page[Note]:
    """Return the page from this position. Notes that became invisible leave it shorter; only an empty page is skipped.
    Notes that left the scope stay until the next epoch.
    """
    shown = Note.objects.public_to(viewer).filter(not_put_away(viewer), seen.condition if seen else Q())
    notes, position = shown.filter(in_languages(viewer) or Q()), place.position
    rows: list[Note] = []
    room, is_first = PAGE_SIZE, position == 0
    while not rows and (position < len(order.ranked) or is_first):
        part, position = _next(order, position, seen)
        room = PAGE_SIZE - len(part)
        if epoch and is_first:
            part = _with_arrivals(part, arrived(viewer, epoch, scope), viewer)
        rows = _seen(notes, [each.note for each in part]) if part else []
        is_first = False
    if position < len(order.ranked):
        return Page(rows, place._replace(position=position).cursor(scope))
    tail = _beyond(viewer, epoch, order, place, scope, max(1, room), seen=seen)
    after = place._replace(position=position, tail=tail.after).cursor(scope) if tail.after else ""
    return Page(rows + tail.rows, after)


def _next(order: Order, position: int, seen: SeenFilter | None) -> tuple[list[ranking.Ranked], int]:
    """Return the next PAGE_SIZE candidates that the filter leaves, and the position after them in the whole order."""
    if seen is None:
        return list(order.ranked[position : position + PAGE_SIZE]), position + PAGE_SIZE
    left = (at for at in range(position, len(order.ranked)) if seen.leaves(*order.ranked[at][:2]))
    places = list(islice(left, PAGE_SIZE))
    further = places[-1] + 1 if len(places) == PAGE_SIZE else max(position, len(order.ranked))
    return [order.ranked[at] for at in places], further


def _with_arrivals(
    page: list[ranking.Ranked], arrivals: list[ranking.Ranked], viewer: Viewer
) -> list[ranking.Ranked]:
    """Return the first page with newer notes merged in, the viewer's own first."""
    own = [each for each in arrivals if each.author == viewer.pk]
    return own + ranking.joined(page, [each for each in arrivals if each not in own])


def _seen(notes: NoteQuerySet, keys: list[int]) -> list[Note]:
    """Return the visible ones of the notes, in the order of their ids."""
    found = {note.pk: note for note in notes.filter(pk__in=keys).for_cards()}
    return [found[pk] for pk in keys if pk in found]


def _beyond(
    viewer: Viewer, epoch: Epoch | None, order: Order, place: Place, scope: Scope, size: int, **seen: Any
) -> Page[Note]:
    """Return notes up to the epoch that are not candidates, newest first."""
    notes = Note.objects.public_before_words(viewer).filter(not_put_away(viewer))
    if epoch:
        notes = notes.exclude(pk__in=[each.note for each in order.ranked])
    until = epoch.made_at if epoch else None
    return scope.page(notes, viewer, place.tail, size, until=until, **seen)


def order_for(viewer: Viewer, epoch: Epoch | None, scope: Scope) -> Order:
    """Return the viewer's order of an epoch. Deterministic, the same in every process."""
    if epoch is None:
        return Order((), 0)
    return _order(epoch.pk, epoch.made_at, scope, *person_and_campus(viewer), languages_of(viewer))


@lru_cache(KEPT_ORDERS)
def _order(
    epoch: int, made_at: datetime, scope: Scope, person: int, campus: int | None, languages: tuple[str, ...]
) -> Order:
    taste = taste_of(person, campus, made_at)
    candidates = _in_languages(_candidates(epoch, made_at, scope), person, languages)
    found = ranking.arranged(ranking.ranked(candidates, taste))
    return Order(tuple(found), crc32(array("q", [each.note for each in found])))


def _in_languages(
    candidates: tuple[ranking.Candidate, ...], person: int, languages: tuple[str, ...]
) -> list[ranking.Candidate]:
    """Return candidates in these languages, without a known language, or by the person; all if no language is chosen.
    Scores do not change.
    """
    others = Note.objects.filter(pk__in=[each.note for each in candidates]).exclude(author=person)
    left_out = (
        set(others.exclude(language__in=[UNKNOWN, *languages]).values_list("pk", flat=True))
        if languages
        else ()
    )
    return [each for each in candidates if each.note not in left_out]


def candidates(epoch: Epoch, scope: Scope) -> tuple[ranking.Candidate, ...]:
    return _candidates(epoch.pk, epoch.made_at, scope)


@lru_cache(KEPT_SCOPES)
def _candidates(epoch: int, made_at: datetime, scope: Scope) -> tuple[ranking.Candidate, ...]:
    """Return the candidates of a kept epoch. They never change once written, so they are cached."""
    scopes = EpochScope.objects.filter(epoch=epoch, name=scope.name)
    rows, leans = scopes.values_list("candidates", "leans").first() or ((), {})
    return tuple(ranking.Candidate.of(row, leans) for row in rows)


def forget_orders() -> None:
    """Forget what this process has cached, so that pages are computed from rows as they are."""
    for cached in (_order, _candidates, taste_of):
        cached.cache_clear()


def person_and_campus(viewer: Viewer) -> tuple[int, int | None]:
    """Return the ids of the viewer and their campus; 0 and None for a visitor."""
    return (viewer.pk, viewer.campus_id) if viewer.is_authenticated else (0, None)


def arrived(viewer: Viewer, epoch: Epoch, scope: Scope) -> list[ranking.Ranked]:
    """Return some notes published since the epoch, the viewer's own first, then the latest, with their scores."""
    person, campus = person_and_campus(viewer)
    asked: dict[str, Any] = {
        "viewer": person,
        "moment": epoch.made_at,
        "campus": scope.campus,
        "topics": scope.topics,
        "own": ranking.OF_ONE_AUTHOR,
        "number": ARRIVALS,
        "languages": [UNKNOWN, *languages] if (languages := languages_of(viewer)) else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ARRIVED, asked)
        rows = cursor.fetchall()
    taste = taste_of(person, campus, epoch.made_at) if rows else ranking.NO_TASTE
    found = [arrival(epoch, *row) for row in rows]
    return [ranking.Ranked(each.note, each.author, ranking.score(each, taste), True) for each in found]


def arrival(
    epoch: Epoch, note: int, author: int, campus: int | None, published_at: datetime, topics: Iterable[int]
) -> ranking.Candidate:
    """Return a note published since the epoch as a candidate without readers."""
    fresh = ranking.freshness((timezone.now() - published_at).total_seconds() / 3600)
    return ranking.Candidate(note, author, campus, tuple(topics), epoch.unread_quality, 0, fresh, 0)


_ARRIVED = f"""
WITH recent AS NOT MATERIALIZED (
    SELECT id, author_id, campus_id, published_at FROM notes_note AS note
    WHERE published_at > %(moment)s AND {LISTED_SQL}
        AND (%(campus)s::bigint IS NULL OR campus_id = %(campus)s)
        AND (%(languages)s::text[] IS NULL OR language = ANY (%(languages)s) OR author_id = %(viewer)s)
        AND (%(topics)s::bigint[] IS NULL OR EXISTS (
            SELECT FROM notes_taggednote WHERE content_object_id = note.id AND tag_id = ANY (%(topics)s)
        ))
)
SELECT id, author_id, campus_id, published_at,
    ARRAY(SELECT tag_id FROM notes_taggednote WHERE content_object_id = found.id)
FROM (
    (SELECT * FROM recent WHERE author_id = %(viewer)s ORDER BY published_at DESC, id DESC LIMIT %(own)s)
    UNION
    (SELECT * FROM recent ORDER BY published_at DESC, id DESC LIMIT %(number)s)
) AS found
ORDER BY author_id = %(viewer)s DESC, published_at DESC, id DESC
"""  # noqa: S608  put together from our own words alone
