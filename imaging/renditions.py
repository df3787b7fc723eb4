"""Render pixels into the files that are stored: the sizes a photo gets, and their encoding."""

import io
import math
from dataclasses import dataclass
from typing import IO, Any

from PIL import Image, ImageOps

from .colour import tone
from .fingerprint import fingerprint
from .headers import inspect
from .limits import MIN_SIDE, Facts
from .pixels import decode

WIDTHS = (320, 640, 1080, 1600)
COVERS = (320, 480, 960)  # widths of the feed cover
COVER_BYTES = 590_000  # of a JPEG: WhatsApp shows no heavier picture of a link than 600 kB
SQUARES = (96, 192)  # avatars
MASTER_SIDE = 2048  # the longer, unless that leaves less than the widest rendition: 3 megapixels in any shape
MASTER_PIXELS = 12_000_000  # for long screenshots: AVIF takes some 20 bytes a pixel while it encodes

# Measured at 1,080 wide: AVIF is 27% smaller than JPEG at equal score; speed 6 costs ten times the CPU for 9% less.
AVIF = {"format": "AVIF", "quality": 60, "speed": 9, "max_threads": 1}
JPEG = {"format": "JPEG", "quality": 75, "subsampling": "4:2:0", "progressive": True, "optimize": True}
MASTER = {"format": "JPEG", "quality": 92, "subsampling": "4:2:0"}


@dataclass(frozen=True, slots=True)
class Rendition:
    role: str  # "320" … "1600", "cover320" … "cover960", "square96", "square192" or "master"
    extension: str  # "avif" or "jpg"
    content: bytes
    width: int
    height: int

    @property
    def file_name(self) -> str:
        return f"{self.role}.{self.extension}"


@dataclass(frozen=True, slots=True)
class Rendered:
    """Width and height of the whole photo, upright; `snap` is the feed cover's height in 24ths of its width;
    `fingerprint` a perceptual hash of 64 bits, signed.
    """

    width: int
    height: int
    tone: str
    snap: int
    fingerprint: int
    renditions: tuple[Rendition, ...]
    master: Rendition


