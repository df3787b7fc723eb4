"""Received photos, and the files that storage holds for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.storage import default_storage

import imaging
from notes.models import Photo
from notes.photos import pipeline
from notes.photos.actions import receive_photo
from profiles.models import User
from tests.builders import upload
from tests.imaging.images import png_chunk, png_header

_render, _RENDERED = pipeline.render, {}


def broken() -> bytes:
    """A PNG whose chunks are whole and whose pixels are not: only decoding finds out."""
    return png_header(200, 200, png_chunk(b"IDAT", b"no pixels"))


def received(owner: User, content: bytes | None = None, **options: object) -> Photo:
    file = upload(content=content, **options)
    return receive_photo(owner=owner, file=file, facts=imaging.inspect(file))


@contextmanager
def rendering_once() -> Iterator[None]:
    """Within, a file that was rendered before is not rendered again: for photos that many tests begin with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "render", _rendered_once)
        yield


def _rendered_once(function: Any, path: str, *arguments: Any) -> Any:
    key = (function, pipeline.read(path).getvalue(), arguments)
    if key not in _RENDERED:
        _RENDERED[key] = _render(function, path, *arguments)
    return _RENDERED[key]


def stored(photo: Photo) -> set[str]:
    return set(default_storage.listdir(f"photos/{photo.folder}")[1])


def folders() -> set[str]:
    """Of all photos in storage, as rows name them."""
    shards = default_storage.listdir("photos")[0]
    return {f"{shard}/{name}" for shard in shards for name in default_storage.listdir(f"photos/{shard}")[0]}
