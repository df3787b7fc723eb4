"""Write an archive: a ZIP of JSON, photos and a page to read offline, with little of it in memory at a time."""

import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import timezone

from leaving.contents import PARTS
from leaving.contents.notes import own_notes, photo_file, photos
from leaving.contents.person import AVATAR
from notes.models import Photo
from people.actions.avatars import picture_of
from profiles.models import User

MASTER = "master.jpg"


def write_archive(person: User, site: str, file: IO[bytes]) -> None:
    """Write the archive. `site` is this site's address; texts are in the active language."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for part in PARTS:
            with _entry(archive, f"data/{part.name}.json") as entry:
                entry.writelines(map(str.encode, _json(part.rows(person))))
        _write_photos(archive, person)
        context = {"person": person, "site": site, "parts": PARTS, "picture": AVATAR, "today": timezone.now()}
        with _entry(archive, "index.html") as entry:
            entry.writelines(map(str.encode, _page(person, context)))
        for name in ("README.txt", "style.css"):
            with _entry(archive, name) as entry:
                entry.write(render_to_string(f"leaving/archive/{name}", context).encode())


def _json(rows: dict[str, Any] | Iterable[dict[str, Any]]) -> Iterator[str]:
    """Write a list row by row."""
    if isinstance(rows, dict):
        yield _plain(rows) + "\n"
        return
    between = "[\n"
    for row in rows:
        yield between + _plain(row)
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


def _plain(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, indent=1, default=_moment)


def _moment(value: datetime | date) -> str:
    return value.isoformat()


def _page(person: User, context: dict[str, Any]) -> Iterator[str]:
    """Render the page around the notes at once, and the notes one by one."""
    head, foot = render_to_string("leaving/archive/index.html", context).split("<!-- notes -->")
    yield head
    for note in own_notes(person):
        shown = [(photo_file(photo), photo.alt) for photo in note.photos.all() if photo_file(photo)]
        yield render_to_string("leaving/archive/note.html", {"note": note, "photos": shown})
    yield foot


def _write_photos(archive: ZipFile, person: User) -> None:
    for photo in photos(person):
        name = photo_file(photo)
        assert name
        _copy(archive, name, _best_of(photo))
    if person.avatar_folder:
        _copy(archive, AVATAR, [picture_of(person)])


def _best_of(photo: Photo) -> list[str]:
    """Return where the photo may be in storage, best quality first."""
    return [photo.path(name) for name in (MASTER, *(f"{role}.jpg" for role in reversed(photo.widths)))]


def _copy(archive: ZipFile, name: str, paths: list[str]) -> None:
    """Copy the first of these files that exists. None may, if the photo was just deleted."""
    for path in paths:
        try:
            stored = default_storage.open(path)
        except FileNotFoundError:
            continue
        with stored, _entry(archive, name, ZIP_STORED) as entry:
            shutil.copyfileobj(stored, entry)
        return


@contextmanager
def _entry(archive: ZipFile, name: str, how: int = ZIP_DEFLATED) -> Iterator[IO[bytes]]:
    info = ZipInfo(name, timezone.localtime().timetuple()[:6])
    info.compress_type, info.external_attr = how, 0o644 << 16
    with archive.open(info, "w") as entry:
        yield entry
