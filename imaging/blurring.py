"""A picture too small to recognise anything in, which browsers blur when they enlarge it."""

import io
from typing import IO

from PIL import Image

SIDE = 12


def blurred(file: IO[bytes]) -> bytes:
    """Return a JPEG of SIDE pixels at most along its longer side, of a rendition that was made here."""
    with Image.open(file, formats=["JPEG"]) as picture:
        picture.draft("RGB", (SIDE * 8, SIDE * 8))
        width, height = picture.size
        longer = max(width, height)
        size = (max(1, round(width * SIDE / longer)), max(1, round(height * SIDE / longer)))
        small = picture.convert("RGB").resize(size, Image.Resampling.BOX)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=70)
    return out.getvalue()
