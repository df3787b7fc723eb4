"""Read the versions of a note, each with its photos that are left and what changed after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from core.db import keyset
from notes.models import Note, NoteVersion, Photo

PAGE_SIZE = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """A version as its page shows it: those of its photos that the note still has, each with its description at that
    time, the number of photos that are gone, and the names of the fields that the next version changed.
    """

    version: NoteVersion
    photos: list[tuple[Photo, str]]
    gone: int
    changed: list[Any]


def version_of(note: Note) -> NoteVersion:
    """Return what the note says now, unsaved. Reads its tags, photos and campus from the database."""
    photos = list(note.photos.order_by("position", "pk").values_list("pk", "alt"))
    return NoteVersion(
        note=note,
        title=note.title,
        body=note.body,
        tags=sorted(note.tags.values_list("name", flat=True)),
        campus=note.campus.name if note.campus else "",
        place=note.place,
        disclosure=note.disclosure,
        partner=note.partner,
        origin=note.origin,
        photos=[pk for pk, _alt in photos],
        alts=[alt for _pk, alt in photos],
    )


def versions_page(note: Note, after: str) -> keyset.Page[NoteVersion]:
    """Return a page of the note's versions, newest first."""
    versions = NoteVersion.objects.filter(note=note).fetch_mode(settings.LAZY_FETCH_MODE)
    return keyset.keyset(versions, "pk", after, PAGE_SIZE)


def as_shown(note: Note, versions: Sequence[NoteVersion]) -> list[Shown]:
    """Return these successive versions of a note, newest first, as a page shows them."""
    if not versions:
        return []
    left = {photo.pk: photo for photo in note.photos.all() if photo.is_ready}
    newer = NoteVersion.objects.filter(note=note, pk__gt=versions[0].pk).order_by("pk").first()
    after: NoteVersion = newer or version_of(note)
    shown = []
    for version in versions:
        described = zip(version.photos, version.alts, strict=True)
        photos = [(left[pk], alt) for pk, alt in described if pk in left]
        shown.append(Shown(version, photos, len(version.photos) - len(photos), version.changes(after)))
        after = version
    return shown
