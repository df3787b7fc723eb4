"""Look over notes when they are published or edited, and photos when pictures become known: what the jobs do."""

from core.jobs import defer
from moderation.models import KnownPicture
from moderation.pictures.copies import find_copies
from moderation.pictures.labels import check_label
from moderation.pictures.matching import match_known, match_note
from notes.models import Note

KNOWN_AT_ONCE = 500


def look_over_note(note_id: int) -> None:
    """Compare a published note with known pictures, with what others published lately, and its declaration with its
    files. What nobody but its author reads is compared with known abuse of children alone. Idempotent.
    """
    note = Note.objects.filter(pk=note_id, status=Note.Status.PUBLISHED).first()
    if note is None:
        return
    match_note(note=note)
    check_label(note=note)
    find_copies(note=note)


def look_for_known(*, after: int, until: int) -> None:
    """Look for photos like the known pictures with ids in this range, a batch at a time. Idempotent."""
    rows = KnownPicture.objects.in_force().filter(pk__gt=after, pk__lte=until).order_by("pk")
    chosen = list(rows[:KNOWN_AT_ONCE])
    for known in chosen:
        match_known(known=known)
    if len(chosen) == KNOWN_AT_ONCE:
        defer("look_for_known", after=chosen[-1].pk, until=until)
