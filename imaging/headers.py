"""Read a file's header before anything is decoded."""

import struct
from dataclasses import replace
from typing import IO

from . import exif, jpeg, png
from .heif import boxed
from .limits import MAX_BYTES, MAX_PARTS, MAX_PIXELS, Facts, Refusal, Refused, check_size
from .origin import origin

MAX_BLOCKS = 200_000  # GIF sub-blocks of the first frame: 25 MiB in blocks half full


def inspect(file: IO[bytes]) -> Facts:
    """Read the header of `file`, recognised by content only, without decoding; leave the file at its start.

    Raises Refused if the format is not supported, or the file is truncated, malformed or beyond a limit. A file that
    passes may still turn out to be damaged when it is decoded.
    """
    size = file.seek(0, 2)
    file.seek(0)
    if size == 0:
        raise Refused(Refusal.EMPTY)
    if size > MAX_BYTES:
        raise Refused(Refusal.TOO_HEAVY)
    data = file.read()
    file.seek(0)
    return replace(_facts(data), origin=origin(data))


def _facts(data: bytes) -> Facts:
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return jpeg.read(data)
        if data.startswith(png.START):
            return png.read(data)
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            return _webp(data)
        if data.startswith((b"GIF87a", b"GIF89a")):
            return _gif(data)
        if data[4:8] == b"ftyp":
            return boxed(data)
    except struct.error:  # a field beyond the end
        raise Refused(Refusal.DAMAGED) from None
    raise Refused(Refusal.UNSUPPORTED)


def _webp(data: bytes) -> Facts:
    """Walk the RIFF chunks; the first one has the size."""
    end = 8 + struct.unpack_from("<I", data, 4)[0]
    kind = data[12:16]
    if kind == b"VP8X":
        width, height = (int.from_bytes(data[i : i + 3], "little") + 1 for i in (24, 27))
    elif kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", data, 26))
    else:
        raise Refused(Refusal.DAMAGED)
    orientation, is_animated, at = 1, False, 12
    for _ in range(MAX_PARTS):
        if at >= end or end > len(data):
            break
        kind, length = struct.unpack_from("<4sI", data, at)
        if kind == b"EXIF":
            orientation = exif.orientation(data[at + 8 : at + 8 + length].removeprefix(b"Exif\0\0"))
        is_animated |= kind == b"ANMF"
        at += 8 + length + length % 2
    if at != end:
        raise Refused(Refusal.DAMAGED)
    check_size(width, height, width * height, MAX_PIXELS)
    if orientation >= 5:
        width, height = height, width
    return Facts("WEBP", width, height, orientation, is_animated=is_animated)


def _gif(data: bytes) -> Facts:
    """Walk to the end of the first frame; later frames are never read.

    The size is that of the screen, enlarged if the frame extends beyond it, as Pillow does.
    """
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at, blocks = 13 + _palette(flags), 0
    while data[at : at + 1] == b"!":
        at, blocks = _sub_blocks(data, at + 2, blocks)
    if data[at : at + 1] != b",":
        raise Refused(Refusal.DAMAGED)
    left, top, across, down, flags = struct.unpack_from("<HHHHB", data, at + 1)
    end, _count = _sub_blocks(data, at + 11 + _palette(flags), blocks)
    width, height = max(width, left + across), max(height, top + down)
    check_size(width, height, width * height, MAX_PIXELS)
    frame = left, top, left + across, top + down
    facts = Facts("GIF", width, height, is_animated=_goes_on(data, end))
    return facts if frame == (0, 0, width, height) else replace(facts, frame=frame)


def _goes_on(data: bytes, at: int) -> bool:
    """Return whether another frame follows the first."""
    for _ in range(MAX_PARTS):
        if data[at : at + 1] != b"!":
            break
        try:
            at, _count = _sub_blocks(data, at + 2, 0)
        except Refused:
            return False
    return data[at : at + 1] == b","


def _palette(flags: int) -> int:
    """Return the size in bytes of the colour table that these flags declare."""
    return 6 << (flags & 7) if flags & 0x80 else 0


def _sub_blocks(data: bytes, at: int, blocks: int) -> tuple[int, int]:
    """Skip a run of sub-blocks; return its end and the total number of sub-blocks so far."""
    while at < len(data) and blocks < MAX_BLOCKS:
        length, blocks = data[at], blocks + 1
        at += length + 1
        if not length:
            return at, blocks
    raise Refused(Refusal.DAMAGED)
