"""Draw the preview image of a note without photos: its title on the colour of its cover."""

import contextlib
import hashlib
import io
from functools import cache, lru_cache
from typing import Any

import regex
from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from core.link_previews import HEIGHT, WIDTH
from notes.models import Note

EDGE, FOOT = 96, 150  # margins around the title, and below it for the logo
LARGEST, SMALLEST, STEP = 120, 48, 6  # pixels of an em
LINE = 1.3  # ems from line to line
JPEG: dict[str, Any] = {"format": "JPEG", "quality": 85, "subsampling": "4:4:4", "optimize": True}
RED = "#d3203d"
# Paper and ink of each tone, as .text-cover in tokens.css has them.
PAPERS = {
    "warm": ("#f0eae1", "#27201a"),
    "rose": ("#f8dbda", "#3b1c1c"),
    "leaf": ("#25332c", "#edf0e7"),
    "sky": ("#d0e3ef", "#152839"),
    "dark": ("#231e1c", "#efeae4"),
    "pale": ("#f4f3f1", "#1f1c1a"),
}
# A line may end after a Chinese character, and after a space or a hyphen; not before a closing sign.
_CHINESE, _JOINT = r"\p{Han}\p{Kana}\p{Hira}", r"\-–—/"
_PIECES = regex.compile(
    rf"(?:[{_CHINESE}]|[^\s{_CHINESE}{_JOINT}]+[{_JOINT}]*|[{_JOINT}]+)[\p{{Pe}}\p{{Pf}}\p{{Po}}]*\s*"
)
_WRITTEN = regex.compile(r"[\p{L}\p{N}]")
_UNDRAWN = "\ufffe"  # not a character: drawn as the box for missing glyphs


def title_image_name(note: Note) -> str:
    """Return the current name of the note's drawn image. It changes with title, colour and edits, and once the note was
    closed."""
    said = repr((note.title, note.text_tone, note.edited_at, *filter(None, [note.closed_at])))
    return hashlib.sha256(said.encode()).hexdigest()[:20]


def can_letter(title: str) -> bool:
    """Return whether the title has letters or digits, and the font has all of them."""
    written = _WRITTEN.findall(title)
    return bool(written) and _has_font() and all(map(_is_drawn, written))


@lru_cache(64)
def letter(title: str, tone: str) -> bytes:
    """Return a JPEG of WIDTH × HEIGHT with this title. Characters the font lacks (emoji) are left out. Requires
    `can_letter`.
    """
    paper, ink = PAPERS[tone]
    picture = Image.new("RGB", (WIDTH, HEIGHT), paper)
    draw = ImageDraw.Draw(picture)
    shown = " ".join("".join(sign for sign in title if sign.isspace() or _is_drawn(sign)).split())
    size, lines = _set(shown)
    room = HEIGHT - FOOT
    top = (room + EDGE / 2 - len(lines) * size * LINE) / 2
    for number, line in enumerate(lines):
        draw.text((EDGE, top + number * size * LINE), line, ink, _font(size))
    _sign(draw, ink)
    file = io.BytesIO()
    picture.save(file, **JPEG)
    return file.getvalue()


def _sign(draw: ImageDraw.ImageDraw, ink: str) -> None:
    """Draw the logo at the foot: static/favicon.svg, and the name."""
    left, top, unit = EDGE, HEIGHT - FOOT + 42, 2
    draw.rounded_rectangle([left, top, left + 22 * unit, top + 24 * unit], 6 * unit, RED)
    ribbon = [(11.5, 0), (17.5, 0), (17.5, 12.5), (14.5, 10.2), (11.5, 12.5)]
    draw.polygon([(left + x * unit, top + y * unit) for x, y in ribbon], "#ffffff")
    draw.text((left + 64, top + 24), "Red Book", ink, _font(34), anchor="lm")


def _set(title: str) -> tuple[int, list[str]]:
    """Return the largest size at which the title fits, and its lines. At the smallest size, words are broken and lines
    left out.
    """
    pieces = _PIECES.findall(title)
    for size in range(LARGEST, SMALLEST - 1, -STEP):
        lines = _lines(pieces, size)
        if len(lines) <= _most(size) and all(_fits(line, size) for line in lines):
            return size, lines
    return SMALLEST, _lines(list(title), SMALLEST)[: _most(SMALLEST)]


def _most(size: int) -> int:
    return int((HEIGHT - FOOT - EDGE / 2) / (size * LINE))


def _lines(pieces: list[str], size: int) -> list[str]:
    lines = [""]
    for piece in pieces:
        if lines[-1] and not _fits(lines[-1] + piece, size):
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _fits(line: str, size: int) -> bool:
    return _font(size).getlength(line.rstrip()) <= WIDTH - 2 * EDGE


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return _face(_in_collection(), size)


@cache
def _in_collection() -> int:
    """Return the index of the font with Simplified Chinese glyphs in a collection file; else 0."""
    index = 0
    with contextlib.suppress(OSError):
        while "SC" not in str(_face(index, SMALLEST).getname()[0]).split():
            index += 1
        return index
    return 0


def _face(index: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(settings.LETTERS_FONT, size, index, layout_engine=ImageFont.Layout.BASIC)


@cache
def _has_font() -> bool:
    """Return whether the configured font exists and can be loaded."""
    try:
        _font(SMALLEST)
    except OSError:
        return False
    return True


@lru_cache(4096)
def _is_drawn(sign: str) -> bool:
    """Return whether the font has this character: it draws the same box for all that it lacks."""
    return bytes(_font(SMALLEST).getmask(sign)) != bytes(_font(SMALLEST).getmask(_UNDRAWN))
