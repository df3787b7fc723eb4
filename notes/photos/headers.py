"""What a file says of itself before anything is decoded.

Read by hand, from bytes: an image library's parsers are larger than this and meant for honest files, and the web
process meets the other kind. Nothing here allocates more than the file itself or takes more steps than MAX_PARTS.
"""

import re
import struct
import zlib
from dataclasses import replace
from typing import IO

from .heif import boxed
from .limits import (
    MAX_BYTES,
    MAX_PARTS,
    MAX_PIXELS,
    MAX_PIXELS_BASELINE,
    MAX_PIXELS_BUFFERED,
    MAX_SCANS,
    Facts,
    Refusal,
    Refused,
    check_size,
)

MAX_PACKED = 64  # PNG chunks that inflate; each may grow to a megabyte
MAX_GAP = 2**16  # bytes between JPEG segments that belong to none; Pillow steps over them one by one
MAX_BLOCKS = 200_000  # GIF sub-blocks of the first frame: 25 MiB in blocks half full

_JPEG_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")  # no escaped 0xFF, padding or restart
_JPEG_FRAMES = {0xC0, 0xC1, 0xC2}  # baseline, extended, progressive; the others no camera writes
_JPEG_SEGMENTS = {0xC4, 0xDA, 0xDB, 0xDC, 0xDD, 0xFE, *range(0xE0, 0xF0)}


def inspect(file: IO[bytes]) -> Facts:
    """Read the header of `file`, recognised by content alone, without decoding; leave the file at its start.

    Raises Refused when the file is of no supported format, is cut or malformed, or is beyond a limit. A file that
    passes may still turn out damaged when it is decoded.
    """
    size = file.seek(0, 2)
    file.seek(0)
    if size == 0:
        raise Refused(Refusal.EMPTY)
    if size > MAX_BYTES:
        raise Refused(Refusal.TOO_HEAVY)
    data = file.read()
    file.seek(0)
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data)
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return _png(data)
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            return _webp(data)
        if data.startswith((b"GIF87a", b"GIF89a")):
            return _gif(data)
        if data[4:8] == b"ftyp":
            return boxed(data)
    except struct.error:  # a field beyond the end
        raise Refused(Refusal.DAMAGED) from None
    raise Refused(Refusal.UNSUPPORTED)


def _facts(format: str, width: int, height: int, orientation: int = 1, most: int = MAX_PIXELS) -> Facts:
    check_size(width, height, width * height, most)
    return Facts(format, *((height, width) if orientation >= 5 else (width, height)), orientation)


def _jpeg(data: bytes) -> Facts:
    """Walk the markers to the end of the first picture: what follows it (gain map, film) is never decoded."""
    frame = None
    orientation, exif, scans, gaps, at = 1, False, 0, 0, 2
    for _ in range(MAX_PARTS):
        marker = _JPEG_MARKER.search(data, at)
        if marker is None:
            break
        gaps += 0 if scans else marker.start() - at
        kind, at = marker[1][0], marker.end()
        if kind == 0xD9 and frame and scans:
            width, height, progressive = frame
            buffered = progressive or scans > 1
            limit = MAX_PIXELS_BUFFERED if buffered else MAX_PIXELS_BASELINE
            return _facts("JPEG", width, height, orientation, limit)
        (length,) = struct.unpack_from(">H", data, at)
        if length < 2 or at + length > len(data) or gaps > MAX_GAP:
            break
        if 0xC0 <= kind <= 0xCF and kind != 0xC4:
            bits, height, width, colours = struct.unpack_from(">BHHB", data, at + 2)
            if kind not in _JPEG_FRAMES or bits != 8 or colours not in (1, 3, 4):
                raise Refused(Refusal.UNSUPPORTED)
            if frame:
                break
            frame = width, height, kind == 0xC2
        elif kind not in _JPEG_SEGMENTS:
            break
        elif kind == 0xDA:
            scans += 1
            if scans > MAX_SCANS:
                raise Refused(Refusal.TOO_MANY_SCANS)
        elif kind == 0xE1 and not exif and data.startswith(b"Exif\0\0", at + 2):
            exif, orientation = True, _orientation(data[at + 8 : at + length])
        at += length
    raise Refused(Refusal.DAMAGED)


def _png(data: bytes) -> Facts:
    """Walk the chunks to the last: each whole, with its checksum."""
    length, kind, width, height = struct.unpack_from(">I4sII", data, 8)
    if kind != b"IHDR" or length != 13:
        raise Refused(Refusal.DAMAGED)
    orientation, packed, at, view = 1, 0, 8, memoryview(data)
    for _ in range(MAX_PARTS):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 8 + length
        if zlib.crc32(view[at + 4 : end]) != struct.unpack_from(">I", data, end)[0]:
            break
        if kind == b"IEND":
            return _facts("PNG", width, height, orientation)
        if kind == b"eXIf":
            orientation = _orientation(data[at + 8 : end])
        packed += kind in (b"zTXt", b"iTXt", b"iCCP")
        if packed > MAX_PACKED:
            break
        at = end + 4
    raise Refused(Refusal.DAMAGED)


def _webp(data: bytes) -> Facts:
    """Walk the RIFF chunks; the first says the size."""
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
    orientation, at = 1, 12
    for _ in range(MAX_PARTS):
        if at >= end or end > len(data):
            break
        kind, length = struct.unpack_from("<4sI", data, at)
        if kind == b"EXIF":
            orientation = _orientation(data[at + 8 : at + 8 + length].removeprefix(b"Exif\0\0"))
        at += 8 + length + length % 2
    if at != end:
        raise Refused(Refusal.DAMAGED)
    return _facts("WEBP", width, height, orientation)


def _gif(data: bytes) -> Facts:
    """Walk to the end of the first frame: the others are never looked at.

    The size is that of the screen, or what the frame needs where it stands out: Pillow makes room for it.
    """
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at, blocks = 13 + _palette(flags), 0
    while data[at : at + 1] == b"!":
        at, blocks = _sub_blocks(data, at + 2, blocks)
    if data[at : at + 1] != b",":
        raise Refused(Refusal.DAMAGED)
    left, top, across, down, flags = struct.unpack_from("<HHHHB", data, at + 1)
    _sub_blocks(data, at + 11 + _palette(flags), blocks)
    facts = _facts("GIF", max(width, left + across), max(height, top + down))
    frame = left, top, left + across, top + down
    return facts if frame == (0, 0, facts.width, facts.height) else replace(facts, frame=frame)


def _palette(flags: int) -> int:
    """Bytes of the colour table that these flags announce."""
    return 6 << (flags & 7) if flags & 0x80 else 0


def _sub_blocks(data: bytes, at: int, blocks: int) -> tuple[int, int]:
    """Behind a run of sub-blocks, of which so many were walked before: where, and how many by now."""
    while at < len(data) and blocks < MAX_BLOCKS:
        length, blocks = data[at], blocks + 1
        at += length + 1
        if not length:
            return at, blocks
    raise Refused(Refusal.DAMAGED)


def _orientation(tiff: bytes) -> int:
    """The orientation (1 to 8) that an EXIF block asks for; 1 where it is broken, as browsers have it."""
    order = ">" if tiff.startswith(b"MM") else "<"
    try:
        (start,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, start)
        for entry in range(start + 2, start + 2 + 12 * count, 12):
            tag, kind, number, value = struct.unpack_from(order + "HHIH", tiff, entry)
            if tag == 0x0112:
                return value if kind == 3 and number == 1 and 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1
