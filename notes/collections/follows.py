"""Collections that people follow: the list of one's own, what is new in it, and how many follow one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Max

from core.db.keyset import keyset
from notes.collections.lists import WINDOW, Tile, tiles
from notes.models import Collection, CollectionFollow, CollectPlace
from profiles.models import User, Viewer

FOLLOWERS = 1_000  # followers that are counted; more are "1,000+"


@dataclass(frozen=True)
class Followed:
    """A followed collection in a list, and whether its follower finds a note in it that came after their last visit."""

    tile: Tile
    has_news: bool


@dataclass(frozen=True)
class FollowedPage:
    """A page of followed collections, and the cursor of the next one; "" on the last."""

    rows: Sequence[Followed]
    after: str


def followed(viewer: User, after: str = "") -> FollowedPage:
    """Return others' collections that the viewer follows and in which they find a note, last followed first."""
    visible = Collection.objects.visible_to(viewer)
    page = keyset(CollectionFollow.objects.filter(follower=viewer, collection__in=visible), "pk", after)
    keys = [row.collection_id for row in page.rows]
    found = Collection.objects.select_related("owner").fetch_mode(settings.LAZY_FETCH_MODE).in_bulk(keys)
    new = _new_notes(viewer, keys)
    shown = [tile for tile in tiles(viewer, [found[key] for key in keys if key in found]) if tile.number]
    return FollowedPage(
        [Followed(tile, bool(new.get(tile.pk, set()) & set(tile.notes))) for tile in shown], page.after
    )


_NEW = """
SELECT follow.collection_id, ARRAY(
    SELECT saved.note_id
    FROM (
        SELECT id, collect_id FROM notes_collectplace AS place WHERE place.collection_id = follow.collection_id
        ORDER BY coalesce(place.position, place.id) DESC LIMIT %(window)s
    ) AS place JOIN notes_collect AS saved ON saved.id = place.collect_id
    WHERE place.id > follow.seen_place
) FROM notes_collectionfollow AS follow WHERE follower_id = %(viewer)s AND collection_id = ANY (%(collections)s)
"""


def _new_notes(viewer: User, collections: Sequence[int]) -> dict[int, set[int]]:
    """Return the notes that came into each of these collections since the viewer's last visit, seen by them or not."""
    asked: dict[str, Any] = {"viewer": viewer.pk, "collections": list(collections), "window": WINDOW}
    with connection.cursor() as cursor:
        cursor.execute(_NEW, asked)
        return {collection: set(notes) for collection, notes in cursor}


class Visit(NamedTuple):
    """A follower opened a collection: what was put into any up to this place is no news to them."""

    follower: int
    collection: int
    place: int


def visit_of(viewer: Viewer, collection: Collection) -> Visit | None:
    """Return the visit of a follower; None of anybody else."""
    if not viewer.is_authenticated:
        return None
    follow = CollectionFollow.objects.filter(follower=viewer, collection=collection)
    places: Any = CollectPlace.objects.order_by("-pk").values("pk")[:1]
    found = follow.annotate(newest=places).values_list("newest", flat=True)[:1]
    return next((Visit(viewer.pk, collection.pk, newest or 0) for newest in found), None)


_SEEN = """
UPDATE notes_collectionfollow AS follow SET seen_place = visit.place
FROM (
    SELECT follower, collection, max(place) AS place
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS visit (follower, collection, place)
    GROUP BY follower, collection
) AS visit
WHERE follow.follower_id = visit.follower AND follow.collection_id = visit.collection
    AND coalesce(follow.seen_place, 0) < visit.place
"""


def record_visits(visits: Sequence[Visit]) -> None:
    """Note what followers have seen. Idempotent."""
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [list(column) for column in zip(*visits, strict=True)])


def newest_place() -> int:
    """Return the place that was given last in any collection."""
    return CollectPlace.objects.aggregate(newest=Max("pk"))["newest"] or 0


@dataclass(frozen=True)
class Number:
    """How many people follow a collection, counted up to FOLLOWERS, and whether there may be more."""

    number: int
    is_more: bool


def followers_of(collection: Collection) -> Number:
    """Return how many active people follow a collection, whoever they are."""
    rows = CollectionFollow.objects.filter(collection=collection, follower__is_active=True)
    found = len(rows.values_list("pk")[: FOLLOWERS + 1])
    return Number(min(found, FOLLOWERS), found > FOLLOWERS)
