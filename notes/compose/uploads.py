"""Photos that arrive with a compose form, or ahead of it, one request each."""

from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

import imaging
from core.limits import TooMany, spend
from core.storage import StorageAway
from notes.compose.actions import start_draft
from notes.compose.photo_list import PhotoList
from notes.compose.submission import Submission
from notes.forms import STORAGE_AWAY, refusal_of
from notes.models import Note, Photo, Upload
from notes.models.note import PHOTOS_MAX
from notes.photos import pipeline
from notes.photos.actions import KEEP_LOOSE, receive_photo
from notes.photos.files import remove_photos
from profiles.models import User


def receive_photos(*, owner: User, submission: Submission, photo_list: PhotoList) -> None:
    """Store the photos that came with a form, attached to no note yet, and add them to its list. The list says which
    were not accepted, and why.

    A form that is sent twice counts once towards the limit.
    """
    files = submission.new_photos
    digests = [new.digest for new in files]
    try:
        spend(
            "photos",
            owner,
            len(files),
            once="/".join([str(submission.key), *digests]) if submission.key else "",
        )
    except TooMany as error:
        photo_list.is_limited = True
        photo_list.refused.append(str(error))
        return
    fitting = files[: max(photo_list.room, 0)]
    photo_list.left_out += len(files) - len(fitting)
    for place, new in enumerate(fitting):
        try:
            facts = pipeline.check(new.file)
            photo = receive_photo(owner=owner, file=new.file, facts=facts)
        except imaging.Refused as refused:
            photo_list.refused.append(refusal_of(new.file.name, refused.reason))
        except StorageAway:
            photo_list.is_away = True
            photo_list.refused.append(str(STORAGE_AWAY))
            return
        else:
            photo_list.add(photo, new.alt)
            if place == submission.new_cover:
                photo_list.cover = photo


@transaction.atomic
def receive_upload(
    *, owner: User, key: UUID, file: UploadedFile, facts: imaging.Facts, note_key: UUID | None, place: int = 0
) -> Photo | None:
    """Attach an uploaded photo to the draft with `note_key`, created if missing, at this place or the next free one.

    Without a key, or if that note is published, scheduled or full, the photo stays unattached until a form names it.
    An upload repeated under its key returns the same photo; None if it was taken back.
    """
    upload, is_new = _of_key(owner, key)
    if not is_new:
        return upload.photo
    upload.photo = receive_photo(owner=owner, file=file, facts=facts)
    upload.save(update_fields=["photo"])
    if note_key:
        _join(upload.photo, start_draft(author=owner, key=note_key), place)
    return upload.photo


def _of_key(owner: User, key: UUID) -> tuple[Upload, bool]:
    """Return the upload under this key, and whether this request created it. Waits for a concurrent upload."""
    try:
        with transaction.atomic():
            return Upload.objects.create(owner=owner, key=key), True
    except IntegrityError:
        return Upload.objects.select_related("photo__note").get(owner=owner, key=key), False


def _join(photo: Photo, note: Note, place: int) -> None:
    drafts = Note.objects.filter(status=Note.Status.DRAFT, scheduled_for__isnull=True)
    draft = drafts.select_for_update(no_key=True).filter(pk=note.pk).first()
    if draft is None:
        return
    free = sorted(set(range(PHOTOS_MAX)).difference(draft.photos.values_list("position", flat=True)))
    if free:
        photo.note, photo.position = draft, next((each for each in free if each >= place), free[0])
        photo.save(update_fields=["note", "position"])


@transaction.atomic
def take_back(*, owner: User, key: UUID) -> None:
    """Delete the photo uploaded under this key unless its note is published, or an edit waits for it. An upload still
    to come is refused.
    """
    upload, _ = _of_key(owner, key)
    if upload.photo_id is None:
        return
    photo = Photo.objects.filter(pk=upload.photo_id)
    list(
        photo.select_for_update()
    )  # publishing locks the photo, so only now is it certain whether the note is published
    loose = Q(note=None, pending_edit=None, hidden_in=None)
    remove_photos(photos_gone=photo.filter(loose | Q(note__status=Note.Status.DRAFT)))


@transaction.atomic
def sweep_uploads() -> None:
    """Delete upload keys that are over a day old, and empty drafts of the same age that uploads created."""
    long_ago = timezone.now() - KEEP_LOOSE
    Upload.objects.filter(created_at__lt=long_ago).delete()
    wordless = dict.fromkeys(("title", "body", "place", "partner", "typed"), "")
    old = Note.objects.filter(status=Note.Status.DRAFT, created_at__lt=long_ago, **wordless)
    empty = old.filter(photos=None, taggings=None)
    found = list(empty.values_list("pk", flat=True))
    Note.objects.filter(
        pk__in=found
    ).lock()  # a concurrent upload either joins first or finds the draft deleted
    empty.filter(pk__in=found).delete()
