from collections.abc import Sequence
from typing import NamedTuple

from taggit.models import Tag

from notes.models import Note
from notes.models.muting import mutes_tag_alone
from profiles.models import Viewer


class Menu(NamedTuple):
    """Everything the menu of a note shows, so that its HTML is kept by it."""

    note: int
    address: str
    is_live: bool
    has_link: bool  # whether others may have the link
    is_own: bool
    is_signed_in: bool
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
        viewer.is_authenticated,
        note.author.name,
        note.author.handle,
        note.author.muted,  # type: ignore[attr-defined]  # attached by the view
        tuple((tag.name, mutes_tag_alone(viewer, tag.name)) for tag in tags),
    )
