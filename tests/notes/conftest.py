"""What the tests of notes share: an alarm for N+1 queries, and photographs that are quick to decode."""

import io
from pathlib import Path

import pytest
from PIL import Image
from zeal.constants import initialize_app_registry
from zeal.patch import patch

from tests.builders import picture

initialize_app_registry()
patch()

QUICK = ["sk_china.jpg", "sk_flower.jpg", "gps_dscn0010.jpg", "adobergb_rocket.jpg"]
HOSTILE = Path(__file__).resolve().parents[3] / "shared" / "photos" / "hostile"


@pytest.fixture(autouse=True)
def n_plus_one_alarm(settings: pytest.FixtureRequest) -> None:
    """A request that asks the same of the database twice, from one line of ours, raises."""
    settings.MIDDLEWARE = ["zeal.middleware.zeal_middleware", *settings.MIDDLEWARE]


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
