"""The stylesheets that every page has, as one file: on a slow line each file of its own is a way there and back."""

import os
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

FILE = "css/frame.css"
# In the order of the cascade: the first declares the layers.
PARTS = ("tokens", "base", "layout", "waterfall", "controls", "identity", "card", "overlay")


class FrameFinder(BaseFinder):
    """Finder of FILE in DATA_DIR, which is rebuilt when one of its parts has changed."""

    def find(self, path: str, find_all: bool = False) -> Any:
        found = [_written().path(FILE)] if path == FILE else []
        return found if find_all else (found or [None])[0]

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        yield FILE, _written()


def _written() -> FileSystemStorage:
    folder = settings.DATA_DIR / "styles"
    file = folder / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    sources = (settings.BASE_DIR / "static" / "css" / f"{part}.css" for part in PARTS)
    text = "".join(source.read_text() for source in sources)
    if not file.exists() or file.read_text() != text:
        new = file.with_name(f"frame.{os.getpid()}.new")
        new.write_text(text)
        new.replace(file)  # at once: another process may be copying it
    return FileSystemStorage(location=folder)
