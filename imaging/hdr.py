"""HDR to sRGB, as Chromium shows it on ordinary screens: the reference white tone mapping operator of SMPTE ST 2094-50.

All channels of a colour are lowered together, by the highest in BT.2020: below white by a constant, above it along a
Bézier curve that ends where the brightest light of the picture is white.
"""

import math
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from PIL import Image, ImageFilter

USUAL_PEAK = 1000.0  # candela a square metre, where a picture does not say how bright it gets

_WHITE = 203  # candela a square metre, as ITU-R BT.2408 has it
_KAPPA = 0.65  # how soon the curve bends
_STEPS = 48  # a side of the table of colours, between which Pillow interpolates
_LUMINANCE = (0.2627, 0.6780, 0.0593)  # of BT.2020

Matrix = tuple[float, ...]  # of three rows


class Hdr(NamedTuple):
    """Matrices from linear colours to linear BT.2020 and from there to linear sRGB; the transfer function (16 is PQ,
    18 is HLG in ITU-T H.273); the peak luminance in candela per square metre.
    """

    wide: Matrix
    narrow: Matrix
    transfer: int
    peak: float = USUAL_PEAK


def lowered(picture: Image.Image, hdr: Hdr) -> Image.Image:
    return picture.convert("RGB").filter(_table(hdr))


@cache
def _table(hdr: Hdr) -> ImageFilter.Color3DLUT:
    light = [_LIGHT[hdr.transfer](step / (_STEPS - 1)) for step in range(_STEPS)]
    gains = _gains(max(hdr.peak / _WHITE, 1))
    colours: list[float] = []
    for blue in light:
        for green in light:
            for red in light:
                colours += _shown((red, green, blue), hdr, gains)
    return ImageFilter.Color3DLUT(_STEPS, colours)


def _shown(colour: tuple[float, ...], hdr: Hdr, gains: list[tuple[float, float]]) -> list[float]:
    red, green, blue = times(hdr.wide, colour)
    if hdr.transfer == 18:  # light of the scene: on the screen, a system gamma of 1.2 by luminance
        scene = max(_LUMINANCE[0] * red + _LUMINANCE[1] * green + _LUMINANCE[2] * blue, 0)
        gain = USUAL_PEAK / _WHITE * scene**0.2
        red, green, blue = red * gain, green * gain, blue * gain
    factor = _factor(max(red, green, blue), gains)
    return [_srgb(factor * value) for value in times(hdr.narrow, (red, green, blue))]


def _gains(most: float) -> list[tuple[float, float]]:
    """Return points of input and output light, from white to the peak."""
    white = 1 - 0.5 * min(math.log2(most) / math.log2(USUAL_PEAK / _WHITE), 1)
    middle = 1 - _KAPPA + _KAPPA / white, (1 - _KAPPA) * white + _KAPPA
    points = []
    for step in range(65):
        t = step / 64
        parts = (1 - t) ** 2, 2 * t * (1 - t), t**2
        points.append(
            (
                parts[0] + parts[1] * middle[0] + parts[2] * most,
                parts[0] * white + parts[1] * middle[1] + parts[2],
            )
        )
    return points


def _factor(highest: float, gains: list[tuple[float, float]]) -> float:
    if highest <= 1:
        return gains[0][1]
    for (light, shown), (after, shown_after) in pairwise(gains):
        if highest < after:
            return (shown + (shown_after - shown) * (highest - light) / (after - light)) / highest
    return 1 / highest


def times(matrix: Matrix, vector: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c = vector
    return tuple(matrix[row] * a + matrix[row + 1] * b + matrix[row + 2] * c for row in (0, 3, 6))


def _srgb(light: float) -> float:
    light = min(max(light, 0), 1)
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def _pq(signal: float) -> float:
    """Decode the perceptual quantiser (SMPTE ST 2084), where 1 is 10,000 candela per square metre, to multiples of
    white.
    """
    power = signal ** (4096 / (2523 * 128))
    linear = max(power - 3424 / 4096, 0) / (2413 / 128 - 2392 / 128 * power)
    return 10_000 / _WHITE * linear ** (16384 / 2610)


def _hlg(signal: float) -> float:
    """Decode hybrid log-gamma (ITU-R BT.2100) to scene light."""
    return (
        signal**2 / 3 if signal <= 0.5 else (math.exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12
    )


_LIGHT = {16: _pq, 18: _hlg}
