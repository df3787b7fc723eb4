"""Record the versions of published notes, and delete them."""

from django.utils import timezone

from notes.history.queries import version_of
from notes.models import Note, NoteVersion

VERSIONS_MAX = 100  # of a note; older ones are deleted


def record_version(*, before: NoteVersion) -> None:
    """Record what a published note said before an edit, and mark the note as edited, if it says something else now.

    Call it in the transaction of the edit, with the note locked.
    """
    note = Note.objects.select_related("campus").get(pk=before.note_id)
    if not before.changes(version_of(note)):
        return
    latest = NoteVersion.objects.filter(note=note).order_by("-pk").first()
    began = latest.until if latest else note.edited_at or note.published_at or note.created_at
    before.since, before.until = began, max(began, timezone.now())
    before.save()
    Note.objects.filter(pk=note.pk).update(edited_at=before.until)
    kept = NoteVersion.objects.filter(note=note).order_by("-pk").values("pk")[:VERSIONS_MAX]
    NoteVersion.objects.filter(note=note).exclude(pk__in=kept).delete()


def delete_version(*, version: NoteVersion) -> None:
    """Delete a version for good. Idempotent."""
    NoteVersion.objects.filter(pk=version.pk).delete()
