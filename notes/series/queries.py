"""What a viewer finds of series: only notes that they may open, and no series without one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q

from core.db.keyset import Page, keyset
from notes.models import Note, Series
from profiles.models import User, Viewer


@dataclass(frozen=True)
class Neighbour:
    pk: int
    title: str


@dataclass(frozen=True)
class Around:
    """Where a note is in its series, for its viewer: the `number`th of `count`, between `before` and `after`."""

    name: str
    address: str
    number: int
    count: int
    before: Neighbour | None
    after: Neighbour | None


@dataclass(frozen=True)
class Shown:
    """A series in a list: how many of its notes the viewer may open, and the first of them."""

    series: Series
    count: int
    first: Note | None


def notes_in(viewer: Viewer, series: Series | int) -> Any:
    """Return the published notes of a series that the viewer may open, in order. Its author gets hidden ones too."""
    inside = Note.objects.filter(series=series, status=Note.Status.PUBLISHED)
    return inside.meant_for(viewer).order_by("series_place", "pk")


def around(viewer: Viewer, note: Note) -> Around | None:
    """Return where a note is in its series, for the page of the note; None if it is in none that the viewer may see.

    One query, and none for a note without a series. Needs the author.
    """
    if note.series_id is None:
        return None
    named = ("series__name", "series__hidden_at")
    rows = list(notes_in(viewer, note.series_id).values_list("pk", "title", *named))
    place = next((place for place, row in enumerate(rows) if row[0] == note.pk), None)
    if place is None or (rows[0][3] and note.author_id != viewer.pk):
        return None
    before, after = rows[place - 1] if place else None, rows[place + 1] if place + 1 < len(rows) else None
    series = Series(pk=note.series_id, name=rows[0][2], author=note.author)
    return Around(
        series.name, series.get_absolute_url(), place + 1, len(rows), _neighbour(before), _neighbour(after)
    )


def _neighbour(row: Sequence[Any] | None) -> Neighbour | None:
    return Neighbour(row[0], row[1]) if row else None


def opened(viewer: Viewer, author: User, number: int) -> tuple[Series, list[Note]] | None:
    """Return a series with its notes as on cards; None where the viewer may open none of them, but for its author."""
    series = Series.objects.visible_to(viewer).filter(author=author, pk=number).first()
    if series is None:
        return None
    series.author = author
    notes = list(notes_in(viewer, series).for_cards())
    return (series, notes) if notes or author.pk == viewer.pk else None


def to_add(author: User, series: Series, after: str = "") -> Page[Note]:
    """Return a page of the author's published notes that are not in the series, newest first, each with `series_name`
    of the one it is in now.
    """
    own = Note.objects.filter(author=author, status=Note.Status.PUBLISHED)
    others = own.filter(Q(series__isnull=True) | ~Q(series=series)).annotate(series_name=F("series__name"))
    return keyset(others.for_cards(), "published_at", after)


def series_of(viewer: Viewer, author: User) -> list[Shown]:
    """Return the author's series in which the viewer may open a note, newest first; all of them for the author."""
    found = list(Series.objects.visible_to(viewer).filter(author=author).order_by("-pk"))
    inside = Note.objects.filter(series__in=found, status=Note.Status.PUBLISHED).meant_for(viewer)
    counts = dict(inside.values("series").annotate(number=Count("pk")).values_list("series", "number"))
    firsts = inside.order_by("series", "series_place", "pk").distinct("series")
    ids = dict(firsts.values_list("series", "pk"))
    notes = Note.objects.for_cards().in_bulk(list(ids.values()))
    for each in found:
        each.author = author
    shown = [Shown(each, counts.get(each.pk, 0), notes.get(ids.get(each.pk, 0))) for each in found]
    return [each for each in shown if each.count or author.pk == viewer.pk]
