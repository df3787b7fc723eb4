"""Ask for less like a note, and take it back."""

from django.db import IntegrityError

from notes.models import Less, Note
from profiles.models import User


def ask_for_less(*, person: User, note: Note) -> None:
    """Show the person less like a note: it leaves their Explore. Idempotent.

    Raises Note.DoesNotExist if the note is deleted at the same moment.
    """
    try:
        Less.objects.bulk_create([Less(person=person, note=note)], ignore_conflicts=True)
    except IntegrityError:
        raise Note.DoesNotExist from None


def take_back(*, person: User, note: int) -> None:
    """Undo `ask_for_less` for one note. Idempotent."""
    Less.objects.filter(person=person, note=note).delete()


def take_all_back(*, person: User) -> None:
    """Undo all of the person's. Idempotent."""
    Less.objects.filter(person=person).delete()
