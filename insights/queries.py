"""What insights read: the rows that a beacon asks for, and what the Mirror's pages show (insights/reports.py)."""

from typing import Any

from django.db.models import QuerySet

from insights.reports import LabelPage, Mirror, NoteList, NotePage, Period
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


def mirror(person: Any, period: Period) -> Mirror:
    """Return the person's overview. `first_days` is set, and true now, where there is too little to show or the first
    night is yet to come.
    """
    raise NotImplementedError


def note_list(person: Any, period: Period, after: str = "") -> NoteList:
    """Return a page of the person's published notes with their figures, of whatever visibility, the newest first.

    An unreadable cursor starts at the top.
    """
    raise NotImplementedError


def note_page(person: Any, note: int, period: Period) -> NotePage:
    """Return the figures of a published note of the person's. Raise Http404 for drafts and the notes of others."""
    raise NotImplementedError


def label_page(person: Any) -> LabelPage:
    """Return the person's chapters side by side, and what each change of label brought."""
    raise NotImplementedError
