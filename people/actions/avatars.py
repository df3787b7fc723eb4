"""A person's avatar, from upload to squares, through the pipeline of photos. Its files are in avatars/<folder>/."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

import imaging
from core.ids import random_folder, random_name
from core.jobs import defer
from core.storage import delete_unused, sweep
from notes.photos import pipeline
from profiles.models import User

MIDDLE = imaging.Square()
SMALLEST, *_ = ROLES = [f"square{size}" for size in imaging.SQUARES]
NAMES = [f"{role}.{extension}" for role in ROLES for extension in ("avif", "jpg")]


def receive_avatar(*, person: User, file: UploadedFile, square: imaging.Square = MIDDLE) -> None:
    """Store an inspected upload; a job crops it to the avatar. Until then the old avatar is shown."""
    folder = random_folder()
    pipeline.receive(_storage_folder(folder), file)
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
            squares = pipeline.render(imaging.render_square, _path(folder, pipeline.ORIGINAL), square)
        except imaging.Refused as refused:
            if refused.reason == imaging.Refusal.LOST and _is_rendered(folder):
                _show(person_id, folder)  # it was shown before the database was restored
            else:
                _refuse(person_id, folder, refused.reason)
        else:
            pipeline.store(_storage_folder(folder), _of_every_size(squares))
            _show(person_id, folder)
    _finish(folder)


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
    """Delete the files in this folder unless an avatar still uses them. Idempotent."""
    delete_unused("avatars", [folder], _used)


def give_up_avatars() -> None:
    """Refuse uploads whose job will not run again."""
    people = User.objects.exclude(avatar_waiting="").only("avatar_waiting")
    for person in pipeline.forgotten(people, "process_avatar", folder="avatar_waiting"):
        _refuse(person.pk, person.avatar_waiting, imaging.Refusal.LOST)
        _finish(person.avatar_waiting)


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


def _finish(folder: str) -> None:
    """Delete files that an avatar no longer needs."""
    is_shown = User.objects.filter(avatar_folder=folder).exists()
    pipeline.finish(_storage_folder(folder), is_shown=is_shown)


def _refuse(person_id: int, folder: str, reason: imaging.Refusal) -> None:
    User.objects.filter(pk=person_id, avatar_waiting=folder).update(avatar_waiting="", avatar_refused=reason)


def _of_every_size(squares: Sequence[imaging.Rendition]) -> list[imaging.Rendition]:
    """Return squares under every name: an upload too small for the larger square uses its smaller one there."""
    made = {square.file_name: square for square in squares}
    smallest = {square.extension: square for square in squares if square.role == SMALLEST}
    every = [(role, extension) for role in ROLES for extension in smallest]
    return [made.get(f"{role}.{end}") or replace(smallest[end], role=role) for role, end in every]


def _is_rendered(folder: str) -> bool:
    return all(default_storage.exists(_path(folder, name)) for name in NAMES)


@transaction.atomic
def _show(person_id: int, folder: str) -> None:
    held = _lock(person_id)
    if held.avatar_waiting == folder:
        _discard(held.avatar_folder)
        _set(person_id, avatar_token=random_name(), avatar_folder=folder, avatar_waiting="")


def _storage_folder(folder: str) -> str:
    return f"avatars/{folder}"


def _path(folder: str, name: str) -> str:
    return f"{_storage_folder(folder)}/{name}"


def _lock(person_id: int) -> User:
    return User.objects.select_for_update(no_key=True, of=["self"]).get(pk=person_id)


def _set(person_id: int, **fields: str) -> None:
    User.objects.filter(pk=person_id).update(**fields)


def _discard(folder: str) -> None:
    if folder:
        defer("delete_avatar_files", folder=folder)
