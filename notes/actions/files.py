"""The files behind photos: their public names, and their way out."""

from typing import BinaryIO

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet

from notes import tasks
from notes.models import Photo
from redbook.ids import random_name
from redbook.storage import delete_folder, sweep


def renew_names(rows: QuerySet[Photo]) -> None:
    """Gives photos new public names: the old addresses answer 404 once this transaction is done."""
    renamed = list(rows.only("pk"))
    for photo in renamed:
        photo.token = random_name()
    Photo.objects.bulk_update(renamed, ["token"], batch_size=500)


def remove_photos(*, photos_gone: QuerySet[Photo]) -> None:
    """Deletes photos; a job deletes their files once that is certain. Locks them before what refers to them."""
    with transaction.atomic():
        locked = photos_gone.select_for_update(of=["self"]).order_by("pk")
        folders = list(locked.values_list("folder", flat=True))
        if folders:
            photos_gone.delete()
            tasks.defer_files(folders)


def delete_files(folders: list[str]) -> None:
    """Deletes the files in these folders that no photo uses any more."""
    for folder in set(folders) - _used(folders):
        delete_folder(f"photos/{folder}")


def sweep_files(*, turn: int) -> None:
    """Deletes old files that no photo names, as a process that is killed between file and row leaves them."""
    sweep("photos", turn, _used)


def _used(folders: list[str]) -> set[str]:
    return set(Photo.objects.filter(folder__in=folders).values_list("folder", flat=True))


def open_rendition(photo: Photo, name: str) -> BinaryIO:
    """A stored rendition, `<role>.<extension>`. Raises FileNotFoundError."""
    return default_storage.open(photo.path(name))  # type: ignore[return-value]
