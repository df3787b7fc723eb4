"""From a file that passed `inspect` to upright sRGB pixels and nothing else."""

import io
import math
import warnings
from typing import IO

from PIL import AvifImagePlugin, Image, ImageChops, ImageCms, WebPImagePlugin  # noqa: F401  see preinit

from .headers import Facts, Refusal, Refused

# Every size is checked before Pillow sees the file, so this never speaks; if it does, the two disagree on the size.
warnings.simplefilter("error", Image.DecompressionBombWarning)
Image.preinit()  # with the plugins above, once for all children that are forked, instead of 100 ms in each

_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
_CUBE = Image.frombytes("RGB", (64, 64), bytes(17 * ((i >> s) % 16) for i in range(4096) for s in (8, 4, 0)))
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# The light theme's tones in static/css/tokens.css, as (lightness, chroma, hue in degrees) in OKLCH.
_TONES = {
    "warm": (0.86, 0.03, 65),
    "rose": (0.86, 0.035, 20),
    "leaf": (0.86, 0.03, 140),
    "sky": (0.87, 0.02, 235),
    "dark": (0.62, 0.01, 60),
    "pale": (0.91, 0.006, 70),
}


def decode(file: IO[bytes], facts: Facts, least: tuple[int, int], most: tuple[int, int]) -> Image.Image:
    """Decode the first picture of `file`, whose `facts` inspect gave, to upright sRGB pixels.

    The result is at least `least` and at most `most` pixels (both upright, and no larger than the photo): a JPEG is
    decoded at the smallest scale that allows it, and only what is still larger than `most` is resized.
    Raises Refused(DAMAGED).
    """
    if facts.orientation >= 5:
        least, most = least[::-1], most[::-1]
    try:
        file.seek(0)
        source = Image.open(file, formats=[facts.format])
        if source.size != facts.stored:
            raise Refused(Refusal.DAMAGED)
        drafted = source.draft(None, least)
        source.load()
        picture = _plain(source)
        profile = source.info.get("icc_profile")
        if picture.width > most[0]:
            box = drafted[1] if drafted else None
            picture = picture.resize(most, Image.Resampling.LANCZOS, box, reducing_gap=2.0)
    except MemoryError:
        raise
    except Exception as error:  # Pillow's parsers raise almost anything at a malformed file
        raise Refused(Refusal.DAMAGED) from error
    if picture.mode == "CMYK" and "adobe" not in source.info:
        # Pillow takes every CMYK JPEG for an Adobe one, which is inverted.
        picture = ImageChops.invert(picture)
    upright = _flat(picture, profile)
    turn = _UPRIGHT.get(facts.orientation)
    return upright.transpose(turn) if turn is not None else upright


def _plain(picture: Image.Image) -> Image.Image:
    """The same picture in a mode that can be resized: L, LA, RGB, RGBA or CMYK."""
    if picture.mode == "I;16":
        return picture.point(lambda value: value * (1 / 257) + 0.5).convert("L")  # convert alone would clip
    if picture.has_transparency_data and picture.mode not in ("LA", "RGBA"):
        return picture.convert("RGBA")
    if picture.mode in ("1", "P"):
        return picture.convert("L" if picture.mode == "1" else "RGB")
    return picture


def _flat(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The pixels in sRGB on white, in a new image: no metadata comes along."""
    flat = Image.new("RGB", picture.size, "white")
    if picture.mode in ("LA", "RGBA"):
        colour = picture.convert("L" if picture.mode == "LA" else "RGB")
        flat.paste(_srgb(colour, profile), mask=picture.getchannel("A"))
    else:
        flat.paste(_srgb(picture, profile))
    return flat


def _srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
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
    return picture.convert("RGB")


def _changes(transform: ImageCms.ImageCmsTransform) -> bool:
    """Whether an RGB transform moves any colour by more than a rounding: most profiles are sRGB in another's words."""
    return max(ImageChops.difference(_CUBE, transform.apply(_CUBE)).tobytes()) > 1


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
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (n / 255 for n in rgb))
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )
