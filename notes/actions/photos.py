"""A photo's way from upload to renditions.

Whoever locks both photos and their note locks the photos first.
"""

import hashlib
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from notes import photos, tasks
from notes.actions.files import delete_files, remove_photos
from notes.actions.publishing import settle
from notes.models import Note, Photo

KEEP_LOOSE = timedelta(days=1)


@transaction.atomic
def receive_photo(*, owner: Any, file: UploadedFile, facts: photos.Facts, alt: str = "") -> Photo:
    """Stores an inspected upload as a loose photo of its owner; decoding waits for a job."""
    photo = Photo(owner=owner, width=facts.width, height=facts.height, alt=alt)
    photo.snap = photos.snap(facts.width, facts.height)
    photo.digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    default_storage.save(photo.original, file)
    photo.save()
    tasks.defer_photo(photo.pk)
    return photo


def process_photo(photo_id: int) -> None:
    """Decodes a received photo into its renditions, or marks it failed; then settles its note.

    Safe to run twice: a photo that is ready, failed or gone is left alone.
    """
    photo = Photo.objects.filter(pk=photo_id, state=Photo.State.RECEIVED).first()
    if photo is None:
        return
    try:
        with default_storage.open(photo.original) as original:
            rendered = photos.render(original)
    except (photos.Refused, FileNotFoundError, MemoryError) as error:
        reason = error.reason if isinstance(error, photos.Refused) else photos.Refusal.DAMAGED
        _finish(photo, state=Photo.State.FAILED, reason=reason)
        return
    _finish(photo, state=Photo.State.READY, **store(photo, rendered))


def store(photo: Photo, rendered: photos.Rendered) -> dict[str, Any]:
    """Puts the renditions where the photo's files lie; returns what they tell of the photo, by field."""
    for rendition in (*rendered.renditions, rendered.master):
        path = photo.path(f"{rendition.role}.{rendition.extension}")
        default_storage.delete(path)
        default_storage.save(path, ContentFile(rendition.content))
    return {
        "width": rendered.width,
        "height": rendered.height,
        "tone": rendered.tone,
        "snap": rendered.snap,
        "roles": list(dict.fromkeys(rendition.role for rendition in rendered.renditions)),
    }


def _finish(photo: Photo, **outcome: Any) -> None:
    with transaction.atomic():
        found = Photo.objects.filter(pk=photo.pk, state=Photo.State.RECEIVED).update(**outcome)
        note = Note.objects.select_for_update(no_key=True, of=["self"]).filter(photos=photo).first()
        if found and note:
            settle(note)
    if found:
        default_storage.delete(photo.original)
    elif not Photo.objects.filter(pk=photo.pk).exists():
        delete_files([photo.folder])


def sweep_loose_photos() -> None:
    """Deletes photos that were uploaded over a day ago and never became part of a note."""
    remove_photos(
        photos_gone=Photo.objects.filter(note__isnull=True, created_at__lt=timezone.now() - KEEP_LOOSE)
    )
