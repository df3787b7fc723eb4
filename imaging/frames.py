"""The part of a photo that is shown, and which way up: chosen over its master, rendered from it."""

from dataclasses import dataclass, replace
from typing import IO

from PIL import Image

from .colour import tone
from .fingerprint import fingerprint
from .headers import inspect
from .limits import MAX_RATIO, MIN_SIDE, Refusal
from .pixels import decode
from .renditions import (
    JPEG,
    Rendered,
    Rendition,
    encoded,
    files_of,
    glance,
    resized,
    scaled,
    sizes,
    snap,
)

Size = tuple[int, int]

WHOLE = "whole"  # the role of the picture that a frame is chosen over: its owner's alone
WHOLE_WIDTH = 1080
_CLOCKWISE = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of a master after `turn` quarter turns clockwise, in pixels of the turned master."""

    turn: int
    left: int
    top: int
    width: int
    height: int

    @property
    def problem(self) -> Refusal | None:
        """What is wrong with its size, if anything: it keeps the limits of a file."""
        if min(self.width, self.height) < MIN_SIDE:
            return Refusal.TOO_SMALL
        if max(self.width, self.height) > MAX_RATIO * min(self.width, self.height):
            return Refusal.TOO_NARROW
        return None


@dataclass(frozen=True, slots=True)
class Framed:
    """What is made of a master by a frame: the photo as it is seen, and the small picture of all of the master."""

    rendered: Rendered
    whole: Rendition


def everything(master: Size, turn: int = 0) -> Frame:
    """Return the frame that leaves nothing out."""
    return Frame(turn, 0, 0, *room(master, turn))


def room(master: Size, turn: int) -> Size:
    """Return width and height of the master after so many quarter turns: what a frame has to lie in."""
    return master[::-1] if turn % 2 else master


def turned(frame: Frame, master: Size, by: int) -> Frame:
    """Return the same part of the picture after `by` more quarter turns clockwise."""
    for _ in range(by % 4):
        across = room(master, frame.turn)[1]
        frame = Frame(
            (frame.turn + 1) % 4,
            across - frame.top - frame.height,
            frame.left,
            frame.height,
            frame.width,
        )
    return frame


def fitted(frame: Frame, master: Size, ratio: Size | None = None) -> Frame:
    """Return the frame of this ratio of width to height and as wide, or as high as there is room; about its middle, and
    moved into the picture. A frame that is off the ratio by less than a pixel has it. Without a ratio it is only moved.
    """
    across, down = room(master, frame.turn)
    width, height = min(frame.width, across), min(frame.height, down)
    if ratio and abs(height * ratio[0] - width * ratio[1]) >= max(ratio):
        height = _rounded(width * ratio[1], ratio[0])
        if height > down:
            width, height = min(_rounded(down * ratio[0], ratio[1]), across), down
    left = frame.left + (frame.width - width) // 2
    top = frame.top + (frame.height - height) // 2
    return replace(
        frame,
        left=min(max(left, 0), across - width),
        top=min(max(top, 0), down - height),
        width=width,
        height=height,
    )


def _rounded(number: int, by: int) -> int:
    """number / by, halves upwards, as the script of the page rounds."""
    return (2 * number + by) // (2 * by)


def render_frame(master: IO[bytes], frame: Frame) -> Framed:
    """Turn and crop a master, and encode what `render` does, in the sizes of the part; the master stays as it is.

    Nothing but pixels of the frame is in what is rendered, tone and snap included. Raises Refused.
    """
    facts = inspect(master)
    size = (facts.width, facts.height)
    picture = decode(master, facts, size, size)
    whole = picture.resize(
        scaled(*size, min(WHOLE_WIDTH, size[0])), Image.Resampling.LANCZOS, reducing_gap=2.0
    )
    part = _part(picture, frame)
    small = glance(part)
    master.seek(0)
    rendered = Rendered(
        *part.size,
        tone(small),
        snap(*part.size),
        fingerprint(small),
        files_of(resized(part, sizes(*part.size))),
        Rendition("master", "jpg", master.read(), *size),
    )
    return Framed(rendered, Rendition(WHOLE, "jpg", encoded(whole, JPEG), *whole.size))


def _part(picture: Image.Image, frame: Frame) -> Image.Image:
    turn = _CLOCKWISE.get(frame.turn)
    upright = picture if turn is None else picture.transpose(turn)
    return upright.crop((frame.left, frame.top, frame.left + frame.width, frame.top + frame.height))
