"""Check that a picture in a browser is the photograph that was uploaded, upright and in its colours."""

import io
from pathlib import Path

from PIL import Image, ImageOps
from playwright.sync_api import Locator

NEAR = 12  # of 255, in the mean of a quarter: what two encoders may differ by


def shown(img: Locator) -> Image.Image:
    """The picture in an <img>, fetched again as this browser would, from the address it chose."""
    img.scroll_into_view_if_needed()
    address = img.evaluate("async (img) => { await img.decode(); return img.currentSrc }")
    answer = img.page.request.get(address)
    assert answer.status == 200, address
    return Image.open(io.BytesIO(answer.body()))


def upright(photograph: Path) -> Image.Image:
    return ImageOps.exif_transpose(Image.open(photograph)).convert("RGB")


def is_photograph(picture: Image.Image, photograph: Path) -> bool:
    """Compares the means of the quarters, of the middle that a cover may be cropped to."""
    reference = ImageOps.fit(upright(photograph), picture.size)
    quarters = [_quarters(each) for each in (picture.convert("RGB"), reference)]
    return all(abs(one - other) <= NEAR for one, other in zip(*quarters, strict=True))


def says_nothing_of_its_camera(picture: Image.Image) -> bool:
    return not picture.getexif() and not {"exif", "xmp", "comment", "photoshop"} & set(picture.info)


def _quarters(picture: Image.Image) -> bytes:
    return picture.resize((2, 2), Image.Resampling.BOX).tobytes()
