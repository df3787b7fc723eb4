"""The notes that a person asked to see less like."""

from dataclasses import dataclass
from datetime import datetime

from core.db.keyset import keyset
from notes.models import Less, Note
from profiles.models import User, Viewer


@dataclass(frozen=True)
class Asked:
    """A note that the person asked to see less like; None in place of one that they may no longer open."""

    pk: int
    note: Note | None
    at: datetime


def asked_by(person: User, after: str = "") -> tuple[list[Asked], str]:
    """Return a page of the notes that the person asked to see less like, latest first, and the next cursor."""
    page = keyset(Less.objects.filter(person=person), "pk", after)
    notes = Note.objects.live().meant_for(person).for_cards().in_bulk([row.note_id for row in page.rows])
    return [Asked(row.note_id, notes.get(row.note_id), row.created_at) for row in page.rows], page.after


def has_asked(viewer: Viewer, note: Note) -> bool:
    return viewer.is_authenticated and Less.objects.filter(person=viewer, note=note).exists()
