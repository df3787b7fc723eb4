"""JPEG by hand (ITU-T T.81): its segments up to the end of the first picture. What follows it (gain map, film) is never
decoded.
"""

import re
import struct
from dataclasses import dataclass, field

from . import exif
from .limits import (
    MAX_COEFFICIENTS,
    MAX_PARTS,
    MAX_PIXELS_BASELINE,
    MAX_SCANS,
    Facts,
    Refusal,
    Refused,
    check_size,
)

MAX_GAP = 2**16  # bytes between segments that belong to none; Pillow steps over them one by one
END = b"\xff\xd9"
# Where the end marker is missing, the picture is decoded twice: with nothing behind its data, for which libjpeg reads
# zeros, and with this. What was cut off then comes out differently.
ELSE = bytes(254 - 7 * number % 250 for number in range(4096)) + END

_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")  # no escaped 0xFF, padding or restart
_FRAMES = {0xC0, 0xC1, 0xC2}  # baseline, extended, progressive
_SEGMENTS = {0xC4, 0xDA, 0xDB, 0xDC, 0xDD, 0xFE, *range(0xE0, 0xF0)}
_NEEDED = {0xC0, 0xC1, 0xC2, 0xC4, 0xDA, 0xDB, 0xDC, 0xDD, 0xEE}
_JFIF = 16  # bytes of a JFIF segment, of which libjpeg makes nothing where it is shorter
_ICC = b"ICC_PROFILE\0"


@dataclass
class Walk:
    """The content of the segments: the frame as width, height, whether it is progressive and its components (number,
    and samples across and down); for each component and coefficient the number of missing low bits; the positions
    of the segments and data that decoding needs.
    """

    frame: tuple[int, int, bool, list[tuple[int, int, int]]] | None = None
    missing: dict[int, list[int]] = field(default_factory=dict)
    needed: list[tuple[int, int]] = field(default_factory=list)
    profile: dict[int, bytes] = field(default_factory=dict)
    pieces: int = 0  # of the profile
    orientation: int = 1
    has_exif: bool = False
    scans: int = 0
    has_end: bool = False


def read(data: bytes) -> Facts:
    """Read the file's facts. Raises Refused if it is malformed, lacks a scan, or is too large."""
    walk = walked(data)
    if not walk.frame:
        raise Refused(Refusal.DAMAGED)
    width, height, is_progressive, components = walk.frame
    check_size(width, height, width * height, MAX_PIXELS_BASELINE)
    if is_progressive or walk.scans > 1:
        most = max(across for _, across, _ in components) * max(down for _, _, down in components)
        share = sum(across * down for _, across, down in components) / most
        check_size(width, height, int(width * height * share), MAX_COEFFICIENTS)
    if walk.orientation >= 5:
        width, height = height, width
    return Facts("JPEG", width, height, walk.orientation)


def plain(data: bytes) -> tuple[bytes, bytes | None, bool]:
    """Return the picture without end marker and metadata; its ICC profile; whether it had the end marker."""
    walk = walked(data)
    pieces = [walk.profile.get(number, b"") for number in range(1, walk.pieces + 1)]
    profile = b"".join(pieces) if pieces and all(pieces) else None
    return b"\xff\xd8" + b"".join(data[start:end] for start, end in walk.needed), profile, walk.has_end


def walked(data: bytes) -> Walk:
    """Walk the segments. Raises Refused if there can be no whole picture."""
    walk, at, gaps, end = Walk(), 2, 0, len(data)
    for _ in range(MAX_PARTS):
        marker = _MARKER.search(data, at, end)
        if walk.scans:
            walk.needed[-1] = walk.needed[-1][0], marker.start() if marker else end
        if marker is None:
            break
        gaps += 0 if walk.scans else marker.start() - at
        kind, at = marker[1][0], marker.end()
        if kind == 0xD9 and walk.frame and walk.scans:
            walk.has_end = True
            return walk
        length = int.from_bytes(data[at : at + 2])
        if (
            length < 2
            or at + length > end
            or gaps > MAX_GAP
            or not _heed(walk, kind, data[at + 2 : at + length])
        ):
            break
        if kind in _NEEDED or (kind == 0xE0 and length >= _JFIF):
            walk.needed.append((marker.start(), at + length))
        at += length
        if kind == 0xDA and walk.scans == 1:
            end = _end_of_picture(data, at)
    if not walk.frame or not walk.missing or any(any(bits) for bits in walk.missing.values()):
        raise Refused(Refusal.DAMAGED)
    start, end = walk.needed[-1]
    walk.needed[-1] = start, start + len(_without_filling(data[start:end]))
    return walk


def _without_filling(data: bytes) -> bytes:
    """Return the data of a scan without trailing zero or one fill bytes; an escaped 0xFF stays."""
    bare = data.rstrip(b"\0")
    if not bare.endswith(b"\xff"):
        return bare
    return data[: len(bare) + 1] if len(bare) < len(data) else _without_filling(bare.rstrip(b"\xff"))


def _end_of_picture(data: bytes, at: int) -> int:
    """Return where the picture's data end at the latest: where a film begins, if one was appended."""
    film = data.find(b"ftyp", at)
    return film - 4 if film > 0 and data[film - 4 : film - 1] == bytes(3) else len(data)


def _heed(walk: Walk, kind: int, content: bytes) -> bool:
    """Process a segment; return False if it is not allowed here."""
    if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8):
        bits, height, width, count = struct.unpack_from(">BHHB", content)
        if kind not in _FRAMES or bits != 8 or count not in (1, 3, 4):
            raise Refused(Refusal.RARE_JPEG)
        parts = [content[at : at + 3] for at in range(6, 6 + 3 * count, 3)]
        if walk.frame or not all(len(part) == 3 and part[1] & 15 and part[1] >> 4 for part in parts):
            return False
        components = [(part[0], part[1] >> 4, part[1] & 15) for part in parts]
        walk.frame = width, height, kind == 0xC2, components
        walk.missing = {number: [99] * 64 for number, _, _ in components}
        return True
    if kind not in _SEGMENTS:
        return False
    if kind == 0xDA:
        walk.scans += 1
        if walk.scans > MAX_SCANS:
            raise Refused(Refusal.TOO_MANY_SCANS)
        _cover(walk, content)
    elif kind == 0xE1 and not walk.has_exif and content.startswith(b"Exif\0\0"):
        walk.has_exif, walk.orientation = True, exif.orientation(content[6:])
    elif kind == 0xE2 and content.startswith(_ICC) and len(content) > 14:
        walk.pieces = content[13]
        walk.profile.setdefault(content[12], content[14:])
    return True


def _cover(walk: Walk, scan: bytes) -> None:
    """Record what a scan contains: for its components, a range of coefficients without some low bits."""
    count = scan[0] if scan else 0
    if not walk.frame or len(scan) < 4 + 2 * count:
        return
    first, last, bits = scan[1 + 2 * count : 4 + 2 * count] if walk.frame[2] else (0, 63, 0)
    for number in scan[1 : 1 + 2 * count : 2]:
        if number in walk.missing and first <= last < 64:
            walk.missing[number][first : last + 1] = [bits & 15] * (last + 1 - first)
