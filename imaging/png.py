"""PNG parsing (W3C, Portable Network Graphics, third edition): the chunks that count, their size and colour."""

import struct
import zlib
from collections.abc import Iterator

from . import exif
from .colour import SRGB_CHROMATICITIES, Colour, icc_of, is_known, is_profile, profile_of
from .hdr import USUAL_PEAK
from .limits import MAX_PARTS, MAX_PIXELS, Facts, Refusal, Refused, check_size

START = b"\x89PNG\r\n\x1a\n"
MAX_PROFILE = 2**22  # bytes of an ICC profile; the largest of printers have about half as many

Chunk = tuple[bytes, memoryview]

_GREY, _RGB = 0, 2
_TO_EIGHT_BITS = {1: 255, 2: 85, 4: 17, 8: 1}
_PICTURE = {b"IHDR", b"PLTE", b"tRNS", b"IDAT"}
_FRAMES = {b"acTL", b"fcTL", b"fdAT"}


def read(data: bytes) -> Facts:
    """Read the file's facts. Raises Refused if the picture is incomplete or beyond a limit."""
    chunks = list(chunks_of(data))
    if chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13 or b"IDAT" not in dict(chunks):
        raise Refused(Refusal.DAMAGED)
    width, height = struct.unpack_from(">II", chunks[0][1])
    check_size(width, height, width * height, MAX_PIXELS)
    turn = exif.orientation(bytes(_first(chunks, b"eXIf")))
    if turn >= 5:
        width, height = height, width
    return Facts("PNG", width, height, turn, is_animated=is_animated(chunks))


def chunks_of(data: bytes) -> Iterator[Chunk]:
    """Return type and content of each sound chunk, in order. Raises Refused(DAMAGED) at a broken chunk that is
    needed.
    """
    view, at, has_picture = memoryview(data), len(START), False
    for _ in range(MAX_PARTS):
        length, kind = struct.unpack(">I4s", view[at : at + 8].tobytes().ljust(8, b"\0"))
        content, checksum = view[at + 8 : at + 8 + length], view[at + 8 + length : at + 12 + length]
        is_cut = len(content) < length or len(checksum) < 4
        is_behind = has_picture and kind != b"IDAT"
        if kind == b"IEND" or (is_behind and is_cut):
            return
        is_sound = not is_cut and zlib.crc32(view[at + 4 : at + 8 + length]) == int.from_bytes(checksum)
        if is_sound or (kind == b"IDAT" and is_cut and len(content) == length):
            yield kind, content
            has_picture |= kind == b"IDAT"
        elif is_behind and not kind[0] & 0x20:
            return
        elif is_cut or not kind[0] & 0x20:
            raise Refused(Refusal.DAMAGED)
        at += 12 + length
    raise Refused(Refusal.DAMAGED)


def is_animated(chunks: list[Chunk]) -> bool:
    return all(_first(chunks, kind) for kind in _FRAMES)


def hides_its_picture(chunks: list[Chunk]) -> bool:
    """Return whether the file is an animation whose default image is not one of its frames."""
    kinds = [kind for kind, _ in chunks]
    return is_animated(chunks) and kinds.index(b"IDAT") < kinds.index(b"fcTL")


def plain(chunks: list[Chunk], *, with_frames: bool) -> bytes:
    """Return the same picture in a PNG with only pixels: no text, no colour information, no broken chunks."""
    kept = _PICTURE | (_FRAMES if with_frames else set())
    parts = [START]
    for kind, content in [*chunks, (b"IEND", memoryview(b""))]:
        if kind in kept or kind == b"IEND":
            body = b"%s%s" % (kind, _eight_bits(chunks[0][1], content) if kind == b"tRNS" else content)
            parts += [struct.pack(">I", len(body) - 4), body, struct.pack(">I", zlib.crc32(body))]
    return b"".join(parts)


def _eight_bits(header: memoryview, clear: memoryview) -> bytes:
    """Return the transparent colour as Pillow compares it: with 8-bit samples, except for 16-bit grey."""
    bits, kind = header[8], header[9]
    if kind not in (_GREY, _RGB) or len(clear) < (2 if kind == _GREY else 6) or (bits, kind) == (16, _GREY):
        return bytes(clear)
    samples = struct.unpack(f">{len(clear) // 2}H", clear[: len(clear) // 2 * 2])
    if bits == 16:
        return b"".join(struct.pack(">H", sample >> 8) for sample in samples)
    return b"".join(
        struct.pack(">H", sample * (_TO_EIGHT_BITS[bits] if bits > 1 else 1)) for sample in samples
    )


def colour_of(chunks: list[Chunk]) -> Colour:
    """Return the colours by cICP, else an ICC profile, else sRGB, else gamma and primaries, in that order."""
    number = bytes(_first(chunks, b"cICP"))
    if len(number) == 4 and number[2:] == b"\0\1" and is_known(number[0], number[1]):
        return profile_of(number[0], number[1], television=True, peak=_peak(bytes(_first(chunks, b"cLLI"))))
    if profile := _profile(bytes(_first(chunks, b"iCCP"))):
        return profile
    gamma, points = bytes(_first(chunks, b"gAMA")), bytes(_first(chunks, b"cHRM"))
    if len(_first(chunks, b"sRGB")) == 1 or len(gamma) != 4 or not any(gamma):
        return None
    power = int.from_bytes(gamma) / 100_000
    if len(points) == 32:
        return icc_of(tuple(point / 100_000 for point in struct.unpack(">8I", points)), (1 / power,))
    return None if abs(power - 1 / 2.2) < 0.001 else icc_of(SRGB_CHROMATICITIES, (1 / power,))


def _peak(light: bytes) -> float:
    """Return the peak luminance in a cLLI chunk, in candela per square metre."""
    return int.from_bytes(light[:4]) / 10_000 if len(light) == 8 and any(light[:4]) else USUAL_PEAK


def _profile(packed: bytes) -> bytes | None:
    """Return the ICC profile in an iCCP chunk, which has a name, the compression (0 is zlib) and the profile."""
    _name, _, rest = packed.partition(b"\0")
    if not rest or rest[0]:
        return None
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(rest[1:], MAX_PROFILE)
    except zlib.error:
        return None
    return profile if unpacker.eof and is_profile(profile) else None


def _first(chunks: list[Chunk], kind: bytes) -> memoryview:
    return next((content for each, content in chunks if each == kind), memoryview(b""))
