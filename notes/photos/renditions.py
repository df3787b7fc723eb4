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

    A photo gets every width below its own and one more: the next role up, at its own width. 700 wide gives "320",
    "640" and, 700 wide, "1080". The feed cover is a centre crop of exactly snap/24, by the same rule; its own width is
    the crop's, taken from the master so that it can be made again, and rounded down to where the height is whole.
    """
    plan = {str(role): _scaled(width, height, w) for role, w in _steps(WIDTHS, width)}
    across, down = _scaled(width, height, min(width, MASTER_WIDTH))
    s = snap(width, height)
    step = 24 // math.gcd(24, s)
    crop = min(across, down * 24 // s) // step * step
    return plan | {f"cover{role}": (w, w * s // 24) for role, w in _steps(COVERS, crop)}


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

    The master is the JPEG that new renditions can be made from: as large as it was decoded for the renditions, which
    is at most MASTER_WIDTH wide and, of a larger photo, at least as wide as the widest of them.
    Raises Refused, as `inspect` does and when the file turns out damaged.
    """
    facts = inspect(file)
    plan = sizes(facts.width, facts.height)
    picture = _decoded(file, facts, plan, MASTER_WIDTH)
    master = Rendition("master", "jpg", _encoded(picture, _MASTER), *picture.size)
    renditions = tuple(_renditions(picture, plan))
    return Rendered(
        facts.width, facts.height, tone(picture), snap(facts.width, facts.height), renditions, master
    )


def render_square(file: IO[bytes]) -> tuple[Rendition, ...]:
    """An avatar: the centre square of the photo in `file`, by the same rule of never enlarging. Raises Refused."""
    facts = inspect(file)
    plan = {f"square{role}": (w, w) for role, w in _steps(SQUARES, min(facts.width, facts.height))}
    return tuple(_renditions(_decoded(file, facts, plan), plan))


def _decoded(file: IO[bytes], facts: Facts, plan: dict[str, tuple[int, int]], most: int = 0) -> Image.Image:
    """The photo, no smaller than any part of the plan needs and otherwise at most `most` wide."""
    width, height = facts.width, facts.height
    need = max(max(w, h * width / height) for w, h in plan.values())
    return decode(
        file, facts, _scaled(width, height, need), _scaled(width, height, max(need, min(most, width)))
    )


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
