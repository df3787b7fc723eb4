"""Perceptual hash of a picture: 64 bits, most of which survive saving again, resizing, and cutting off an edge."""

import math
from itertools import product
from statistics import median
from typing import IO

from PIL import Image

VERSION = 2  # of the computation; hashes of different versions say nothing of one another
SAYS_NOTHING = 0  # of a picture without shapes
_SIDE, _WAVES, _BITS = 32, 12, 64
_FLAT = 2.0  # levels of 255: what differs less is rounding
CUT = 0.02  # of the width or the height
_CUTS = [
    (1, 1, 1, 1),
    *(
        cut
        for cut in product((0, 1), repeat=4)
        if 0 < sum(cut) < 3 and cut not in {(1, 0, 1, 0), (0, 1, 0, 1)}
    ),
]
_COSINES = [
    [math.cos(math.pi * wave * (2 * place + 1) / (2 * _SIDE)) for place in range(_SIDE)]
    for wave in range(_WAVES)
]
# The edges count less than the middle, so that it matters less what is cut off there.
_EDGE = 0.6
_WINDOW = [1 - _EDGE * ((2 * place + 1) / _SIDE - 1) ** 2 for place in range(_SIDE)]
_WEIGHTS = [down * across for down in _WINDOW for across in _WINDOW]
_LOWEST = sorted(
    ((down, across) for down in range(_WAVES) for across in range(_WAVES) if down + across),
    key=lambda wave: (wave[0] ** 2 + wave[1] ** 2, wave),
)[:_BITS]


def fingerprint(picture: Image.Image) -> int:
    """Return which of the 64 lowest waves of the picture, in grey, are above their median; as a signed number of 64
    bits. SAYS_NOTHING for a picture of one tone.

    Those of the discrete cosine transform of 32 × 32 pixels (Zauner, "Implementation and Benchmarking of Perceptual
    Image Hash Functions", 2010, 3.2.1), under a window. docs/photos.md says what it finds.
    """
    small = picture.resize((_SIDE, _SIDE), Image.Resampling.HAMMING, reducing_gap=4)
    grey = list(map(float, small.convert("L").tobytes()))
    middle = sum(map(float.__mul__, grey, _WEIGHTS)) / sum(_WEIGHTS)
    seen = [(value - middle) * weight for value, weight in zip(grey, _WEIGHTS, strict=True)]
    if math.sqrt(sum(value * value for value in seen) / len(seen)) < _FLAT:
        return SAYS_NOTHING
    rows = [seen[start : start + _SIDE] for start in range(0, _SIDE * _SIDE, _SIDE)]
    across = [[sum(map(float.__mul__, row, wave)) for row in rows] for wave in _COSINES]
    waves = [sum(map(float.__mul__, across[right], _COSINES[down])) for down, right in _LOWEST]
    usual = median(waves)
    bits = "".join("1" if wave > usual else "0" for wave in waves)
    return int.from_bytes(int(bits, 2).to_bytes(8), signed=True)


def fingerprint_of(file: IO[bytes]) -> int:
    """Return the fingerprint of a rendition that was made here."""
    return fingerprint(_opened(file))


def cut_fingerprints(file: IO[bytes]) -> list[int]:
    """Return the fingerprints of a rendition that was made here as it is, and with CUT of it cut off: around it, at
    each corner and at each side. No two are the same.
    """
    picture = _opened(file)
    found = [fingerprint(picture)]
    for left, up, right, down in _CUTS:
        width, height = picture.size
        box = (width * CUT * left, height * CUT * up, width * (1 - CUT * right), height * (1 - CUT * down))
        found.append(fingerprint(picture.crop(tuple(map(round, box)))))  # type: ignore[arg-type]
    return list(dict.fromkeys(value for value in found if value != SAYS_NOTHING))


def _opened(file: IO[bytes]) -> Image.Image:
    with Image.open(file, formats=["JPEG"]) as picture:
        return picture.convert("RGB")
