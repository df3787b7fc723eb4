from django.db import transaction

from notes.models import Collect, Like, Note
from profiles.models import User


def like(*, person: User, note: Note) -> None:
    """Like a note. Idempotent. Raises IntegrityError if the note is deleted at the same moment."""
    Like.objects.bulk_create([Like(person=person, note=note)], ignore_conflicts=True)


@transaction.atomic
def unlike(*, person: User, note: Note) -> None:
    """Take a like back. Idempotent."""
    Note.objects.filter(pk=note.pk).lock()
    Like.objects.filter(person=person, note=note).delete()


def collect(*, person: User, note: Note) -> None:
    """Save a note. Idempotent. Raises IntegrityError if the note is deleted at the same moment."""
    Collect.objects.bulk_create([Collect(person=person, note=note)], ignore_conflicts=True)


@transaction.atomic
def uncollect(*, person: User, note: Note) -> None:
    """Remove a note from the saved ones, and so from all of the person's collections. Idempotent."""
    Note.objects.filter(pk=note.pk).lock()
    Collect.objects.filter(person=person, note=note).delete()
