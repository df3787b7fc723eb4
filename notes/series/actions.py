"""Create, rename and delete series, and put notes in them."""

from collections.abc import Collection as Several

from django.db import connection, transaction
from django.db.models import Max, Value
from django.db.models.functions import Lower

from notes.models import Note, Series
from notes.models.series import NOTES_MAX, SERIES_MAX
from profiles.models import User


class TooManySeries(Exception):
    """The limit of an author's series is reached."""


class SeriesFull(Exception):
    """The limit of notes in a series is reached."""


class NameTaken(Exception):
    """The author has another series with this name."""


@transaction.atomic
def series_named(*, author: User, name: str) -> Series:
    """Return the author's series of this name, in any case; it is created where there is none. Idempotent.

    Raises TooManySeries.
    """
    User.objects.filter(pk=author.pk).lock()
    own = Series.objects.filter(author=author)
    if found := own.annotate(lower=Lower("name")).filter(lower=_lower(name)).first():
        return found
    if own.count() >= SERIES_MAX:
        raise TooManySeries
    return Series.objects.create(author=author, name=name)


@transaction.atomic
def rename_series(*, series: Series, name: str) -> None:
    """Rename a series. Raises NameTaken, and Series.DoesNotExist if it is gone."""
    User.objects.filter(pk=series.author_id).lock()
    others = Series.objects.filter(author=series.author_id).exclude(pk=series.pk)
    if others.annotate(lower=Lower("name")).filter(lower=_lower(name)).exists():
        raise NameTaken
    if not Series.objects.filter(pk=series.pk).update(name=name):
        raise Series.DoesNotExist


def _lower(name: str) -> Lower:
    """Return the name in lower case as the database writes it."""
    return Lower(Value(name))


@transaction.atomic
def put_in_series(*, note: Note, series: Series | None) -> None:
    """Put a published note at the end of a series of its author, out of any other; None takes it out. Idempotent: a
    note that is in the series already keeps its place.

    Raises SeriesFull, and DoesNotExist if the series or the note is gone.
    """
    if series and not Series.objects.filter(pk=series.pk, author=note.author_id).lock():
        raise Series.DoesNotExist
    rows = Note.objects.filter(pk=note.pk, status=Note.Status.PUBLISHED)
    if not rows.lock():
        raise Note.DoesNotExist
    if series is None:
        rows.update(series=None, series_place=None)
        return
    inside = Note.objects.filter(series=series)
    if inside.filter(pk=note.pk).exists():
        return
    if inside.count() >= NOTES_MAX:
        raise SeriesFull
    last = inside.aggregate(last=Max("series_place"))["last"]
    rows.update(series=series, series_place=0 if last is None else last + 1)


@transaction.atomic
def add_to_series(*, series: Series, notes: Several[int]) -> int:
    """Put several of the author's published notes at the end of a series, the first published first, out of any other.
    Idempotent: those in it already keep their places, and what is gone or another's is passed over. Return how many
    came in.

    Raises SeriesFull, where nothing is changed, and Series.DoesNotExist.
    """
    if not Series.objects.filter(pk=series.pk).lock():
        raise Series.DoesNotExist
    own = Note.objects.filter(author=series.author_id, status=Note.Status.PUBLISHED, pk__in=set(notes))
    own.lock()
    coming = own.exclude(pk__in=Note.objects.filter(series=series).values("pk"))
    inside = Note.objects.filter(series=series)
    keys = list(coming.order_by("published_at", "pk").values_list("pk", flat=True))
    if inside.count() + len(keys) > NOTES_MAX:
        raise SeriesFull
    last = inside.aggregate(last=Max("series_place"))["last"]
    first = 0 if last is None else last + 1
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [series.pk, keys, list(range(first, first + len(keys)))])
    return len(keys)


_PUT = """
UPDATE notes_note SET series_id = %s, series_place = coming.place
FROM unnest(%s::bigint[], %s::integer[]) AS coming (id, place) WHERE notes_note.id = coming.id
"""


def take_out(*, series: Series, note: int) -> None:
    """Take a note out of this series; one that another window has put in another stays there. Idempotent."""
    Note.objects.filter(pk=note, series=series).update(series=None, series_place=None)


_PLACES = """
UPDATE notes_note SET series_place = moved.place
FROM unnest(%s::bigint[], %s::integer[]) AS moved (id, place)
WHERE notes_note.id = moved.id AND notes_note.series_id = %s
"""


@transaction.atomic
def move_in_series(*, series: Series, note: int, other: int, is_before: bool) -> bool:
    """Put a note right before or after another note of the series. Idempotent: it says where the note is to be, not by
    how much it moves. Return False if one of them is not in it, where nothing is changed.

    The series is locked, so that two windows are done one after the other, and the places are numbered anew.
    """
    if not Series.objects.filter(pk=series.pk).lock():
        return False
    inside = Note.objects.filter(series=series)
    inside.lock()
    order = list(inside.order_by("series_place", "pk").values_list("pk", flat=True))
    if note == other or not {note, other} <= set(order):
        return False
    order.remove(note)
    order.insert(order.index(other) + (not is_before), note)
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [order, list(range(len(order))), series.pk])
    return True


@transaction.atomic
def delete_series(*, series: Series) -> None:
    """Delete a series. Its notes stay. Idempotent."""
    Series.objects.filter(pk=series.pk).lock()
    inside = Note.objects.filter(series=series)
    inside.lock()
    inside.update(series=None, series_place=None)
    Series.objects.filter(pk=series.pk).delete()
