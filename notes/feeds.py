"""Every list of notes that has a name, a page at a time, for its viewer."""

from functools import lru_cache
from time import monotonic
from typing import Any

from django.db.models import Count, Q, QuerySet
from taggit.models import Tag

from notes.models import Collect, Like, Note
from notes.models.visibility import declares, follows_author
from redbook.pages import PAGE_SIZE, Page, keyset

CHANNELS = 12
RELATED = 12


def explore(viewer: Any, after: str = "", channel: Tag | None = None) -> Page[Note]:
    """Public notes by score."""
    return _page(viewer, _in_channel(viewer, channel), "score", after)


def latest(viewer: Any, after: str = "", channel: Tag | None = None) -> Page[Note]:
    """Public notes, newest first."""
    return _page(viewer, _in_channel(viewer, channel), "published_at", after)


def following(viewer: Any, after: str = "") -> Page[Note]:
    """Notes of those the viewer follows, newest first."""
    rows = Note.objects.live().filter(follows_author(viewer)).visible_to(viewer).wanted_by(viewer)
    return _page(viewer, rows, "published_at", after)


def tagged(viewer: Any, tag: Tag, after: str = "") -> Page[Note]:
    return latest(viewer, after, tag)


def labelled(viewer: Any, label: Any, after: str = "") -> Page[Note]:
    """Public notes of the people who declare this label now, newest first."""
    return _page(viewer, Note.objects.public_to(viewer).filter(declares(label)), "published_at", after)


def at_campus(viewer: Any, campus: Any, after: str = "") -> Page[Note]:
    return _page(viewer, Note.objects.public_to(viewer).filter(campus=campus), "published_at", after)


def by_author(viewer: Any, author: Any, after: str = "") -> Page[Note]:
    """What the viewer may see of one author's published notes, newest first."""
    rows = Note.objects.filter(author=author, published_at__isnull=False).exclude(status=Note.Status.DRAFT)
    return _page(viewer, rows.visible_to(viewer), "published_at", after)


def unpublished(author: Any) -> list[Note]:
    """The author's own drafts and first publications that wait for their photos, newest first."""
    first = Q(status=Note.Status.PROCESSING, published_at__isnull=True)
    rows = Note.objects.filter(Q(status=Note.Status.DRAFT) | first, author=author)
    return list(rows.for_cards().order_by("-created_at", "-id")[:100])


def collected(viewer: Any, after: str = "") -> Page[Note]:
    """What the viewer collected, last collected first, as far as it may still be seen."""
    rows = Collect.objects.filter(person=viewer, note__in=Note.objects.live().visible_to(viewer))
    page = keyset(rows, "pk", after)
    notes = Note.objects.for_cards().in_bulk([row.note_id for row in page.rows])
    found = [notes[row.note_id] for row in page.rows if row.note_id in notes]
    return Page(with_reactions(viewer, found), page.after)


def more_by_author(viewer: Any, note: Note) -> list[Note]:
    """The author's other notes, newest first; their reactions are for the caller to fetch."""
    rows = Note.objects.live().visible_to(viewer).filter(author=note.author_id).exclude(pk=note.pk)
    return list(rows.for_cards().order_by("-published_at", "-id")[:RELATED])


def more_with_tags(viewer: Any, note: Note, tags: list[Tag]) -> list[Note]:
    """Other people's public notes with one of these tags, best first; reactions as above."""
    if not tags:
        return []
    rows = Note.objects.public_to(viewer).filter(taggings__tag__in=tags).exclude(author=note.author_id)
    return list(rows.for_cards().distinct().order_by("-score", "-id")[:RELATED])


def channel_bar() -> list[Tag]:
    """`channels` as they were within the last minute."""
    return _channels_in(int(monotonic() // 60))


@lru_cache(1)
def _channels_in(minute: int) -> list[Tag]:
    return channels()


def channels() -> list[Tag]:
    """The tags with the most notes among the last thousand published."""
    recent = Note.objects.public().order_by("-published_at", "-id")[:1000]
    busiest = Tag.objects.filter(notes_taggednote_items__content_object__in=recent.values("pk"))
    return list(busiest.annotate(notes=Count("pk")).order_by("-notes", "name")[:CHANNELS])


def with_reactions(viewer: Any, notes: list[Note]) -> list[Note]:
    """Marks the notes that the viewer likes and has collected, in two queries."""
    if viewer.is_authenticated and notes:
        keys = [note.pk for note in notes]
        liked, kept = (
            set(rows.objects.filter(person=viewer, note_id__in=keys).values_list("note_id", flat=True))
            for rows in (Like, Collect)
        )
        for note in notes:
            note.liked, note.collected = note.pk in liked, note.pk in kept
    return notes


def _in_channel(viewer: Any, channel: Tag | None) -> QuerySet[Note]:
    notes = Note.objects.public_to(viewer)
    return notes.tagged(channel) if channel else notes


def _page(viewer: Any, rows: Any, field: str, after: str) -> Page[Note]:
    """Of rows that are all visible to the viewer."""
    page = keyset(rows.for_cards(), field, after, PAGE_SIZE)
    return Page(with_reactions(viewer, page.rows), page.after)
