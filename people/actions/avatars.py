"""A person's avatar, from upload to squares. Files are stored under avatars/<folder>/."""

from dataclasses import asdict
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

import imaging
from core import sandbox
from core.ids import random_folder, random_name
from core.jobs import defer, unfinished
from core.storage import backup_runs, delete_file, delete_folder, sweep
from profiles.models import User

ORIGINAL = "original"
MIDDLE = imaging.Square()
SMALLEST, *_ = ROLES = [f"square{size}" for size in imaging.SQUARES]
NAMES = [f"{role}.{extension}" for role in ROLES for extension in ("avif", "jpg")]


def receive_avatar(*, person: User, file: UploadedFile, square: imaging.Square = MIDDLE) -> None:
    """Store an inspected upload; a job crops it to the avatar. Until then the old avatar is shown."""
    folder = random_folder()
    default_storage.save(_path(folder, ORIGINAL), file)
    with transaction.atomic():
        _discard(_lock(person.pk).avatar_waiting)
        _set(person.pk, avatar_waiting=folder, avatar_refused="")
        defer("process_avatar", person_id=person.pk, folder=folder, square=asdict(square))


def process_avatar(person_id: int, folder: str, square: imaging.Square = MIDDLE) -> None:
    """Render the upload in this folder as the avatar, or store why it was refused; then delete the upload.
    Idempotent.
    """
    if User.objects.filter(pk=person_id, avatar_waiting=folder).exists():
        try:
            with default_storage.open(_path(folder, ORIGINAL)) as original:
                squares = sandbox.run(imaging.render_square, BytesIO(original.read()), square)
        except imaging.Refused as error:
            _refuse(person_id, folder, error.reason)
        except sandbox.Killed:
            _refuse(person_id, folder, imaging.Refusal.TOO_HARD)
        except FileNotFoundError:
            if all(default_storage.exists(_path(folder, name)) for name in NAMES):
                _show(person_id, folder)  # it was shown before the database was restored
            else:
                _refuse(person_id, folder, imaging.Refusal.LOST)
        else:
            _store(folder, {f"{square.role}.{square.extension}": square.content for square in squares})
            _show(person_id, folder)
    _tidy(folder)


def remove_avatar(*, person: User) -> None:
    with transaction.atomic():
        held = _lock(person.pk)
        _discard(held.avatar_waiting)
        _discard(held.avatar_folder)
        _set(person.pk, avatar_token="", avatar_folder="", avatar_waiting="", avatar_refused="")


def picture_of(person: User) -> str:
    """Return the storage path of the largest square of the current avatar."""
    return _path(person.avatar_folder, f"{ROLES[-1]}.jpg")


def delete_avatar_files(folder: str) -> None:
    delete_folder(f"avatars/{folder}")


def give_up_avatars() -> None:
    """Refuse uploads whose job will not run again."""
    if backup_runs():
        return
    waiting = list(User.objects.exclude(avatar_waiting="").values_list("pk", "avatar_waiting"))
    # Queried second: an upload and its job are committed in one transaction.
    in_hand = unfinished("process_avatar", "folder")
    for person_id, folder in waiting:
        if folder not in in_hand:
            _refuse(person_id, folder, imaging.Refusal.LOST)
            _tidy(folder)


def sweep_avatars(*, turn: int) -> None:
    """Delete old files that no avatar refers to."""
    sweep("avatars", turn, _used)


def _used(folders: list[str]) -> set[str]:
    fields = ("avatar_folder", "avatar_waiting")
    return {
        folder
        for field in fields
        for folder in User.objects.filter(**{f"{field}__in": folders}).values_list(field, flat=True)
    }


def _tidy(folder: str) -> None:
    """Delete files that are no longer needed: the upload of a shown avatar, or all files of a discarded one."""
    if User.objects.filter(avatar_folder=folder).exists():
        delete_file(_path(folder, ORIGINAL))
    else:
        delete_avatar_files(folder)


def _refuse(person_id: int, folder: str, reason: imaging.Refusal) -> None:
    User.objects.filter(pk=person_id, avatar_waiting=folder).update(avatar_waiting="", avatar_refused=reason)


def _store(folder: str, squares: dict[str, bytes]) -> None:
    """Store the squares under every name: an upload too small for the larger square uses its smaller one there."""
    for name in NAMES:
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
        defer("delete_avatar_files", folder=folder)
