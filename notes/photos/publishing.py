"""Publish notes once their photos are ready."""

from django.utils import timezone

from core.jobs import defer
from notes.mentions.actions import record_mentions
from notes.models import Note, Photo
from profiles.models import Positioning, User


def finish_publishing(note: Note) -> None:
    """Update a locked note that waits for its photos: published once all are ready, a draft if one failed. So is a
    scheduled note of which one failed. Mentions are stored when the note is published.
    """
    if note.scheduled_for and note.photos.filter(state=Photo.State.FAILED).exists():
        note.scheduled_for, note.not_published = None, Note.NotPublished.PHOTO
        note.save(update_fields=["scheduled_for", "not_published", "title_width"])
    if note.status != Note.Status.PROCESSING:
        return
    states = set(Photo.objects.filter(note=note).values_list("state", flat=True))
    if Photo.State.FAILED in states:
        note.status = Note.Status.DRAFT
    elif Photo.State.RECEIVED not in states:
        note.status = Note.Status.PUBLISHED
        if note.published_at is None:
            note.published_at = timezone.now()
            note.positioning = _positioning_of(note.author)
    note.save(update_fields=["status", "published_at", "positioning", "title_width"])
    if note.status == Note.Status.PUBLISHED:
        record_mentions(note=note)
        defer("look_over_note", note_id=note.pk)


def _positioning_of(person: User) -> Positioning | None:
    """Return the person's positioning in force. The person stays locked until the transaction ends, so that the
    positioning is not deleted before a note published under it is stored.
    """
    User.objects.filter(pk=person.pk).lock()
    return person.positionings.current().first()
