"""Crops of photos: a rectangle and a turn, chosen on the master and rendered from it."""

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

WHOLE = "whole"  # role of the picture on which an area is chosen; for the owner only
WHOLE_WIDTH = 1080
_CLOCKWISE = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}


@dataclass(frozen=True, slots=True)
class CropArea:
    """A part of a master after `turn` quarter turns clockwise, in pixels of the turned master."""

    turn: int
    left: int
    top: int
    width: int
    height: int

    @property
    def problem(self) -> Refusal | None:
        """What is wrong with the size, if anything. The limits are those of a file."""
        if min(self.width, self.height) < MIN_SIDE:
            return Refusal.TOO_SMALL
        if max(self.width, self.height) > MAX_RATIO * min(self.width, self.height):
            return Refusal.TOO_NARROW
        return None


@dataclass(frozen=True, slots=True)
class CroppedPhoto:
    """A rendered crop: the photo as it is shown, and a small picture of the whole master."""

    rendered: Rendered
    whole: Rendition


def full_area(master: Size, turn: int = 0) -> CropArea:
    """Return the crop area that leaves nothing out."""
    return CropArea(turn, 0, 0, *room(master, turn))


def room(master: Size, turn: int) -> Size:
    """Return width and height of the master after these quarter turns, which bound a crop area."""
    return master[::-1] if turn % 2 else master


def turned(area: CropArea, master: Size, by: int) -> CropArea:
    """Return the same part of the picture after `by` more quarter turns clockwise."""
    for _ in range(by % 4):
        across = room(master, area.turn)[1]
        area = CropArea(
            (area.turn + 1) % 4,
            across - area.top - area.height,
            area.left,
            area.height,
            area.width,
        )
    return area


def fitted(area: CropArea, master: Size, ratio: Size | None = None) -> CropArea:
    """Return an area of this ratio of width to height around the same centre, as wide as the given one if there is
    room, and inside the picture.

    An area that misses the ratio by less than a pixel keeps its size. Without a ratio it is only moved.
    """
    across, down = room(master, area.turn)
    width, height = min(area.width, across), min(area.height, down)
    if ratio and abs(height * ratio[0] - width * ratio[1]) >= max(ratio):
        height = _rounded(width * ratio[1], ratio[0])
        if height > down:
            width, height = min(_rounded(down * ratio[0], ratio[1]), across), down
    left = area.left + (area.width - width) // 2
    top = area.top + (area.height - height) // 2
    return replace(
        area,
        left=min(max(left, 0), across - width),
        top=min(max(top, 0), down - height),
        width=width,
        height=height,
    )


def _rounded(number: int, by: int) -> int:
    """Divide, rounding halves up as the page's script does."""
    return (2 * number + by) // (2 * by)


def render_crop(master: IO[bytes], area: CropArea) -> CroppedPhoto:
    """Turn and crop a master, and encode what `render` does, in the sizes of the part; the master stays as it is.

    The renditions, tone and snap contain only pixels of the area. Raises Refused.
    """
    facts = inspect(master)
    size = (facts.width, facts.height)
    picture = decode(master, facts, size, size)
    whole = picture.resize(
        scaled(*size, min(WHOLE_WIDTH, size[0])), Image.Resampling.LANCZOS, reducing_gap=2.0
    )
    part = _part(picture, area)
    small = glance(part)
    master.seek(0)
    rendered = Rendered(
        *part.size,
        tone(small),
        snap(*part.size),
        fingerprint(part),
        files_of(resized(part, sizes(*part.size))),
        Rendition("master", "jpg", master.read(), *size),
    )
    return CroppedPhoto(rendered, Rendition(WHOLE, "jpg", encoded(whole, JPEG), *whole.size))


def _part(picture: Image.Image, area: CropArea) -> Image.Image:
    turn = _CLOCKWISE.get(area.turn)
    upright = picture if turn is None else picture.transpose(turn)
    return upright.crop((area.left, area.top, area.left + area.width, area.top + area.height))
