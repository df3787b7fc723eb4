"""Pytest plugin: photographs that decode quickly, and a file that is costly to decode."""

import io
from pathlib import Path

import pytest
from PIL import Image

from tests.builders import picture
from tests.servers import PROJECT

QUICK = ["sk_china.jpg", "sk_flower.jpg", "gps_dscn0010.jpg", "adobergb_rocket.jpg"]
HOSTILE = PROJECT.parent / "shared" / "photos" / "hostile"


@pytest.fixture(scope="session")
def quick_photographs(photographs: Path) -> list[bytes]:
    """Four JPEG files of about 640 × 480: real photographs, or drawn ones where the collection is not at hand."""
    if all((photographs / name).exists() for name in QUICK):
        return [(photographs / name).read_bytes() for name in QUICK]
    return [picture((640, 430 + 10 * number), colour=(40 * number, 90, 160)) for number in range(4)]


@pytest.fixture(scope="session")
def bomb() -> bytes:
    """A small PNG file that would take gigabytes once decoded."""
    found = HOSTILE / "bomb_50000x50000_1bit.png"
    if found.exists():
        return found.read_bytes()
    drawn = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(drawn, "PNG")
    return drawn.getvalue()
