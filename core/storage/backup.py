"""Back up and restore the site: the database at one moment, and every file that it refers to."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection

from core.storage import BACKUP_LOCK, UNUSED, stream

DATABASE, FILES = "database.dump", "media"
ROOTS = ("photos", "avatars", "evidence")  # archives that people ask for are made anew


class CannotCopy(Exception):
    """Backup or restore failed; the message says why."""


def back_up(folder: Path) -> tuple[int, int]:
    """Update the backup in this folder; return how many files were copied, and how many it has.

    The previous backup stays intact until the new one is complete.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _nothing_deleted():
        dump = folder / f"{DATABASE}.new"
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}")
        copied, names = 0, set()
        for name in stored():
            names.add(name)
            copied += _copy_out(name, folder / FILES / name)
    dump.replace(folder / DATABASE)
    for path in [path for path in (folder / FILES).rglob("*") if path.is_file()]:
        if str(path.relative_to(folder / FILES)) not in names:
            path.unlink()
    return copied, len(names)


def restore(folder: Path) -> int:
    """Restore the backup into an empty storage and database; return how many files it has.

    Files are restored first, with new file times, so that sweeps leave them alone for a day.
    """
    if not (folder / DATABASE).is_file():
        raise CannotCopy(f"{folder} holds no backup: there is no {DATABASE}.")
    if connection.introspection.table_names():
        raise CannotCopy("The database is not empty. Make a new one, and set DATABASE_URL to it.")
    if next(stored(), None):
        raise CannotCopy("The storage is not empty. Set MEDIA_ROOT to an empty folder.")
    number = 0
    for path in (path for path in (folder / FILES).rglob("*") if path.is_file()):
        with path.open("rb") as file:
            default_storage.save(str(path.relative_to(folder / FILES)), File(file))
        number += 1
    options = ["--no-owner", "--no-privileges", "--no-comments", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", *options, str(folder / DATABASE))
    return number


def stored() -> Iterator[str]:
    """Yield the names of all files in storage that a backup includes."""
    folders = list(ROOTS)
    while folders:
        folder = folders.pop()
        try:
            below, names = default_storage.listdir(folder)
        except FileNotFoundError:
            continue
        folders += [f"{folder}/{name}" for name in below]
        yield from (f"{folder}/{name}" for name in names if name != UNUSED)


def _copy_out(name: str, target: Path) -> bool:
    """Copy a file from storage unless the backup has it; return False also if it was deleted meanwhile."""
    try:
        written = default_storage.get_modified_time(name)
        if target.is_file() and _is_same(target, default_storage.size(name), written):
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        new = target.with_name(f"{target.name}.new")
        with stream(name) as source, new.open("wb") as file:
            shutil.copyfileobj(source, file)
    except FileNotFoundError:
        return False  # an upload whose request was broken off: no row names it
    os.utime(new, (written.timestamp(), written.timestamp()))
    new.replace(target)
    return True


def _is_same(copy: Path, size: int, written: datetime) -> bool:
    found = copy.stat()
    return found.st_size == size and abs(found.st_mtime - written.timestamp()) < 1


@contextmanager
def _nothing_deleted() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", BACKUP_LOCK)
        if not (cursor.fetchone() or [False])[0]:
            raise CannotCopy("Another backup is being made.")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", BACKUP_LOCK)


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on this database. Raise CannotCopy with its output."""
    parameters, environment = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    *options, name = parameters[1:]
    command = [program, "--no-password", *options, f"--dbname={name}", *arguments]
    try:
        done = subprocess.run(
            command, env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise CannotCopy(f"There is no {program} here: install PostgreSQL's client programs.") from None
    if done.returncode:
        raise CannotCopy(f"{program} failed: {done.stderr.strip()}")
