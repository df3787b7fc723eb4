"""Reads for the page of one note. Its comments are in comments/threads.py, the notes below it in feeds/lists.py."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from taggit.models import Tag

from core.db.prepared_queries import compiled
from notes.models import Comment, Note, PendingEdit, Photo
from notes.models.declared import DeclaredLabel
from notes.models.tags import not_hidden
from profiles.models import Viewer
from profiles.models.relations import Follows, HasAsked, HasMuted

HIDDEN_SHOWN = 3


def opened(viewer: Viewer, pk: int) -> Note | None:
    """Return the note if the viewer may see it, with its author, their label, and the viewer's relation to the author.

    Tries public notes first, as nearly all that are opened are public.
    """
    found = _public(viewer=viewer, pk=pk) or _visible(viewer=viewer, pk=pk)
    return found[0] if found else None


def photos_of(note: Note) -> list[Photo]:
    return _photos(note=note.pk)


def hidden_photos_of(note: Note) -> list[Photo]:
    """Return the photos that moderators took out of a note. For the note's author alone."""
    return list(Photo.objects.filter(hidden_in=note))


def hidden_comments_of(viewer: Viewer, note: Note) -> list[Comment]:
    """Return the latest comments of this person under the note that moderators hid."""
    return _hidden_comments(person=viewer.pk, note=note.pk) if viewer.is_authenticated else []


def pending_of(note: Note) -> PendingEdit | None:
    """Return the edit of a note that waits for its photos. For the note's author alone."""
    return PendingEdit.objects.filter(note=note).first()


def tags_of(note: Note) -> list[Tag]:
    """Return the note's tags in the order they were added."""
    return _tags(note=note.pk)


@compiled
def _public(*, viewer: Viewer, pk: int) -> QuerySet[Note]:
    return _whole(viewer).public_to(viewer).filter(pk=pk)


@compiled
def _visible(*, viewer: Viewer, pk: int) -> QuerySet[Note]:
    return _whole(viewer).visible_to(viewer).filter(pk=pk)


@compiled
def _photos(*, note: Note) -> QuerySet[Photo]:
    return Photo.objects.filter(note=note)


@compiled
def _hidden_comments(*, person: Any, note: Any) -> QuerySet[Comment]:
    hidden = Comment.objects.filter(hidden_at__isnull=False, deleted_at__isnull=True)
    return hidden.filter(author=person, note=note).order_by("-pk")[:HIDDEN_SHOWN]


@compiled
def _tags(*, note: Note) -> QuerySet[Tag]:
    return (
        not_hidden()
        .filter(notes_taggednote_items__content_object=note)
        .order_by("notes_taggednote_items__pk")
    )


def _whole(viewer: Viewer) -> Any:
    notes = Note.objects.select_related("author", "campus").annotate(author_says=DeclaredLabel("author"))
    if viewer.is_authenticated:
        notes = notes.annotate(
            author_followed=Follows("author", viewer),
            author_asked=HasAsked("author", viewer),
            author_muted=HasMuted("author", viewer),
        )
    return notes.fetch_mode(settings.LAZY_FETCH_MODE)
