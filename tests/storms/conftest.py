"""Fixtures of the kill tests: an empty storage, and a photo that takes long to process."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image


@pytest.fixture
def media() -> Iterator[Path]:
    """The storage that all processes share, empty before and after."""
    root = Path(settings.MEDIA_ROOT)
    clear(root)
    yield root
    clear(root)


def clear(root: Path) -> None:
    for path in sorted(root.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()


@pytest.fixture(scope="session")
def large() -> bytes:
    """A photo that takes about a second to prepare."""
    ramp = Image.linear_gradient("L").resize((5600, 4200))
    across = ramp.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    stream = io.BytesIO()
    Image.merge("RGB", (ramp, across, ramp)).save(stream, "JPEG", quality=95)
    return stream.getvalue()
