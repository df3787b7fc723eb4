"""A person's picture, from upload to squares. Files lie in storage under avatars/<folder>/."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from notes import photos
from profiles import tasks
from profiles.models import User
from redbook.ids import random_name

ORIGINAL = "original"
SMALLEST, *_ = ROLES = [f"square{size}" for size in photos.SQUARES]
NAMES = [f"{role}.{extension}" for role in ROLES for extension in ("avif", "jpg")]


def receive_avatar(*, person: User, file: UploadedFile) -> None:
    """Stores an inspected upload; a job makes it the person's picture. Until then the old one is shown."""
    folder = random_name()
    default_storage.save(_path(folder, ORIGINAL), file)
    with transaction.atomic():
        _discard(_lock(person.pk).avatar_waiting)
        _set(person.pk, avatar_waiting=folder, avatar_refused="")
        tasks.defer_avatar(person.pk, folder)


def process_avatar(person_id: int, folder: str) -> None:
    """Decodes the upload that waits in this folder and shows it, or says why not; the upload itself is deleted.

    Safe to run twice.
    """
    if User.objects.filter(pk=person_id, avatar_waiting=folder).exists():
        try:
            with default_storage.open(_path(folder, ORIGINAL)) as original:
                squares = photos.render_square(original)
        except (photos.Refused, FileNotFoundError) as error:
            reason = error.reason if isinstance(error, photos.Refused) else photos.Refusal.DAMAGED
            User.objects.filter(pk=person_id, avatar_waiting=folder).update(
                avatar_waiting="", avatar_refused=reason
            )
        else:
            _store(folder, {f"{square.role}.{square.extension}": square.content for square in squares})
            _show(person_id, folder)
    if User.objects.filter(pk=person_id, avatar_folder=folder).exists():
        default_storage.delete(_path(folder, ORIGINAL))
    else:
        delete_avatar_files(folder)


def remove_avatar(*, person: User) -> None:
    with transaction.atomic():
        held = _lock(person.pk)
        _discard(held.avatar_waiting)
        _discard(held.avatar_folder)
        _set(person.pk, avatar_token="", avatar_folder="", avatar_waiting="", avatar_refused="")


def delete_avatar_files(folder: str) -> None:
    for name in (ORIGINAL, *NAMES):
        default_storage.delete(_path(folder, name))
    default_storage.delete(f"avatars/{folder}")


def _store(folder: str, squares: dict[str, bytes]) -> None:
    """Every name is stored: an upload too small for the larger square has its smallest there."""
    for name in NAMES:
        default_storage.delete(_path(folder, name))
        content = squares.get(name) or squares[f"{SMALLEST}.{name.rpartition('.')[2]}"]
        default_storage.save(_path(folder, name), ContentFile(content))


@transaction.atomic
def _show(person_id: int, folder: str) -> None:
    held = _lock(person_id)
    if held.avatar_waiting == folder:
        _discard(held.avatar_folder)
        _set(person_id, avatar_token=random_name(), avatar_folder=folder, avatar_waiting="")


def _path(folder: str, name: str) -> str:
    return f"avatars/{folder}/{name}"


def _lock(person_id: int) -> User:
    return User.objects.select_for_update(no_key=True, of=["self"]).get(pk=person_id)


def _set(person_id: int, **fields: str) -> None:
    User.objects.filter(pk=person_id).update(**fields)


def _discard(folder: str) -> None:
    if folder:
        tasks.defer_avatar_files(folder)
