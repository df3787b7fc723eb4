"""Decode a file that passed `inspect` to upright sRGB pixels without metadata."""

import io
import warnings
from contextlib import suppress
from typing import IO

from PIL import AvifImagePlugin, Image, ImageChops, WebPImagePlugin
from pillow_heif import register_heif_opener

from . import jpeg, png
from .animation import MAX_FRAMES, first_seen
from .colour import Colour, profile_of, to_srgb
from .limits import Facts, Refusal, Refused

# Every size is checked before Pillow sees the file, so this never speaks; if it does, the two disagree on the size.
warnings.simplefilter("error", Image.DecompressionBombWarning)
Image.preinit()  # with the plugins above, once for all children that are forked, instead of 100 ms in each

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
) -> tuple[Image.Image, Colour]:
    """Return the picture as stored, neither converted nor turned, and its colours. The full-size picture is freed by
    then.
    """
    file.seek(0)
    read = {"JPEG": _jpeg, "PNG": _png}.get(facts.format, _other)
    source, picture, colour = read(file.read(), facts, least)
    if picture.width > most[0]:
        box = source.info.get("drafted")
        picture = picture.resize(most, Image.Resampling.LANCZOS, box, reducing_gap=2.0)
    if picture.mode == "CMYK" and "adobe" not in source.info:
        # Pillow takes every CMYK JPEG for an Adobe one, which is inverted.
        picture = ImageChops.invert(picture)
    return picture, colour


def _opened(data: bytes, facts: Facts) -> Image.Image:
    source = Image.open(io.BytesIO(data), formats=[facts.format])
    if source.size != facts.stored:
        raise Refused(Refusal.DAMAGED)
    return source


def _jpeg(data: bytes, facts: Facts, least: tuple[int, int]) -> tuple[Image.Image, Image.Image, Colour]:
    body, profile, has_end = jpeg.plain(data)
    source = _drafted(body + jpeg.END, facts, least)
    if not has_end:
        other = _drafted(body + jpeg.ELSE, facts, least)
        if ImageChops.difference(source, other).getbbox():
            raise Refused(Refusal.DAMAGED)
    return source, source, profile


def _drafted(data: bytes, facts: Facts, least: tuple[int, int]) -> Image.Image:
    source = _opened(data, facts)
    drafted = source.draft(None, least)
    source.info["drafted"] = drafted and drafted[1]
    source.load()
    return source


def _png(data: bytes, facts: Facts, least: tuple[int, int]) -> tuple[Image.Image, Image.Image, Colour]:
    chunks = list(png.chunks_of(data))
    picture = None
    if facts.is_animated:
        with suppress(EOFError, OSError, SyntaxError, ValueError):
            moving = _opened(png.plain(chunks, with_frames=True), facts)
            begins = int(png.hides_its_picture(chunks))
            moving.seek(begins)
            moving.load()
            picture = first_seen(moving, moving, begins)
    if picture is None:  # or no frame is sound: then browsers show the still picture
        picture = _opened(png.plain(chunks, with_frames=False), facts)
        picture.load()
    return picture, _plain(picture), png.colour_of(chunks)


def _other(data: bytes, facts: Facts, least: tuple[int, int]) -> tuple[Image.Image, Image.Image, Colour]:
    if (
        facts.format == "AVIF"
    ):  # one that begins as a film has a still picture too, the one that was inspected
        data = data[:8] + b"avif" + data[12:]
    source = _opened(data, facts)
    if isinstance(source, WebPImagePlugin.WebPImageFile):
        picture = _webp(source, facts)
    elif source.format == "GIF":
        picture = _gif(source, facts)
    else:
        source.load()
        picture = source.crop(facts.crop) if facts.crop else source
    return source, _plain(picture), source.info.get("icc_profile") or profile_of(*facts.colour)


def _gif(source: Image.Image, facts: Facts) -> Image.Image:
    """Return the first frame that is not fully transparent. Areas the first frame does not cover are transparent, not
    of the first colour.
    """
    source.load()
    first = source.crop(facts.frame).convert("RGBA") if facts.frame else source
    picture = first_seen(source, first) if facts.is_animated else first
    if picture is not first or not facts.frame:
        return picture
    canvas = Image.new("RGB", source.size, "white")
    canvas.paste(first, facts.frame, first)
    return canvas


def _webp(source: WebPImagePlugin.WebPImageFile, facts: Facts) -> Image.Image:
    """Return the picture, or the first frame that is not fully transparent. Areas without a frame are transparent.

    Pillow keeps the decoder, with two canvases of its own, while it copies the result: 17 bytes a pixel.
    """
    decoder, mode = source._decoder, "RGBA" if facts.is_animated else source.rawmode
    del source._decoder
    pixels, _end = decoder.get_next()
    with suppress(OSError, TypeError):  # there is no other
        for _ in range(MAX_FRAMES if facts.is_animated else 0):
            if any(pixels[3::4]):
                break
            pixels, _end = decoder.get_next()
    del decoder
    picture = Image.frombuffer(mode, source.size, pixels, "raw", mode, 0, 1)
    return picture.convert("RGB") if mode == "RGBX" else picture


def _plain(picture: Image.Image) -> Image.Image:
    """Return the same picture in a mode that can be resized: L, LA, RGB, RGBA or CMYK."""
    if picture.mode == "I;16":
        grey = picture.point(lambda value: value * (1 / 257) + 0.5).convert("L")  # convert alone would clip
        clear = picture.info.get("transparency")
        if isinstance(clear, int):
            grey.putalpha(picture.convert("I").point([255 * (value != clear) for value in range(2**16)], "L"))
        return grey
    if picture.has_transparency_data and picture.mode not in ("LA", "RGBA"):
        return picture.convert("RGBA")
    if picture.mode in ("1", "P"):
        return picture.convert("L" if picture.mode == "1" else "RGB")
    return picture


def _flat(picture: Image.Image, colour: Colour) -> Image.Image:
    """Return the pixels in sRGB on white, in a new image: no metadata comes along."""
    veil = picture.getchannel("A") if picture.mode in ("LA", "RGBA") else None
    if veil:
        picture = picture.convert("L" if picture.mode == "LA" else "RGB")
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(to_srgb(picture, colour), mask=veil)
    return flat
