"""What parts of a note's page show: their HTML is kept by it (`kept` in core/templatetags/redbook.py)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse
from taggit.models import Tag

from core.templatetags.redbook import day
from notes.models import Note
from notes.models.muting import mutes_tag_alone
from notes.note_page.figures import Figures
from profiles.models import Viewer


class Menu(NamedTuple):
    """Everything the menu of a note shows."""

    note: int
    address: str
    is_live: bool
    has_link: bool  # whether others may have the link
    is_own: bool
    is_pinned: bool
    can_be_pinned: bool
    is_signed_in: bool
    is_moderator: bool
    author: str
    handle: str
    is_muted: bool
    tags: tuple[tuple[str, bool], ...]  # each with whether the viewer mutes it


def menu_of(note: Note, viewer: Viewer, tags: Sequence[Tag]) -> Menu:
    """Return the menu of a note for its viewer. Needs the author, and whether the viewer mutes them."""
    return Menu(
        note.pk,
        note.get_absolute_url(),
        note.is_live,
        note.is_live and note.visibility != Note.Visibility.PRIVATE,
        note.author_id == viewer.pk,
        note.pin_slot is not None,
        note.is_listed,
        viewer.is_authenticated,
        viewer.is_staff,
        note.author.name,
        note.author.handle,
        note.author.muted,  # type: ignore[attr-defined]  # attached by the view
        tuple((tag.name, mutes_tag_alone(viewer, tag.name)) for tag in tags),
    )


class Facts(NamedTuple):
    """When and where a note was made, and who sees it."""

    published_at: datetime | None
    day: str
    edited_at: datetime | None
    edited_day: str
    history: str  # address of its earlier versions, for its author; "" for others
    campus: str
    campus_address: str  # "" where the campus has no page for this note
    place: str
    visibility: str
    seen_by: str
    first_readers: int | None
    why: str
    likers: str  # address of the page that names them; "" without likes
    like_count: int


def facts_of(note: Note, figures: Figures | None) -> Facts:
    """Return the facts of a note; with its figures, what its author reads of its first readers."""
    campus = note.campus
    leads_there = campus and note.is_open and not campus.is_hidden
    return Facts(
        note.published_at,
        day(note.published_at),
        note.edited_at,
        day(note.edited_at),
        reverse("note_history", args=[note.pk]) if figures else "",
        campus.name if campus else "",
        campus.get_absolute_url() if campus and leads_there else "",
        note.place,
        note.visibility,
        note.get_visibility_display(),
        figures.first_readers if figures else None,
        f"/notes/{note.pk}/why/",
        f"/notes/{note.pk}/likes/" if note.like_count and note.is_live else "",
        note.like_count,
    )


class Reacted(NamedTuple):
    """What the buttons of a note show, under the names of a Note (components/reactions.html)."""

    pk: int
    title: str
    liked: bool
    collected: bool
    like_count: int
    collect_count: int
    comment_count: int

    def __str__(self) -> str:
        return self.title


def reacted(note: Note) -> Reacted:
    """Return what the buttons of a note show, with its viewer's reactions."""
    counts = note.like_count, note.collect_count, note.comment_count
    return Reacted(note.pk, str(note), note.liked, note.collected, *counts)