def snap(width: int, height: int) -> int:
    """Return the feed cover's height in 24ths of its width: 24·height/width, halves upwards, from 18 (4:3) to 32
    (3:4).
    """
    return min(max((48 * height + width) // (2 * width), 18), 32)


def sizes(width: int, height: int) -> dict[str, tuple[int, int]]:
    """Return the roles that a photo of these upright pixels gets, with the width and height of each; nothing is
    enlarged.

    Of the widths, each below the photo's own and one more: the next role up, at its own width. 700 wide gives "320",
    "640" and, 700 wide, "1080". All feed covers always: a centre crop of exactly snap/24, where the photo is too small
    at the largest width that makes the height whole. All are made from the master, so of a photo with more than
    MASTER_PIXELS at these widths (a long screenshot) "own" is the master's width.
    """
    across, down = _master(width, height)
    widths = [role for role in WIDTHS if role < across]
    widths += WIDTHS[len(widths) : len(widths) + 1]
    plan = {str(role): scaled(width, height, min(role, across)) for role in widths}
    s = snap(width, height)
    step = 24 // math.gcd(24, s)
    crop = min(across, down * 24 // s) // step * step
    covers = {role: min(role // step * step, crop) for role in COVERS}
    return plan | {f"cover{role}": (width, width * s // 24) for role, width in covers.items()}


def _master(width: int, height: int) -> tuple[int, int]:
    across = max(WIDTHS[-1], MASTER_SIDE * min(1, width / height))
    return scaled(width, height, int(min(width, across, math.sqrt(MASTER_PIXELS * width / height))))


def scaled(width: int, height: int, to: float) -> tuple[int, int]:
    """Return the size of the whole photo at `to` pixels wide."""
    return round(to), max(1, round(height * to / width))


def render(file: IO[bytes]) -> Rendered:
    """Decode `file` and encode all that is kept of it: each role of `sizes`, in that order, and the master.

    The master is the JPEG that new renditions can be made from: MASTER_SIDE on its longer side, or less where a
    smaller decoding serves every rendition. Raises Refused, as `inspect` does and when the file turns out damaged.
    """
    facts = inspect(file)
    width, height = facts.width, facts.height
    plan = sizes(width, height)
    picture = decode(file, facts, _needed(facts, plan), _master(width, height))
    master = Rendition("master", "jpg", encoded(picture, MASTER), *picture.size)
    small, prints, made = glance(picture), fingerprint(picture), resized(picture, plan)
    del picture  # memory for the encoder
    own = tone(small), snap(width, height), prints
    return Rendered(width, height, *own, files_of(made), master)


def render_again(master: IO[bytes], width: int, height: int) -> tuple[tuple[Rendition, ...], int]:
    """Return the renditions, and the fingerprint, of a photo of these upright pixels, made from its master.

    A role that is larger than the master is left out. Raises Refused.
    """
    facts = inspect(master)
    picture = decode(master, facts, (facts.width, facts.height), (facts.width, facts.height))
    plan = {role: size for role, size in sizes(width, height).items() if size[0] <= facts.width}
    return files_of(resized(picture, plan)), fingerprint(picture)


@dataclass(frozen=True, slots=True)
class Square:
    """The part of a photo that an avatar shows: `zoom` in percent, where 100 is the largest square, and its position
    from 0 (left, top) to 100 (right, bottom).
    """

    zoom: int = 100
    across: int = 50
    down: int = 50

    def side(self, width: int, height: int) -> float:
        """The square's side in pixels, for a photo of this size."""
        return max(min(width, height) * 100 / self.zoom, MIN_SIDE)


MIDDLE = Square()


def render_square(file: IO[bytes], square: Square = MIDDLE) -> tuple[Rendition, ...]:
    """Return an avatar: this part of the photo in `file`, in each of SQUARES, never enlarged. Raises Refused."""
    facts = inspect(file)
    width, height = facts.width, facts.height
    side = square.side(width, height)
    plan = {f"square{role}": (min(role, int(side)),) * 2 for role in SQUARES}
    needed = scaled(width, height, width * max(size for size, _ in plan.values()) / side)
    picture = decode(file, facts, needed, needed)
    scale = picture.width / width
    left, top = (width - side) * square.across / 100 * scale, (height - side) * square.down / 100 * scale
    box = (round(left), round(top), round(left + side * scale), round(top + side * scale))
    return files_of(resized(picture.crop(box), plan))


def glance(picture: Image.Image) -> Image.Image:
    """Return the picture at about 32 pixels a side, which is enough for its tone."""
    return picture.reduce(max(1, min(picture.size) // 32))


def _needed(facts: Facts, plan: dict[str, tuple[int, int]]) -> tuple[int, int]:
    """Return the size of the whole photo that is large enough for every part of the plan."""
    width, height = facts.width, facts.height
    return scaled(width, height, max(max(w, h * width / height) for w, h in plan.values()))


def resized(picture: Image.Image, plan: dict[str, tuple[int, int]]) -> dict[str, Image.Image]:
    """Resize each from the smallest uncropped one that is large enough: the next larger, for the widths."""
    whole, made = [picture], {}
    for role, size in sorted(plan.items(), key=lambda item: item[1], reverse=True):
        fits = (each for each in reversed(whole) if each.width >= size[0] and each.height >= size[1])
        made[role] = ImageOps.fit(next(fits, picture), size, Image.Resampling.LANCZOS)
        if role.isdecimal():
            whole.append(made[role])
    return {role: made[role] for role in plan}


def files_of(made: dict[str, Image.Image]) -> tuple[Rendition, ...]:
    """Return both encodings of each, in order. The largest comes last, when the others have freed their memory."""
    order, files = list(made), {}
    for role in sorted(made, key=lambda role: made[role].size):
        picture = made.pop(role)
        files[role] = (
            Rendition(role, "avif", encoded(picture, AVIF), *picture.size),
            Rendition(role, "jpg", _jpeg(picture, role), *picture.size),
        )
    return tuple(file for role in order for file in files[role])


def _jpeg(picture: Image.Image, role: str) -> bytes:
    """Encode as JPEG. A cover that would be too heavy for link previews (noise is) is encoded again with lower
    quality.
    """
    content = encoded(picture, JPEG)
    is_heavy = role.startswith("cover") and len(content) > COVER_BYTES
    return encoded(picture, JPEG | {"quality": 60}) if is_heavy else content


def encoded(picture: Image.Image, options: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    picture.save(file, **options)
    return file.getvalue()
