"""Colour: from what a file says its numbers mean to sRGB, and a photo's tone."""

import io
import math
import struct
from collections.abc import Callable
from functools import cache

from PIL import Image, ImageChops, ImageCms

_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
_CUBE = Image.frombytes("RGB", (64, 64), bytes(17 * ((i >> s) % 16) for i in range(4096) for s in (8, 4, 0)))

# Red, green and blue as XYZ under D50, by ITU-T H.273's number: BT.709, BT.2020 and Display P3.
_PRIMARIES = {
    1: ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410)),
    9: ((0.67346, 0.27904, -0.00193), (0.16566, 0.67534, 0.02998), (0.12505, 0.04561, 0.79689)),
    12: ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407)),
}
_D50 = (0.9642, 1.0, 0.8249)
_PAPER_WHITE, _PEAK = 203, 1000  # candela a square metre, as ITU-R BT.2408 has them for HDR

# The light theme's tones in static/css/tokens.css, as (lightness, chroma, hue in degrees) in OKLCH.
_TONES = {
    "warm": (0.86, 0.03, 65),
    "rose": (0.86, 0.035, 20),
    "leaf": (0.86, 0.03, 140),
    "sky": (0.87, 0.02, 235),
    "dark": (0.62, 0.01, 60),
    "pale": (0.91, 0.006, 70),
}


def to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Through the embedded profile, whatever it calls itself; a broken or foreign one counts as sRGB."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mode = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK"}[source.profile.xcolor_space]
            if mode == "RGB" and picture.mode == "L":
                picture = picture.convert("RGB")
            intent, flags = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION
            transform = ImageCms.ImageCmsTransform(source, _SRGB, mode, "RGB", intent, flags=flags)
            if mode != "RGB" or _changes(transform):
                return transform.apply(picture)
        except (KeyError, OSError, ValueError):  # no profile, of no such space, or not of this picture
            pass
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _changes(transform: ImageCms.ImageCmsTransform) -> bool:
    """Whether an RGB transform moves any colour by more than a rounding: most profiles are sRGB in another's words."""
    return max(ImageChops.difference(_CUBE, transform.apply(_CUBE)).tobytes()) > 1


@cache
def profile_of(primaries: int, transfer: int) -> bytes | None:
    """An ICC profile of the colours that these numbers of ITU-T H.273 name; None where that is sRGB, or as good as it.

    Whatever is no HDR counts as shaped like sRGB, as phones mean it. HDR is brought under white by Reinhard's extended
    curve, as browsers do it on ordinary screens.
    """
    light = {16: _pq, 18: _hlg}.get(transfer, _gamma)
    if primaries not in (9, 12) and light is _gamma:
        return None
    xyz = _PRIMARIES.get(primaries, _PRIMARIES[1])
    tags = {b"wtpt": _xyz(_D50), **dict(zip((b"rXYZ", b"gXYZ", b"bXYZ"), map(_xyz, xyz), strict=True))}
    return _icc(tags | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _curve(light)))


def _icc(tags: dict[bytes, bytes]) -> bytes:
    """A profile for a screen (ICC.1:2001-04) of these tags."""
    offset, index, body = 132 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        index += name + struct.pack(">II", offset + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = struct.pack(">I4xI4s4s4s12x4s", offset + len(body), 0x02400000, b"mntr", b"RGB ", b"XYZ ", b"acsp")
    return (head + bytes(28) + _xyz(_D50)[8:]).ljust(128, b"\0") + index + body


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(value * 65536) for value in values))


def _curve(light: Callable[[float], float]) -> bytes:
    steps = [round(65535 * min(1, light(step / 4095))) for step in range(4096)]
    return b"curv" + struct.pack(">4xI4096H", len(steps), *steps)


def _gamma(signal: float) -> float:
    """sRGB's own curve (IEC 61966-2-1)."""
    return signal / 12.92 if signal <= 0.04045 else ((signal + 0.055) / 1.055) ** 2.4


def _pq(signal: float) -> float:
    """Perceptual quantiser (SMPTE ST 2084), of which 1 is 10,000 candela a square metre."""
    power = signal ** (4096 / (2523 * 128))
    linear = max(power - 3424 / 4096, 0) / (2413 / 128 - 2392 / 128 * power)
    return _under_white(10_000 * linear ** (16384 / 2610))


def _hlg(signal: float) -> float:
    """Hybrid log-gamma (ITU-R BT.2100) on a screen of 1,000 candela a square metre."""
    scene = (
        signal**2 / 3 if signal <= 0.5 else (math.exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12
    )
    return _under_white(_PEAK * scene**1.2)


def _under_white(candela: float) -> float:
    light, most = candela / _PAPER_WHITE, _PEAK / _PAPER_WHITE
    return light * (1 + light / most**2) / (1 + light)


def tone(picture: Image.Image) -> str:
    """The tone nearest to the mean colour of an sRGB picture, in OKLab.

    The tones are tints and the mean of a photograph is a middling grey: taken as it is, all of 29 sample photographs
    came out "dark". So its lightness is brought into the tones' range and counts less than its hue; these two numbers
    agreed best (17 of 29, against 8) with the tones chosen by hand for those photographs.
    """
    red, green, blue = picture.resize((1, 1), Image.Resampling.BOX).tobytes()
    lightness, a, b = _oklab(red, green, blue)

    def distance(name: str) -> float:
        light, chroma, hue = _TONES[name]
        angle = math.radians(hue)
        darker = 0.15 * (0.45 + lightness / 2 - light)
        return math.hypot(darker, a - chroma * math.cos(angle), b - chroma * math.sin(angle))

    return min(_TONES, key=distance)


def _oklab(*rgb: int) -> tuple[float, float, float]:
    """sRGB, 0 to 255, to OKLab (Björn Ottosson, https://bottosson.github.io/posts/oklab/)."""
    r, g, b = (_gamma(value / 255) for value in rgb)
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )
