"""The label tile of Explore, and the labels in use that newcomers are shown as examples."""

from datetime import timedelta
from functools import lru_cache
from time import monotonic
from typing import NamedTuple
from zlib import crc32

from django.utils import timezone

from core.zones import site_day
from notes.cards import Author, author_of
from notes.models import Note
from notes.models.declared import UsedLabel, faces_of_label, still_shown, used_labels
from profiles.models import Viewer

NEWCOMER_FOR = timedelta(days=14)
RECENT_NOTES, RECENT_DAYS = 1000, 7  # as for channels
LABELS = 12


class Tile(NamedTuple):
    """A label, the number of people who declare it (UsedLabel.people), and some of their avatars."""

    wording: str
    slug: str
    people: int
    faces: tuple[Author, ...]


def labels_now() -> list[UsedLabel]:
    """Return up to LABELS labels in use whose notes are answered, best first; cached for a minute, without labels
    hidden since.
    """
    return still_shown(_labels(int(monotonic() // 60)))


def tile_for(viewer: Viewer, after: str) -> Tile | None:
    """Return the label tile for the page of Explore after the cursor, for visitors and newcomers; None otherwise.

    The first page shows the best label, later pages one of the others, chosen by the cursor. People the viewer may not
    see or has muted are left out; without any, there is no tile.
    """
    if viewer.is_authenticated and timezone.now() - viewer.date_joined > NEWCOMER_FOR:
        return None
    best, *others = [*_labels(int(monotonic() // 60)), None]
    label = others[crc32(after.encode()) % len(others)] if after and others else best
    if label is None:
        return None
    faces = tuple(author_of(person) for person in faces_of_label(viewer=viewer, label=label.pk))
    return Tile(label.wording, label.slug, label.people, faces) if faces else None


@lru_cache(1)
def _labels(minute: int) -> tuple[UsedLabel, ...]:
    public = Note.objects.public().filter(author__is_counted=True, author__is_indexed=True)
    recent = public.order_by("-published_at", "-id").values_list("id", "author_id")[:RECENT_NOTES]
    return used_labels(recent, since=site_day() - timedelta(days=RECENT_DAYS), most=LABELS)
