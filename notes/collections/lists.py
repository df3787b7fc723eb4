"""Collections and what is in them, for their viewer."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import Q

from core.db.keyset import PAGE_SIZE, Page, keyset
from core.db.prepared_queries import IsAmong
from notes.feeds.lists import with_reactions
from notes.models import Collect, Collection, CollectPlace, Note
from notes.models.collection import CollectionQuerySet
from notes.models.muting import without_muted
from notes.models.visibility import is_live, is_meant_for
from profiles.models import User, Viewer
from profiles.models.relations import is_wanted_by

# Of each collection so many notes are looked at, from the front: more than that are counted as "1,000+", and only a
# cover among them is found. Every page after them is as long as any other.
WINDOW = 1_008  # 42 pages
COVERS = 3
_CURSOR = re.compile(r"i([0-9]{1,18})_[1-9][0-9]{0,17}", re.ASCII)


@dataclass(frozen=True)
class Tile:
    """A collection in a list: the notes its viewer finds in it, whether there may be more than were looked at, and the
    first of them, for its cover.
    """

    collection: Collection
    notes: Sequence[int]
    is_more: bool
    covers: Sequence[Note]

    @property
    def pk(self) -> int:
        return self.collection.pk

    @property
    def number(self) -> int:
        return len(self.notes)

    @property
    def blanks(self) -> str:
        """One character for each part of the cover that is left empty."""
        return "-" * (COVERS - len(self.covers))


@dataclass(frozen=True)
class Tiles:
    """A page of tiles, and the cursor of the next one; "" on the last."""

    rows: Sequence[Tile]
    after: str


def own(owner: User, after: str = "", size: int = PAGE_SIZE) -> Tiles:
    """Return the person's own collections, last added to first, empty ones too."""
    page = keyset(_whole().of(owner), "changed_at", after, size)
    return Tiles(tiles(owner, page.rows), page.after)


def public_of(viewer: Viewer, owner: User, after: str = "") -> Tiles:
    """Return another's collections in which the viewer finds a note, last added to first."""
    page = keyset(_whole().of(owner).visible_to(viewer), "changed_at", after)
    return Tiles([tile for tile in tiles(viewer, page.rows) if tile.number], page.after)


def opened(viewer: Viewer, owner: User, pk: int) -> Tile | None:
    """Return a person's collection, if the viewer may open it and finds a note in it, or it is their own."""
    found = _whole().of(owner).visible_to(viewer).filter(pk=pk).first()
    if found is None:
        return None
    tile = tiles(viewer, [found], covers=0)[0]
    return tile if tile.number or found.owner_id == viewer.pk else None


def of_anyone(viewer: Viewer, pk: int) -> Tile | None:
    """Return anyone's collection, as `opened`."""
    found = _whole().visible_to(viewer).filter(pk=pk).first()
    return opened(viewer, found.owner, pk) if found else None


def tiles(viewer: Viewer, collections: Sequence[Collection], covers: int = COVERS) -> list[Tile]:
    """Return what lists show of collections that are all the viewer's own, or all others'."""
    if not collections:
        return []
    inside = _first_notes([each.pk for each in collections])
    is_own = collections[0].owner_id == viewer.pk
    seen = _seen(viewer, [note for notes in inside.values() for note in notes], is_own=is_own)
    shown = {pk: [note for note in notes if note in seen] for pk, notes in inside.items()}
    first = [note for notes in shown.values() for note in notes[:covers]]
    cards = Note.objects.for_cards().in_bulk(first) if first else {}
    return [
        Tile(
            each,
            shown.get(each.pk, []),
            len(inside.get(each.pk, [])) >= WINDOW,
            [cards[note] for note in shown.get(each.pk, [])[:covers] if note in cards],
        )
        for each in collections
    ]


def notes_in(viewer: Viewer, collection: Collection, after: str = "") -> Page[Note]:
    """Return a page of the notes of a collection that the viewer finds in it, in its order.

    It is filled from the next WINDOW notes: it may hold fewer than others, or none, and still have a next page.
    """
    among = _placed(collection.pk, after)
    seen = _seen(viewer, [note for note, _ in among], is_own=collection.owner_id == viewer.pk)
    shown = [(note, place) for note, place in among if note in seen]
    onward = shown[PAGE_SIZE - 1] if len(shown) > PAGE_SIZE else among[-1] if len(among) == WINDOW else None
    cards = Note.objects.for_cards().in_bulk([note for note, _ in shown[:PAGE_SIZE]])
    rows = [cards[note] for note, _ in shown[:PAGE_SIZE] if note in cards]
    return Page(with_reactions(viewer, rows), f"i{onward[1]}_{onward[0]}" if onward else "")


