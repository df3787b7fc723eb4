"""A photo's way from upload to renditions, through pipeline.py.

Lock order: photos before their note.
"""

import hashlib
from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

import imaging
from core.jobs import defer
from notes.models import Note, PendingEdit, Photo
from notes.models.photo import FILE_NAME_MAX
from notes.photos import pipeline
from notes.photos.files import delete_files, remove_photos
from notes.photos.publishing import finish_publishing
from profiles.models import User

KEEP_LOOSE = timedelta(days=1)
MASTER = "master.jpg"


@transaction.atomic
def receive_photo(*, owner: User, file: UploadedFile, facts: imaging.Facts, alt: str = "") -> Photo:
    """Store an inspected upload as a photo that belongs to no note yet. A job decodes it."""
    photo = Photo(owner=owner, width=facts.width, height=facts.height, alt=alt)
    photo.file_name = "".join(filter(str.isprintable, file.name or ""))[:FILE_NAME_MAX]
    photo.is_animated = facts.is_animated
    photo.origin = facts.origin
    photo.snap = imaging.snap(facts.width, facts.height)
    photo.digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    pipeline.receive(photo.storage_folder, file)
    photo.save()
    defer("process_photo", photo_id=photo.pk)
    return photo


def process_photo(photo_id: int) -> None:
    """Decode an uploaded photo into its renditions, or mark it as failed; then update its note. Idempotent.

    For a photo that is ready, failed or deleted, only leftover files of an earlier run are deleted.
    """
    photo = Photo.objects.filter(pk=photo_id).first()
    if photo is None:
        return
    if photo.state == Photo.State.RECEIVED:
        try:
            outcome = _render(photo)
        except imaging.Refused as refused:
            _set_state(photo, state=Photo.State.FAILED, reason=refused.reason)
        else:
            _set_state(photo, state=Photo.State.READY, file_name="", **outcome)
    _finish(photo)


def _render(photo: Photo) -> dict[str, Any]:
    """Render an upload, or its master if the upload was deleted already (a restored database may not know yet that the
    photo was ready). Return the photo's fields. Raises imaging.Refused.
    """
    try:
        return store(photo, pipeline.render(imaging.render, photo.original))
    except imaging.Refused as refused:
        if refused.reason != imaging.Refusal.LOST:
            raise
    rendered = pipeline.render(imaging.render, photo.path(MASTER))
    missing = [each for each in rendered.renditions if not default_storage.exists(photo.path(each.file_name))]
    pipeline.store(photo.storage_folder, missing)
    return facts_of(rendered)


def renew_renditions(photo: Photo) -> None:
    """Render a ready photo again from its master, as a new upload would be rendered now. Idempotent; safe beside a
    deletion.

    Raises FileNotFoundError without a master, and imaging.Refused.
    """
    master = pipeline.read(photo.path(MASTER))
    framing = photo.framings.filter(is_shown=True).first()
    if framing:
        rendered = imaging.render_crop(master, framing.area).rendered
        renditions, fingerprint = rendered.renditions, rendered.fingerprint
    else:
        renditions, fingerprint = imaging.render_again(master, photo.width, photo.height)
    pipeline.store(photo.storage_folder, renditions)
    roles = list(dict.fromkeys(rendition.role for rendition in renditions))
    if not Photo.objects.filter(pk=photo.pk).update(
        roles=roles, fingerprint=fingerprint, fingerprint_version=imaging.VERSION
    ):
        delete_files([photo.folder])


def store(photo: Photo, rendered: imaging.Rendered) -> dict[str, Any]:
    """Store the renditions in the photo's folder. Return the photo's fields."""
    pipeline.store(photo.storage_folder, (*rendered.renditions, rendered.master))
    return facts_of(rendered)


def facts_of(rendered: imaging.Rendered) -> dict[str, Any]:
    return {
        "width": rendered.width,
        "height": rendered.height,
        "tone": rendered.tone,
        "snap": rendered.snap,
        "fingerprint": rendered.fingerprint,
        "fingerprint_version": imaging.VERSION,
        "roles": list(dict.fromkeys(rendition.role for rendition in rendered.renditions)),
    }


def _set_state(photo: Photo, **outcome: Any) -> None:
    """Set the result of a photo that is still being processed, and update its note."""
    with transaction.atomic():
        found = Photo.objects.filter(pk=photo.pk, state=Photo.State.RECEIVED).update(**outcome)
        note = Note.objects.select_for_update(no_key=True, of=["self"]).filter(photos=photo).first()
        if found and note:
            finish_publishing(note)
        edited = PendingEdit.objects.filter(new_photos=photo).values_list("note", flat=True).first()
        if found and edited:
            defer("apply_edit", note_id=edited)  # which locks tags, and photos after them


def _finish(photo: Photo) -> None:
    """Delete files that a photo no longer needs.

    Reads the photo's current state rather than this run's result: another run may have been quicker.
    """
    state = Photo.objects.filter(pk=photo.pk).values_list("state", flat=True).first()
    if state != Photo.State.RECEIVED:
        pipeline.finish(photo.storage_folder, is_shown=state == Photo.State.READY)


def give_up_photos() -> None:
    """Mark photos as failed whose job will not run again.

    A photo with a master was ready before its database was restored: it gets a job again.
    """
    for photo in pipeline.forgotten(Photo.objects.waiting(), "process_photo", photo_id="pk"):
        if default_storage.exists(photo.path(MASTER)):
            defer("process_photo", photo_id=photo.pk)
        else:
            _set_state(photo, state=Photo.State.FAILED, reason=imaging.Refusal.LOST)
            _finish(photo)


def sweep_loose_photos() -> None:
    """Delete photos that were uploaded over a day ago and never became part of a note."""
    loose = Photo.objects.shown().filter(note__isnull=True, pending_edit__isnull=True)
    remove_photos(photos_gone=loose.filter(created_at__lt=timezone.now() - KEEP_LOOSE))
