"""Convert a photo's colours to sRGB, and find its tone."""

import io
import math
import struct
from functools import cache

from PIL import Image, ImageChops, ImageCms

from .hdr import USUAL_PEAK, Hdr, Matrix, lowered, times

_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
_CUBE = Image.frombytes("RGB", (64, 64), bytes(17 * ((i >> s) % 16) for i in range(4096) for s in (8, 4, 0)))

# Chromaticities of white, red, green and blue (x and y of each) by ITU-T H.273's number.
_D65, _C = (0.3127, 0.329), (0.31, 0.316)
SRGB_CHROMATICITIES = (*_D65, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)
_PRIMARIES = {
    1: SRGB_CHROMATICITIES,
    4: (*_C, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08),
    5: (*_D65, 0.64, 0.33, 0.29, 0.6, 0.15, 0.06),
    6: (*_D65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07),
    7: (*_D65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07),
    8: (*_C, 0.681, 0.319, 0.243, 0.692, 0.145, 0.049),
    9: (*_D65, 0.708, 0.292, 0.17, 0.797, 0.131, 0.046),
    11: (0.314, 0.351, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06),
    12: (*_D65, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06),
    22: (*_D65, 0.63, 0.34, 0.295, 0.605, 0.155, 0.077),
}
SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
_TELEVISION = (2.4,)  # BT.1886: as a screen shows what BT.709 and its kin encode
# From signal to light by ITU-T H.273's number of the transfer function.
_CURVES: dict[int, tuple[float, ...]] = {
    **dict.fromkeys((1, 6, 14, 15), _TELEVISION),
    4: (2.2,),
    5: (2.8,),
    8: (1.0,),
    7: (1 / 0.45, 1 / 1.1115, 0.1115 / 1.1115, 1 / 4, 0.0912),
    17: (2.6, (52.37 / 48) ** (1 / 2.6), 0.0, 0.0, 0.0),
}
_PLAIN = {4, 5, 7, 8, 17}
_BRADFORD = (0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296)
_D50 = (0.9642, 1.0, 0.8249)

Colour = bytes | Hdr | None  # an ICC profile, or HDR by its numbers, or sRGB

# The light theme's tones in static/css/tokens.css, as (lightness, chroma, hue in degrees) in OKLCH.
_TONES = {
    "warm": (0.86, 0.03, 65),
    "rose": (0.86, 0.035, 20),
    "leaf": (0.86, 0.03, 140),
    "sky": (0.87, 0.02, 235),
    "dark": (0.62, 0.01, 60),
    "pale": (0.91, 0.006, 70),
}


def to_srgb(picture: Image.Image, colour: Colour) -> Image.Image:
    """Convert by the embedded profile; a broken or unsuitable one counts as sRGB."""
    if isinstance(colour, Hdr):
        return lowered(picture, colour)
    if colour:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(colour))
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


def is_profile(data: bytes) -> bool:
    try:
        ImageCms.ImageCmsProfile(io.BytesIO(data))
    except OSError:
        return False
    return True


def _changes(transform: ImageCms.ImageCmsTransform) -> bool:
    """Return whether an RGB transform changes any colour by more than rounding: most profiles equal sRGB."""
    return max(ImageChops.difference(_CUBE, transform.apply(_CUBE)).tobytes()) > 1


@cache
def profile_of(
    primaries: int, transfer: int, *, television: bool = False, peak: float = USUAL_PEAK
) -> Colour:
    """Return the profile for these numbers of ITU-T H.273; None if it is sRGB or close to it.

    BT.709 and its relatives count as sRGB, as phones mean them, but as a screen shows them with `television`, as in
    PNG. HDR is as bright as `peak`, in candela per square metre.
    """
    chromaticities = _PRIMARIES.get(primaries, SRGB_CHROMATICITIES)
    if transfer in (16, 18):
        wide = _to_xyz(_PRIMARIES[9])
        narrow = _product(_inverse(_to_xyz(SRGB_CHROMATICITIES)), wide)
        return Hdr(_product(_inverse(wide), _to_xyz(chromaticities)), narrow, transfer, peak)
    curve = _CURVES.get(transfer) if television or transfer in _PLAIN else None
    if chromaticities == SRGB_CHROMATICITIES and curve is None:
        return None
    return icc_of(chromaticities, curve or SRGB_CURVE)


