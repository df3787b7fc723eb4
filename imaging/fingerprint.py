"""Perceptual hash of a photo: 64 bits, most of which survive saving again, resizing, or brightening."""

import math
from statistics import median

from PIL import Image

_SIDE, _WAVES = 32, 8
_COSINES = [
    [math.cos(math.pi * wave * (2 * place + 1) / (2 * _SIDE)) for place in range(_SIDE)]
    for wave in range(1, _WAVES + 1)
]


def fingerprint(picture: Image.Image) -> int:
    """Return which of the 64 lowest waves of the picture, in grey, are above their median; as a signed number of 64
    bits.

    Those of the discrete cosine transform of 32 × 32 pixels (Zauner, "Implementation and Benchmarking of Perceptual
    Image Hash Functions", 2010, 3.2.1), without the flat ones: they say more of light than of shape.
    """
    grey = picture.convert("L").resize((_SIDE, _SIDE), Image.Resampling.BOX).tobytes()
    rows = [grey[start : start + _SIDE] for start in range(0, _SIDE * _SIDE, _SIDE)]
    across = [[sum(map(float.__mul__, map(float, row), wave)) for row in rows] for wave in _COSINES]
    waves = [sum(map(float.__mul__, column, wave)) for column in across for wave in _COSINES]
    middle = median(waves)
    bits = "".join("1" if wave > middle else "0" for wave in waves)
    return int.from_bytes(int(bits, 2).to_bytes(8), signed=True)