@dataclass(frozen=True)
class Row:
    """A note where a collection is put in order: the notes beside it, 0 where there is none, and the owner's remark."""

    note: Note
    before: int
    after: int
    remark: str

    @property
    def pk(self) -> int:
        return self.note.pk


@dataclass(frozen=True)
class Ordered:
    """A page of rows, the cursor of the next one, and the first note of the collection."""

    rows: Sequence[Row]
    after: str
    first: int
    is_first_page: bool


def ordered(owner: User, collection: Collection, after: str = "") -> Ordered:
    """Return a page of the owner's collection for putting it in order."""
    page = notes_in(owner, collection, after)
    pks = [note.pk for note in page.rows]
    first = (
        pks[0] if pks and not after else next(iter(_first_notes([collection.pk]).get(collection.pk, [])), 0)
    )
    saves = Collect.objects.filter(person=owner, note__in=pks)
    remarks = dict(saves.values_list("note", "remark"))
    neighbours = zip([_last_before(after), *pks], page.rows, [*pks[1:], 0], strict=False)
    rows = [Row(note, before, behind, remarks.get(note.pk, "")) for before, note, behind in neighbours]
    return Ordered(rows, page.after, first, not after)


def _last_before(after: str) -> int:
    """Return the note after which a page starts, from its cursor; 0 on the first page."""
    return int(after.partition("_")[2]) if _CURSOR.fullmatch(after) else 0


def choices_of(person: User, note: Note) -> tuple[list[Collection], set[int], Collect | None]:
    """Return the person's collections, last added to first, the ids of those that have the note, and the save."""
    save = Collect.objects.filter(person=person, note=note).first()
    places = CollectPlace.objects.filter(collect=save) if save else CollectPlace.objects.none()
    chosen = set(places.values_list("collection", flat=True))
    return list(Collection.objects.of(person).order_by("-changed_at", "-pk")), chosen, save


def _whole() -> CollectionQuerySet:
    return Collection.objects.select_related("owner").fetch_mode(settings.LAZY_FETCH_MODE)


def _seen(viewer: Viewer, notes: Iterable[int], *, is_own: bool) -> set[int]:
    """Return those of these notes that a collection shows the viewer."""
    rows = Note.objects.filter(IsAmong("pk", list(set(notes)))).filter(_shown(viewer, is_own=is_own))
    return set(rows.values_list("pk", flat=True))


def _shown(viewer: Viewer, *, is_own: bool) -> Q:
    """Match notes that a collection shows. What its owner has muted since stays: they saved it themselves."""
    shown = is_live() & is_meant_for(viewer)
    return shown if is_own else shown & is_wanted_by(viewer, "author") & (without_muted(viewer) or Q())


_FIRST = """
SELECT collection.id, ARRAY(
    SELECT saved.note_id FROM notes_collectplace AS place JOIN notes_collect AS saved ON saved.id = place.collect_id
    WHERE place.collection_id = collection.id ORDER BY coalesce(place.position, place.id) DESC LIMIT %s
) FROM notes_collection AS collection WHERE collection.id = ANY (%s)
"""


def _first_notes(collections: list[int]) -> dict[int, list[int]]:
    """Return the ids of the first WINDOW notes of each collection, in its order."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, [WINDOW, collections])
        return dict(cursor)


_PLACED = """
SELECT saved.note_id, coalesce(place.position, place.id)
FROM notes_collectplace AS place JOIN notes_collect AS saved ON saved.id = place.collect_id
WHERE place.collection_id = %s AND coalesce(place.position, place.id) < %s
ORDER BY coalesce(place.position, place.id) DESC LIMIT %s
"""


def _placed(collection: int, after: str) -> list[tuple[int, int]]:
    """Return the next WINDOW notes of a collection after the cursor, each with its place. An unreadable cursor begins
    at the front.
    """
    found = _CURSOR.fullmatch(after)
    with connection.cursor() as cursor:
        cursor.execute(_PLACED, [collection, int(found[1]) if found else 2**63 - 1, WINDOW])
        return cursor.fetchall()
