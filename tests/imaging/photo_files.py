"""Process and compare photo files; locate the collection of real ones."""

import csv
import io
from functools import cache
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

import imaging
from imaging import Facts, Refusal, Refused, Rendered, inspect, render, sizes, snap
from imaging.pixels import decode

SHARED = Path(__file__).parents[3] / "shared" / "photos"
MANIFEST = list(csv.DictReader((SHARED / "manifest.csv").read_text().splitlines())) if SHARED.exists() else []
real = pytest.mark.skipif(not MANIFEST, reason="the shared photographs are not here")


@cache
def rendered(path: Path) -> Rendered:
    with path.open("rb") as file:
        return render(file)


def developed(data: bytes, role: str = "320") -> Image.Image:
    """What comes out of this file in the role, decoded."""
    return opened(render(io.BytesIO(data)), role)


def whole(data: bytes) -> Image.Image:
    """Every pixel, upright and in sRGB, before it is resized."""
    found = facts(data)
    size = found.width, found.height
    return decode(io.BytesIO(data), found, size, size)


def opened(result: Rendered, role: str, extension: str = "jpg") -> Image.Image:
    found = next(each for each in result.renditions if (each.role, each.extension) == (role, extension))
    return Image.open(io.BytesIO(found.content)).convert("RGB")


def colour(data: bytes) -> tuple[int, ...]:
    """Return the colour in the middle of the rendered photo."""
    image = developed(data)
    return image.getpixel((image.width // 2, image.height // 2))


def difference(one: Image.Image, other: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


def refusal(data: bytes) -> Refusal:
    """The reason, whether it is seen in the header or in the pixels."""
    with pytest.raises(Refused) as caught:
        render(io.BytesIO(data))
    return caught.value.reason


def facts(data: bytes) -> Facts:
    file = io.BytesIO(data)
    found = inspect(file)
    assert file.tell() == 0
    return found


def check_output(result: Rendered) -> None:
    """Every promised file is there, of the promised size, no larger than the photo, and says nothing but pixels."""
    planned = sizes(result.width, result.height)
    assert [(each.role, each.extension) for each in result.renditions] == [
        (role, extension) for role in planned for extension in ("avif", "jpg")
    ]
    assert result.snap == snap(result.width, result.height)
    assert result.tone in {"warm", "rose", "leaf", "sky", "dark", "pale"}
    assert result.master.width <= result.width
    assert result.master.width <= max(imaging.MASTER_SIDE, imaging.WIDTHS[-1])
    assert -(2**63) <= result.fingerprint < 2**63
    assert all(each.width <= result.master.width for each in result.renditions)
    assert all(each.height <= result.master.height for each in result.renditions)
    for each in (*result.renditions, result.master):
        image = Image.open(io.BytesIO(each.content))
        assert image.format == {"avif": "AVIF", "jpg": "JPEG"}[each.extension]
        assert image.size == (each.width, each.height) == planned.get(each.role, image.size)
        assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & image.info.keys()
        assert not dict(image.getexif())
        if each.extension == "jpg":
            assert all(name == "APP0" for name, _ in image.applist)
            assert bool(image.info.get("progressive")) == (each.role != "master")


def near(one: tuple[int, ...], other: tuple[int, ...], within: int = 3) -> bool:
    return all(abs(a - b) <= within for a, b in zip(one, other, strict=True))
