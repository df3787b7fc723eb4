"""Storage of photos, a folder or a bucket (bucket.py), and the sweep of unused files."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.utils import timezone

from core.models import HeldFolder

SHARDS = 256  # of core.ids.random_folder
MOST_AT_ONCE = 500  # folders that one sweep deletes
KEEP_UNUSED = timedelta(days=1)  # an upload stands in storage before the row that names it
UNUSED = "unused"  # a mark in a folder that a sweep found unused
BACKUP_LOCK = (20_261, 1)  # held by the database session of a backup
log = logging.getLogger(__name__)


class StorageAway(Exception):
    """Storage is full, broken or unreachable. Its files may be available again later."""


class BackupRuns(Exception):
    """A backup is running and may need the file, so nothing is deleted. Try again in a few minutes."""


def backup_runs() -> bool:
    """Return whether a backup is running.

    After a "no", deleting a file is safe: the change that released it is committed, so that the backup's database
    does not name the file.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND (classid, objid) = (%s, %s)"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            BACKUP_LOCK,
        )
        return bool((cursor.fetchone() or [False])[0])


@contextmanager
def told_as_away(*troubles: type[Exception]) -> Iterator[None]:
    """Turn connection errors into StorageAway; a missing file stays a FileNotFoundError."""
    try:
        yield
    except FileNotFoundError:
        raise
    except troubles as error:
        log.error(
            "Storage is unavailable: %s. Check free disk space and MEDIA_ROOT, or the S3 settings.", error
        )
        raise StorageAway(str(error)) from error


class Folder(FileSystemStorage):
    """Storage in MEDIA_ROOT. Replaces a file of the same name; leaves no partly written file behind."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_overwrite": True, **options})

    def _save(self, name: str, content: File) -> str:
        with told_as_away(OSError):
            try:
                return str(super()._save(name, content))  # type: ignore[misc]
            except OSError:
                with suppress(OSError):
                    super().delete(name)
                raise

    def _open(self, name: str, mode: str = "rb") -> File:
        with told_as_away(OSError):
            return super()._open(name, mode)  # type: ignore[misc,no-any-return]

    def stream(self, name: str) -> Any:
        return self.open(name)

    def delete(self, name: str) -> None:
        with told_as_away(OSError):
            super().delete(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with told_as_away(OSError):
            return super().listdir(path)


def stream(path: str) -> Any:
    """Open a file of any size for reading in chunks. Raise FileNotFoundError."""
    return default_storage.stream(path)  # type: ignore[attr-defined]


def delete_file(path: str) -> None:
    """Delete a file that no row refers to any more. Raise BackupRuns."""
    if backup_runs():
        raise BackupRuns
    default_storage.delete(path)


def delete_folder(path: str) -> None:
    """Delete a folder that no row refers to any more, with its files; do nothing if there is none. Raise BackupRuns."""
    if backup_runs():
        raise BackupRuns
    with suppress(FileNotFoundError):
        for name in default_storage.listdir(path)[1]:
            default_storage.delete(f"{path}/{name}")
        default_storage.delete(path)


def delete_unused(root: str, folders: Collection[str], used: Callable[[list[str]], set[str]]) -> None:
    """Delete these folders below `root` except those that `used` returns, and held ones, which who holds them deletes
    afterwards. Idempotent. Raise BackupRuns.
    """
    for folder in set(folders) - used([*folders]) - _held(root, folders):
        delete_folder(f"{root}/{folder}")


def sweep(root: str, turn: int, used: Callable[[list[str]], set[str]]) -> None:
    """Delete unused folders below `root` when they are found unused twice; the first time leaves a mark.

    Each turn looks at one part of SHARDS, and skips folders with anything younger than a day, marks included. `used`
    returns which of some folders are in use. The second look protects a storage that was just restored, with old file
    times, from a database that has not caught up.
    """
    shard = f"{turn % SHARDS:02x}"
    if backup_runs():
        return
    try:
        folders = [f"{shard}/{name}" for name in default_storage.listdir(f"{root}/{shard}")[0]]
    except FileNotFoundError:
        return
    kept = used(folders) | _held(root, folders)
    unused = (f"{root}/{folder}" for folder in sorted(set(folders) - kept)[:MOST_AT_ONCE])
    for path in filter(_is_old, unused):
        if default_storage.exists(f"{path}/{UNUSED}"):
            delete_folder(path)
        else:
            default_storage.save(f"{path}/{UNUSED}", ContentFile(b""))


def hold(paths: Iterable[str], holder: str) -> None:
    """Keep the files in these folders, as "photos/<folder>", until `release`.

    Call it in the transaction that holds locks on the rows that name them: so nothing has let go of the files yet.
    """
    rows = [HeldFolder(path=path, holder=holder) for path in set(paths)]
    HeldFolder.objects.bulk_create(rows, ignore_conflicts=True)


def release(holder: str) -> list[str]:
    """Let go of what the holder kept, and return the folders: the caller has those deleted that nothing uses."""
    held = HeldFolder.objects.filter(holder=holder)
    paths = list(held.values_list("path", flat=True))
    held.delete()
    return paths


def _held(root: str, folders: Collection[str]) -> set[str]:
    paths = HeldFolder.objects.filter(path__in=[f"{root}/{folder}" for folder in folders])
    return {path.removeprefix(f"{root}/") for path in paths.values_list("path", flat=True)}


def _is_old(path: str) -> bool:
    """Return whether nothing in this folder was written within KEEP_UNUSED."""
    try:
        names = default_storage.listdir(path)[1] or [""]  # of an empty one, the folder's own time
        youngest = max(default_storage.get_modified_time(f"{path}/{name}") for name in names)
    except FileNotFoundError:
        return False
    return youngest < timezone.now() - KEEP_UNUSED
