"""A photo's way from upload to renditions.

Whoever locks both photos and their note locks the photos first.
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

from notes import photos, tasks
from notes.actions.files import delete_files, remove_photos
from notes.actions.publishing import settle
from notes.models import Note, Photo
from notes.models.photo import FILE_NAME_MAX
from redbook import confined
from redbook.storage import backup_runs, delete_file, delete_folder

KEEP_LOOSE = timedelta(days=1)


@transaction.atomic
def receive_photo(*, owner: Any, file: UploadedFile, facts: photos.Facts, alt: str = "") -> Photo:
    """Stores an inspected upload as a loose photo of its owner; decoding waits for a job."""
    photo = Photo(owner=owner, width=facts.width, height=facts.height, alt=alt)
    photo.file_name = "".join(filter(str.isprintable, file.name or ""))[:FILE_NAME_MAX]
    photo.is_animated = facts.is_animated
    photo.snap = photos.snap(facts.width, facts.height)
    photo.digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    default_storage.save(photo.original, file)
    photo.save()
    tasks.defer_photo(photo.pk)
    return photo


def process_photo(photo_id: int) -> None:
    """Decodes a received photo into its renditions, or marks it failed; then settles its note.

    Safe to run twice: a photo that is ready, failed or gone only loses what a run before this one left lying.
    """
    photo = Photo.objects.filter(pk=photo_id).first()
    if photo is None:
        return
    if photo.state == Photo.State.RECEIVED:
        try:
            outcome = _render(photo)
        except (photos.Refused, confined.Killed, FileNotFoundError) as error:
            _finish(photo, state=Photo.State.FAILED, reason=_why(error))
        else:
            _finish(photo, state=Photo.State.READY, file_name="", **outcome)
    _tidy(photo)


def _render(photo: Photo) -> dict[str, Any]:
    """Makes the renditions of an upload, or of its master where it was deleted already: a restored database may not
    know yet that the photo was ready. Returns what they tell of the photo, by field.

    Raises FileNotFoundError without either, photos.Refused and confined.Killed.
    """
    try:
        return store(photo, confined.run(photos.render, upload_of(photo)))
    except FileNotFoundError:
        rendered = confined.run(photos.render, master_of(photo))
    for rendition in rendered.renditions:
        if not default_storage.exists(photo.path(f"{rendition.role}.{rendition.extension}")):
            put(photo, rendition)
    return facts_of(rendered)


def upload_of(photo: Photo) -> BytesIO:
    """The uploaded file, as it can be given to a child process. Raises FileNotFoundError."""
    with default_storage.open(photo.original) as original:
        return BytesIO(original.read())


def _why(error: Exception) -> photos.Refusal:
    if isinstance(error, photos.Refused):
        return error.reason
    return photos.Refusal.TOO_HARD if isinstance(error, confined.Killed) else photos.Refusal.LOST


def master_of(photo: Photo) -> BytesIO:
    """The master, likewise. Raises FileNotFoundError."""
    with default_storage.open(photo.path("master.jpg")) as master:
        return BytesIO(master.read())


def renew_renditions(photo: Photo) -> None:
    """Makes a ready photo's renditions again, from its master, as they are made of a new upload now.

    Safe to run twice, and beside a deletion. Raises FileNotFoundError without a master, and photos.Refused.
    """
    framing = photo.framings.filter(is_shown=True).first()
    if framing:
        rendered = photos.render_frame(master_of(photo), framing.frame).rendered
        renditions, fingerprint = rendered.renditions, rendered.fingerprint
    else:
        renditions, fingerprint = photos.render_again(master_of(photo), photo.width, photo.height)
    for rendition in renditions:
        put(photo, rendition)
    roles = list(dict.fromkeys(rendition.role for rendition in renditions))
    if not Photo.objects.filter(pk=photo.pk).update(roles=roles, fingerprint=fingerprint):
        delete_files([photo.folder])


def store(photo: Photo, rendered: photos.Rendered) -> dict[str, Any]:
    """Puts the renditions where the photo's files lie; returns what they tell of the photo, by field."""
    for rendition in (*rendered.renditions, rendered.master):
        put(photo, rendition)
    return facts_of(rendered)


def facts_of(rendered: photos.Rendered) -> dict[str, Any]:
    return {
        "width": rendered.width,
        "height": rendered.height,
        "tone": rendered.tone,
        "snap": rendered.snap,
        "fingerprint": rendered.fingerprint,
        "roles": list(dict.fromkeys(rendition.role for rendition in rendered.renditions)),
    }


def put(photo: Photo, rendition: photos.Rendition) -> None:
    default_storage.save(
        photo.path(f"{rendition.role}.{rendition.extension}"), ContentFile(rendition.content)
    )


def _finish(photo: Photo, **outcome: Any) -> None:
    """Says of a photo that still waits what came of it, and moves its note on."""
    with transaction.atomic():
        found = Photo.objects.filter(pk=photo.pk, state=Photo.State.RECEIVED).update(**outcome)
        note = Note.objects.select_for_update(no_key=True, of=["self"]).filter(photos=photo).first()
        if found and note:
            settle(note)


def _tidy(photo: Photo) -> None:
    """Deletes what a photo that is done with has no use for: its upload, and all files of one that failed or is gone.

    What it is now counts, not what this run made of it: another may have been quicker.
    """
    state = Photo.objects.filter(pk=photo.pk).values_list("state", flat=True).first()
    if state == Photo.State.READY:
        delete_file(photo.original)
    elif state is None or state == Photo.State.FAILED:
        delete_folder(f"photos/{photo.folder}")


def give_up_photos() -> None:
    """Marks as failed the photos that no job will decode any more: its tries are used up, or it was taken away.

    One that has a master was ready before its database was restored: it gets a job again.
    """
    if backup_runs():
        return
    waiting = list(Photo.objects.waiting())
    in_hand = tasks.photos_in_hand()  # asked later: a photo and its job come in one transaction
    for photo in waiting:
        if photo.pk in in_hand:
            continue
        if default_storage.exists(photo.path("master.jpg")):
            tasks.defer_photo(photo.pk)
        else:
            _finish(photo, state=Photo.State.FAILED, reason=photos.Refusal.LOST)
            _tidy(photo)


def sweep_loose_photos() -> None:
    """Deletes photos that were uploaded over a day ago and never became part of a note."""
    remove_photos(
        photos_gone=Photo.objects.filter(note__isnull=True, created_at__lt=timezone.now() - KEEP_LOOSE)
    )
