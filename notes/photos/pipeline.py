"""The way of an uploaded picture, the same for photos and avatars: check, receive, render, finish, sweep.

The request checks a file and receives it unread. A job renders it in a child process with limits, stores what came of
it, sets the row's state, and finishes. Jobs at intervals give up pictures whose job was lost (`forgotten`) and sweep
files that no row names (`core.storage.sweep`). Each picture has a folder of its own in storage.
"""

from collections.abc import Callable, Iterable
from io import BytesIO

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db.models import Model

import imaging
from core import sandbox
from core.jobs import unfinished
from core.storage import backup_runs, delete_file, delete_folder

ORIGINAL = "original"  # the file as it was uploaded


def check(file: File) -> imaging.Facts:
    """Return what the headers of an upload say, and rewind it. Raises imaging.Refused."""
    facts = imaging.inspect(file)  # type: ignore[arg-type]
    file.seek(0)
    return facts


def receive(folder: str, file: File) -> None:
    """Store a checked upload, undecoded."""
    default_storage.save(f"{folder}/{ORIGINAL}", file)


def render[*Arguments, Result](
    function: Callable[[BytesIO, *Arguments], Result], path: str, *arguments: *Arguments
) -> Result:
    """Return what a function of `imaging` makes of a stored file, in a child process.

    Raises imaging.Refused: as TOO_HARD where it exceeded the child's limits, as LOST without the file.
    """
    try:
        return sandbox.run(function, read(path), *arguments)
    except sandbox.Killed as error:
        raise imaging.Refused(imaging.Refusal.TOO_HARD) from error
    except FileNotFoundError as error:
        raise imaging.Refused(imaging.Refusal.LOST) from error


def read(path: str) -> BytesIO:
    """Return a stored file in a form that can be passed to a child process. Raises FileNotFoundError."""
    with default_storage.open(path) as file:
        return BytesIO(file.read())


def store(folder: str, renditions: Iterable[imaging.Rendition]) -> None:
    for rendition in renditions:
        default_storage.save(f"{folder}/{rendition.file_name}", ContentFile(rendition.content))


def finish(folder: str, *, is_shown: bool) -> None:
    """Delete the upload of a picture that is shown, or all files of one that was refused or deleted."""
    if is_shown:
        delete_file(f"{folder}/{ORIGINAL}")
    else:
        delete_folder(folder)


def forgotten[Row: Model](rows: Iterable[Row], job: str, **argument: str) -> list[Row]:
    """Return the waiting rows whose job will not run again: out of retries, or deleted. None while a backup runs.

    `argument` is that of the job that tells its row, and the name of the attribute with its value.
    """
    if backup_runs():
        return []
    waiting = list(rows)
    # Queried second: an upload and its job are committed in one transaction.
    ((name, attribute),) = argument.items()
    in_hand = unfinished(job, name)
    return [row for row in waiting if getattr(row, attribute) not in in_hand]
