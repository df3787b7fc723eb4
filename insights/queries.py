"""What insights read of the rows below."""

from typing import Any

from django.db.models import QuerySet

from notes.models import Note, NoteReader, Photo


def readable(viewer: Any) -> QuerySet[Note]:
    """The live notes that the viewer may open and is counted as a reader of: others', and not as a moderator."""
    notes = Note.objects.live().visible_to(viewer).exclude(author=viewer)
    return notes.none() if viewer.is_staff else notes


def photo_count(note: Note) -> int:
    """How many photos the page of the note shows to others."""
    return Photo.objects.filter(note=note, state=Photo.State.READY).count()


def reached(viewer: Any, note: Note) -> int:
    """The furthest photo that is known to be seen, or 0."""
    found = NoteReader.objects.filter(note=note, person=viewer).values_list("reached", flat=True).first()
    return found or 0
