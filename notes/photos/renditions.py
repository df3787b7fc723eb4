"""From pixels to the files that are stored: which sizes a photo gets, and their encoding."""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from PIL import Image, ImageOps

from .headers import Facts, inspect
from .pixels import decode, tone

WIDTHS = (320, 640, 1080, 1600)
COVERS = (480, 960)  # widths of the feed cover
SQUARES = (96, 192)  # avatars
MASTER_WIDTH = 2560
MASTER_PIXELS = 12_000_000  # for long screenshots: AVIF takes some 30 bytes a pixel while it encodes

# Measured at 1,080 wide: AVIF is 27% smaller than JPEG at equal score; speed 6 costs ten times the CPU for 9% less.
_AVIF = {"format": "AVIF", "quality": 60, "speed": 9, "max_threads": 1}
_JPEG = {"format": "JPEG", "quality": 75, "subsampling": "4:2:0", "progressive": True, "optimize": True}
_MASTER = {"format": "JPEG", "quality": 92, "subsampling": "4:2:0"}


@dataclass(frozen=True, slots=True)
class Rendition:
    role: str  # "320" … "1600", "cover480", "cover960", "square96", "square192" or "master"
    extension: str  # "avif" or "jpg"
    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """Width and height of the whole photo, upright; `snap` is the feed cover's height in 24ths of its width."""

    width: int
    height: int
    tone: str
    snap: int
    renditions: tuple[Rendition, ...]
    master: Rendition


def snap(width: int, height: int) -> int:
    """The feed cover's height in 24ths of its width: 24·height/width, halves upwards, from 18 (4:3) to 32 (3:4)."""
    return min(max((48 * height + width) // (2 * width), 18), 32)


def sizes(width: int, height: int) -> dict[str, tuple[int, int]]:
    """The roles that a photo of these upright pixels gets, with the width and height of each; nothing is enlarged.

    Every width below the photo's own and one more: the next role up, at its own width. 700 wide gives "320", "640"
    and, 700 wide, "1080". The feed cover is a centre crop of exactly snap/24 and follows the same rule by the crop's
    width, rounded down to where the height is whole. "Own" means the master's, so that all can be made again from it.
    """
    across, down = _master(width, height)
    plan = {str(role): _scaled(width, height, w) for role, w in _steps(WIDTHS, across)}
    s = snap(width, height)
    step = 24 // math.gcd(24, s)
    crop = min(across, down * 24 // s) // step * step
    return plan | {f"cover{role}": (w, w * s // 24) for role, w in _steps(COVERS, crop)}


def _master(width: int, height: int) -> tuple[int, int]:
    return _scaled(width, height, int(min(width, MASTER_WIDTH, math.sqrt(MASTER_PIXELS * width / height))))


def _steps(roles: tuple[int, ...], width: int) -> Iterator[tuple[int, int]]:
    for role in roles:
        yield role, min(role, width)
        if role >= width:
            return


def _scaled(width: int, height: int, to: float) -> tuple[int, int]:
    """The size of the whole photo at `to` pixels wide."""
    return round(to), max(1, round(height * to / width))


def render(file: IO[bytes]) -> Rendered:
    """Decode `file` and encode all that is kept of it: each role of `sizes`, largest first, and the master.

    The master is the JPEG that new renditions can be made from: at most MASTER_WIDTH wide, less where a smaller
    decoding serves every rendition. Raises Refused, as `inspect` does and when the file turns out damaged.
    """
    facts = inspect(file)
    width, height = facts.width, facts.height
    plan = sizes(width, height)
    picture = decode(file, facts, _needed(facts, plan), _master(width, height))
    master = Rendition("master", "jpg", _encoded(picture, _MASTER), *picture.size)
    renditions = tuple(_renditions(picture, plan))
    return Rendered(width, height, tone(picture), snap(width, height), renditions, master)


def render_square(file: IO[bytes]) -> tuple[Rendition, ...]:
    """An avatar: the centre square of the photo in `file`, by the same rule of never enlarging. Raises Refused."""
    facts = inspect(file)
    plan = {f"square{role}": (w, w) for role, w in _steps(SQUARES, min(facts.width, facts.height))}
    needed = _needed(facts, plan)
    return tuple(_renditions(decode(file, facts, needed, needed), plan))


def _needed(facts: Facts, plan: dict[str, tuple[int, int]]) -> tuple[int, int]:
    """The size of the whole photo that holds every part of the plan."""
    width, height = facts.width, facts.height
    return _scaled(width, height, max(max(w, h * width / height) for w, h in plan.values()))


def _renditions(picture: Image.Image, plan: dict[str, tuple[int, int]]) -> Iterator[Rendition]:
    """Each size from the smallest whole picture that holds it: the next larger, for the widths."""
    whole = [picture]
    for role, size in sorted(plan.items(), key=lambda item: item[1], reverse=True):
        width, height = size
        source = next((p for p in reversed(whole) if p.width >= width and p.height >= height), picture)
        result = ImageOps.fit(source, size, Image.Resampling.LANCZOS)
        if role.isdecimal():
            whole.append(result)
        yield Rendition(role, "avif", _encoded(result, _AVIF), width, height)
        yield Rendition(role, "jpg", _encoded(result, _JPEG), width, height)


def _encoded(picture: Image.Image, options: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    picture.save(file, **options)
    return file.getvalue()
