"""The files behind photos: public names, deletion and sweeping."""

from typing import BinaryIO

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet

from core.ids import random_name
from core.jobs import defer
from core.storage import delete_unused, sweep
from notes.models import Photo


def renew_names(rows: QuerySet[Photo]) -> None:
    """Give photos new public names. The old URLs answer 404 as soon as this transaction commits."""
    renamed = list(rows.only("pk"))
    for photo in renamed:
        photo.token = random_name()
    Photo.objects.bulk_update(renamed, ["token"], batch_size=500)


def remove_photos(*, photos_gone: QuerySet[Photo]) -> None:
    """Delete photos, and their files in a job after the commit. Locks the photos before the rows that refer to them."""
    with transaction.atomic():
        locked = photos_gone.select_for_update(of=["self"]).order_by("pk")
        folders = list(locked.values_list("folder", flat=True))
        if folders:
            photos_gone.delete()
            defer("delete_files", folders=folders)


def delete_files(folders: list[str]) -> None:
    """Delete the files in these folders unless a photo still uses them. Idempotent."""
    delete_unused("photos", folders, _used)


def sweep_files(*, turn: int) -> None:
    """Delete old files that no photo refers to. They remain when a process is killed between file and row."""
    sweep("photos", turn, _used)


def _used(folders: list[str]) -> set[str]:
    return set(Photo.objects.filter(folder__in=folders).values_list("folder", flat=True))


def open_rendition(photo: Photo, name: str) -> BinaryIO:
    """Open a stored rendition, `<role>.<extension>`. Raises FileNotFoundError."""
    return default_storage.open(photo.path(name))  # type: ignore[return-value]
