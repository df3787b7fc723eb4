"""Put a note of a collection before or after another one."""

from django.db import connection, transaction
from django.db.models import F

from notes.models import Collection, CollectPlace
from notes.models.collection import PLACE


@transaction.atomic
def move(*, collection: Collection, note: int, other: int, is_before: bool) -> bool:
    """Put a note right before or after another note of the collection. Idempotent: it says where the note is to be, not
    by how much it moves. Return False if one of them is not in it, where nothing is changed.

    The numbers that order the places between the two are exchanged among these places, so no number is there twice,
    whatever other windows do meanwhile: the collection is locked.
    """
    if not Collection.objects.filter(pk=collection.pk).lock() or note == other:
        return False
    rows = CollectPlace.objects.filter(collection=collection).annotate(place=PLACE)
    found = dict(rows.filter(collect__note__in=[note, other]).values_list("collect__note", "place"))
    if len(found) != 2:
        return False
    between = rows.filter(place__range=sorted(found.values())).order_by("-place")
    order = list(between.values_list("pk", "place", "collect__note"))
    pks = {said: pk for pk, _place, said in order}
    if not {note, other} <= pks.keys():  # one was removed from the saved notes meanwhile
        return False
    moved = [pk for pk, _place, said in order if said != note]
    moved.insert(moved.index(pks[other]) + (not is_before), pks[note])
    places = [place for _pk, place, _note in order]
    changed = {pk: place for pk, place, old in zip(moved, places, order, strict=True) if pk != old[0]}
    _renumber(changed)
    return True


_ASIDE = """
UPDATE notes_collectplace SET position = -moved.place
FROM unnest(%s::bigint[], %s::bigint[]) AS moved (id, place) WHERE notes_collectplace.id = moved.id
"""


def _renumber(places: dict[int, int]) -> None:
    """Give these places their new positions: by way of negative numbers, as no position may be there twice."""
    with connection.cursor() as cursor:
        cursor.execute(_ASIDE, [list(places), list(places.values())])
    CollectPlace.objects.filter(pk__in=places).update(position=-F("position"))