def is_known(primaries: int, transfer: int) -> bool:
    return primaries in _PRIMARIES and (transfer in _CURVES or transfer in (13, 16, 18))


def icc_of(chromaticities: tuple[float, ...], curve: tuple[float, ...]) -> bytes | None:
    """Return an ICC profile (ICC.1:2001-04) of these chromaticities and this curve; None where they are of no colours.

    A curve is an exponent, then optionally a and b of the base, the slope of the linear part and where it ends.
    """
    try:
        matrix = _to_xyz(chromaticities)
        trc = b"para" + struct.pack(">4xHxx", 3 if len(curve) > 1 else 0) + _fixed(*curve)
        tags = {b"wtpt": _xyz(_D50)}
        tags |= {name: _xyz(matrix[at::3]) for at, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))}
        return _icc(tags | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), trc))
    except (ZeroDivisionError, struct.error):
        return None


def _icc(tags: dict[bytes, bytes]) -> bytes:
    offset, index, body = 132 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        index += name + struct.pack(">II", offset + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = struct.pack(">I4xI4s4s4s12x4s", offset + len(body), 0x02400000, b"mntr", b"RGB ", b"XYZ ", b"acsp")
    return (head + bytes(28) + _fixed(*_D50)).ljust(128, b"\0") + index + body


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(*values)


def _fixed(*values: float) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))


def _to_xyz(chromaticities: tuple[float, ...]) -> Matrix:
    """Return the matrix from linear colours to XYZ under D50 (SMPTE RP 177, with Bradford adaptation as in ICC)."""
    white, *colours = (
        (x / y, 1.0, (1 - x - y) / y) for x, y in zip(chromaticities[::2], chromaticities[1::2], strict=True)
    )
    columns: Matrix = tuple(colour[row] for row in range(3) for colour in colours)
    strengths = times(_inverse(columns), white)
    cones, wanted = times(_BRADFORD, white), times(_BRADFORD, _D50)
    scaled = tuple(
        _BRADFORD[3 * row + column] * wanted[row] / cones[row] for row in range(3) for column in range(3)
    )
    adapted = _product(_product(_inverse(_BRADFORD), scaled), columns)
    return tuple(value * strengths[at % 3] for at, value in enumerate(adapted))


def _product(one: Matrix, other: Matrix) -> Matrix:
    columns = [times(one, other[column::3]) for column in range(3)]
    return tuple(columns[column][row] for row in range(3) for column in range(3))


def _inverse(matrix: Matrix) -> Matrix:
    a, b, c, d, e, f, g, h, i = matrix
    adjugate: Matrix = (
        e * i - f * h,
        c * h - b * i,
        b * f - c * e,
        f * g - d * i,
        a * i - c * g,
        c * d - a * f,
    )
    adjugate += (d * h - e * g, b * g - a * h, a * e - b * d)
    whole = a * adjugate[0] + b * adjugate[3] + c * adjugate[6]
    return tuple(value / whole for value in adjugate)


def _gamma(signal: float) -> float:
    """Apply the sRGB transfer curve (IEC 61966-2-1)."""
    return signal / 12.92 if signal <= 0.04045 else ((signal + 0.055) / 1.055) ** 2.4


def tone(picture: Image.Image) -> str:
    """Return the tone nearest to the mean colour of an sRGB picture, in OKLab.

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
    """Convert sRGB, 0 to 255, to OKLab (Björn Ottosson, https://bottosson.github.io/posts/oklab/)."""
    r, g, b = (_gamma(value / 255) for value in rgb)
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )
