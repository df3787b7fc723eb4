"""From a file that passed `inspect` to upright sRGB pixels and nothing else."""

import io
import warnings
from typing import IO

from PIL import AvifImagePlugin, Image, ImageChops, WebPImagePlugin
from pillow_heif import register_heif_opener

from .colour import profile_of, to_srgb
from .limits import Facts, Refusal, Refused

# Every size is checked before Pillow sees the file, so this never speaks; if it does, the two disagree on the size.
warnings.simplefilter("error", Image.DecompressionBombWarning)

# A worker has one core, and an embedded thumbnail may show what its author has cut away.
register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
AvifImagePlugin.DEFAULT_MAX_THREADS = 1

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def decode(file: IO[bytes], facts: Facts, least: tuple[int, int], most: tuple[int, int]) -> Image.Image:
    """Decode the first picture of `file`, whose `facts` inspect gave, to upright sRGB pixels.

    The result is at least `least` and at most `most` pixels (both upright, and no larger than the photo): a JPEG is
    decoded at the smallest scale that allows it, and only what is still larger than `most` is resized.
    Raises Refused(DAMAGED).
    """
    if facts.orientation >= 5:
        least, most = least[::-1], most[::-1]
    turn = _UPRIGHT.get(facts.orientation)
    try:
        flat = _flat(*_resized(file, facts, least, most))
    except (MemoryError, Refused):
        raise
    except Exception as error:  # Pillow's parsers raise almost anything at a malformed file
        raise Refused(Refusal.DAMAGED) from error
    return flat.transpose(turn) if turn is not None else flat


def _resized(
    file: IO[bytes], facts: Facts, least: tuple[int, int], most: tuple[int, int]
) -> tuple[Image.Image, bytes | None]:
    """The picture as it is stored, neither converted nor turned, and its profile. The whole of it is gone by then."""
    file.seek(0)
    source = Image.open(_still(file, facts), formats=[facts.format])
    if source.size != facts.stored:
        raise Refused(Refusal.DAMAGED)
    drafted = source.draft(None, least)
    picture = _plain(_loaded(source, facts))
    if picture.width > most[0]:
        box = drafted[1] if drafted else None
        picture = picture.resize(most, Image.Resampling.LANCZOS, box, reducing_gap=2.0)
    if picture.mode == "CMYK" and "adobe" not in source.info:
        # Pillow takes every CMYK JPEG for an Adobe one, which is inverted.
        picture = ImageChops.invert(picture)
    return picture, source.info.get("icc_profile") or profile_of(*facts.colour)


def _loaded(source: Image.Image, facts: Facts) -> Image.Image:
    if isinstance(source, WebPImagePlugin.WebPImageFile):
        # Pillow keeps the decoder, with two canvases of its own, while it copies what came out: 17 bytes a pixel.
        pixels, _end = source._decoder.get_next()
        del source._decoder
        picture = Image.frombuffer(source.rawmode, source.size, pixels, "raw", source.rawmode, 0, 1)
        return picture if picture.mode == source.mode else picture.convert(source.mode)
    source.load()
    if facts.frame:  # the rest of the screen is clear, as browsers have it, and not of the first colour
        part = source.crop(facts.frame).convert("RGBA")
        source = Image.new("RGB", source.size, "white")
        source.paste(part, facts.frame, part)
    return source.crop(facts.crop) if facts.crop else source


def _still(file: IO[bytes], facts: Facts) -> IO[bytes]:
    """An AVIF that begins as a film has a still picture too, the one that was inspected: the file says so first."""
    if facts.format != "AVIF":
        return file
    data = file.read()
    return io.BytesIO(data[:8] + b"avif" + data[12:])


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
    veil = picture.getchannel("A") if picture.mode in ("LA", "RGBA") else None
    if veil:
        picture = picture.convert("L" if picture.mode == "LA" else "RGB")
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(to_srgb(picture, profile), mask=veil)
    return flat
