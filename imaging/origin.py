"""Read what a file says of how its picture was made: by an artificial intelligence, or with its help.

Known are the terms of IPTC's Digital Source Type (https://cv.iptc.org/newscodes/digitalsourcetype/), in XMP and in the
manifests of C2PA, and the label of GB 45438-2025 (`TC260:AIGC`). A file may say nothing or lie: pixels are not judged.
"""

import re
import zlib
from enum import StrEnum, auto

MAX_TERMS = 1000  # of a file; a manifest repeats the term for each picture that it was made from
MAX_LABEL = 4096  # bytes of the label of GB 45438; its seven fields have some hundred
MAX_PACKET = 2**20  # bytes of compressed XMP, as they are and decompressed

_TERM = re.compile(rb"digitalsourcetype/(\w{1,64})")
_GENERATED = {b"trainedalgorithmicmedia", b"trainedalgorithmicdata"}
_COMPOSED = {b"compositewithtrainedalgorithmicmedia", b"compositesynthetic"}
# {"Label":"1", …} as an element's content or an attribute's value, where quotation marks are escaped.
_LABEL = re.compile(rb"(?<!/)TC260:AIGC\s*(?:>|=\s*([\"']))")
_SURELY = re.compile(rb"(?:\"|&quot;|&#34;|')Label(?:\"|&quot;|&#34;|')\s*:\s*(?:\"|&quot;|&#34;|')?\s*1\b")
# Of PNG: keyword, zero byte, compressed (1), method (0), language and translated keyword with their zero bytes.
_PACKED = re.compile(rb"XML:com\.adobe\.xmp\0\x01\0[^\0]{0,64}\0[^\0]{0,256}\0")


class Origin(StrEnum):
    """What the file says; UNSAID where it says nothing about artificial intelligence."""

    UNSAID = ""
    GENERATED = auto()  # the whole picture
    COMPOSED = auto()  # a part of it, or it was edited so


def origin(data: bytes) -> Origin:
    """Return what the whole file says. Of two terms that contradict each other, the picture is COMPOSED.

    The suspicions of GB 45438 ("may be", "suspected": labels 2 and 3) count as nothing said.
    """
    said = _said(data)
    packed = _PACKED.search(data)
    if packed:
        said |= _said(_unpacked(data[packed.end() : packed.end() + MAX_PACKET]))
    if not said:
        return Origin.UNSAID
    return Origin.GENERATED if said == {Origin.GENERATED} else Origin.COMPOSED


def _said(data: bytes) -> set[Origin]:
    """Return GENERATED, COMPOSED or both; and UNSAID beside them where a picture without artificial intelligence is a
    part too. Without either, nothing.
    """
    terms = {match[1].lower() for match, _ in zip(_TERM.finditer(data), range(MAX_TERMS), strict=False)}
    said = {_of(term) for term in terms}
    for found, _ in zip(_LABEL.finditer(data), range(MAX_TERMS), strict=False):
        label = data[found.end() : found.end() + MAX_LABEL]
        if _SURELY.search(label.partition(found[1] or b"</")[0]):
            said.add(Origin.GENERATED)
    return said if said - {Origin.UNSAID} else set()


def _of(term: bytes) -> Origin:
    if term in _GENERATED:
        return Origin.GENERATED
    return Origin.COMPOSED if term in _COMPOSED else Origin.UNSAID


def _unpacked(data: bytes) -> bytes:
    """Return the beginning of what was compressed, at most MAX_PACKET; nothing where it is damaged."""
    try:
        return zlib.decompressobj().decompress(data, MAX_PACKET)
    except zlib.error:
        return b""
