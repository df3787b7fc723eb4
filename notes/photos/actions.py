"""A photo's way from upload to renditions.

Lock order: photos before their note.
"""

import hashlib
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

import imaging
from core import sandbox
from core.jobs import defer, unfinished
from core.storage import backup_runs, delete_file, delete_folder
from notes.models import Note, Photo
from notes.models.photo import FILE_NAME_MAX
from notes.photos.files import delete_files, remove_photos
from notes.photos.publishing import finish_publishing
from profiles.models import User

KEEP_LOOSE = timedelta(days=1)


@transaction.atomic
def receive_photo(*, owner: User, file: UploadedFile, facts: imaging.Facts, alt: str = "") -> Photo:
    """Store an inspected upload as a photo that belongs to no note yet. A job decodes it."""
    photo = Photo(owner=owner, width=facts.width, height=facts.height, alt=alt)
    photo.file_name = "".join(filter(str.isprintable, file.name or ""))[:FILE_NAME_MAX]
    photo.is_animated = facts.is_animated
    photo.snap = imaging.snap(facts.width, facts.height)
    photo.digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    default_storage.save(photo.original, file)
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
        except (imaging.Refused, sandbox.Killed, FileNotFoundError) as error:
            _finish(photo, state=Photo.State.FAILED, reason=_why(error))
        else:
            _finish(photo, state=Photo.State.READY, file_name="", **outcome)
    _tidy(photo)


def _render(photo: Photo) -> dict[str, Any]:
    """Render an upload, or its master if the upload was deleted already (a restored database may not know yet that the
    photo was ready). Return the photo's fields.

    Raises FileNotFoundError if neither exists, imaging.Refused and sandbox.Killed.
    """
    try:
        return store(photo, sandbox.run(imaging.render, upload_of(photo)))
    except FileNotFoundError:
        rendered = sandbox.run(imaging.render, master_of(photo))
    for rendition in rendered.renditions:
        if not default_storage.exists(photo.path(f"{rendition.role}.{rendition.extension}")):
            put(photo, rendition)
    return facts_of(rendered)


def upload_of(photo: Photo) -> BytesIO:
    """Return the uploaded file in a form that can be passed to a child process. Raises FileNotFoundError."""
    with default_storage.open(photo.original) as original:
        return BytesIO(original.read())


def _why(error: Exception) -> imaging.Refusal:
    if isinstance(error, imaging.Refused):
        return error.reason
    return imaging.Refusal.TOO_HARD if isinstance(error, sandbox.Killed) else imaging.Refusal.LOST


def master_of(photo: Photo) -> BytesIO:
    """Return the master in a form that can be passed to a child process. Raises FileNotFoundError."""
    with default_storage.open(photo.path("master.jpg")) as master:
        return BytesIO(master.read())


def renew_renditions(photo: Photo) -> None:
    """Render a ready photo again from its master, as a new upload would be rendered now. Idempotent; safe beside a
    deletion.

    Raises FileNotFoundError without a master, and imaging.Refused.
    """
    framing = photo.framings.filter(is_shown=True).first()
    if framing:
        rendered = imaging.render_crop(master_of(photo), framing.area).rendered
        renditions, fingerprint = rendered.renditions, rendered.fingerprint
    else:
        renditions, fingerprint = imaging.render_again(master_of(photo), photo.width, photo.height)
    for rendition in renditions:
        put(photo, rendition)
    roles = list(dict.fromkeys(rendition.role for rendition in renditions))
    if not Photo.objects.filter(pk=photo.pk).update(roles=roles, fingerprint=fingerprint):
        delete_files([photo.folder])


def store(photo: Photo, rendered: imaging.Rendered) -> dict[str, Any]:
    """Store the renditions in the photo's folder. Return the photo's fields."""
    for rendition in (*rendered.renditions, rendered.master):
        put(photo, rendition)
    return facts_of(rendered)


def facts_of(rendered: imaging.Rendered) -> dict[str, Any]:
    return {
        "width": rendered.width,
        "height": rendered.height,
        "tone": rendered.tone,
        "snap": rendered.snap,
        "fingerprint": rendered.fingerprint,
        "roles": list(dict.fromkeys(rendition.role for rendition in rendered.renditions)),
    }


def put(photo: Photo, rendition: imaging.Rendition) -> None:
    default_storage.save(
        photo.path(f"{rendition.role}.{rendition.extension}"), ContentFile(rendition.content)
    )


def _finish(photo: Photo, **outcome: Any) -> None:
    """Set the result of a photo that is still being processed, and update its note."""
    with transaction.atomic():
        found = Photo.objects.filter(pk=photo.pk, state=Photo.State.RECEIVED).update(**outcome)
        note = Note.objects.select_for_update(no_key=True, of=["self"]).filter(photos=photo).first()
        if found and note:
            finish_publishing(note)


def _tidy(photo: Photo) -> None:
    """Delete files a finished photo does not need: its upload, or all files if it failed or was deleted.

    Reads the photo's current state rather than this run's result: another run may have been quicker.
    """
    state = Photo.objects.filter(pk=photo.pk).values_list("state", flat=True).first()
    if state == Photo.State.READY:
        delete_file(photo.original)
    elif state is None or state == Photo.State.FAILED:
        delete_folder(f"photos/{photo.folder}")


def give_up_photos() -> None:
    """Mark photos as failed whose job will not run again: out of retries, or deleted.

    A photo with a master was ready before its database was restored: it gets a job again.
    """
    if backup_runs():
        return
    waiting = list(Photo.objects.waiting())
    # Queried second: a photo and its job are committed in one transaction.
    in_hand = unfinished("process_photo", "photo_id")
    for photo in waiting:
        if photo.pk in in_hand:
            continue
        if default_storage.exists(photo.path("master.jpg")):
            defer("process_photo", photo_id=photo.pk)
        else:
            _finish(photo, state=Photo.State.FAILED, reason=imaging.Refusal.LOST)
            _tidy(photo)


def sweep_loose_photos() -> None:
    """Delete photos that were uploaded over a day ago and never became part of a note."""
    remove_photos(
        photos_gone=Photo.objects.filter(note__isnull=True, created_at__lt=timezone.now() - KEEP_LOOSE)
    )
