"""The frame that represents an animation: the first that is not fully transparent."""

from contextlib import suppress

from PIL import Image

MAX_FRAMES = 12  # that are looked at: the rest of a file that begins with nothing is left alone
MAX_PIXELS_MOVING = 15_000_000  # a frame is put over the one before, of which copies are kept


def first_seen(source: Image.Image, first: Image.Image, number: int = 0) -> Image.Image:
    """Return the first frame of `source` that is not fully transparent; if all are, `first`, the frame with this
    number.
    """
    size = source.size
    if not is_clear(first) or size[0] * size[1] > MAX_PIXELS_MOVING:
        return first
    if first is source:
        first = source.copy()
    with suppress(EOFError, OSError, SyntaxError, ValueError):
        for each in range(number + 1, number + MAX_FRAMES):
            source.seek(each)
            source.load()
            if source.size != size:
                break
            if not is_clear(source):
                return source
    return first


def is_clear(picture: Image.Image) -> bool:
    if not picture.has_transparency_data:
        return False
    if picture.mode not in ("LA", "RGBA"):
        picture = picture.convert("RGBA")
    return picture.getchannel("A").getextrema()[1] == 0
