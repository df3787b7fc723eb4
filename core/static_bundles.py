"""Static files that are joined from several, kept in DATA_DIR and rebuilt when a part has changed."""

import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

from core import script_bundles, style_bundles

_JS = settings.BASE_DIR / "static" / "js"
FILES: dict[str, Callable[[], str]] = {
    **{f"css/{file}": partial(style_bundles.joined, file) for file in style_bundles.FILES},
    **{
        f"js/{file}": partial(script_bundles.bundle, _JS / entry)
        for entry, file in script_bundles.BUNDLES.items()
    },
}


class JoinedFinder(BaseFinder):
    """Finder of FILES in DATA_DIR, each rebuilt when one of its parts has changed."""

    def find(self, path: str, find_all: bool = False) -> Any:
        found = [_written(path).path(path)] if path in FILES else []
        return found if find_all else (found or [None])[0]

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for path in FILES:
            yield path, _written(path)


def _written(path: str) -> FileSystemStorage:
    folder = settings.DATA_DIR / "joined"
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    text = FILES[path]()
    if not file.exists() or file.read_text() != text:
        new = file.with_name(f"{file.name}.{os.getpid()}.new")
        new.write_text(text)
        new.replace(file)  # at once: another process may be copying it
    return FileSystemStorage(location=folder)
