"""Pin one's notes to the top of one's profile, and unpin them."""

from django.db import transaction
from django.utils import timezone

from notes.models import Note
from notes.models.note import PINS_MAX
from notes.models.visibility import LISTED
from profiles.models import User


class TooManyPins(Exception):
    """The author has PINS_MAX pinned notes already."""


@transaction.atomic
def pin_note(*, note: Note) -> None:
    """Pin a public note to the profile of its author, before those pinned earlier. Idempotent: a pinned note keeps its
    place.

    Raises TooManyPins, and Note.DoesNotExist if the note is deleted, hidden or no longer public at the same moment. The
    author is locked, so that of two windows one comes second; the database allows each slot once.
    """
    User.objects.filter(pk=note.author_id).lock()
    own = Note.objects.filter(author=note.author_id)
    taken = dict(own.filter(pin_slot__isnull=False).values_list("pk", "pin_slot"))
    if note.pk in taken:
        return
    free = set(range(1, PINS_MAX + 1)) - set(taken.values())
    if not free:
        raise TooManyPins
    if not own.filter(LISTED, pk=note.pk).update(pin_slot=min(free), pinned_at=timezone.now()):
        raise Note.DoesNotExist


def unpin_note(*, note: Note) -> None:
    """Take a note from the top of its author's profile. Idempotent."""
    Note.objects.filter(pk=note.pk).update(pin_slot=None, pinned_at=None)
