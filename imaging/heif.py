"""Read HEIF and AVIF headers before anything is decoded."""

from fractions import Fraction
from itertools import islice

from . import exif
from .av1 import frame_size
from .boxes import Items, Reader, Span, read_items
from .limits import MAX_PIXELS, MAX_PIXELS_HEIF, MAX_PIXELS_HEIF_FINE, Facts, Refusal, Refused, check_size

MAX_PIECES = 1024  # items that are decoded for one photo, counted as often as they are shown
MAX_DEPTH = 3  # an overlay of turned grids of tiles

# The format by what its pieces are coded in, and the first brands by which Pillow knows it.
_CODINGS = {
    b"hvc1": ("HEIF", {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}),
    b"av01": ("AVIF", {b"avif", b"avis", b"mif1", b"msf1"}),
}
_MOST_BY_CHROMA = (MAX_PIXELS_HEIF, MAX_PIXELS_HEIF, MAX_PIXELS_HEIF_FINE, MAX_PIXELS)
_SIZE_AT = {b"grid": 4, b"iovl": 10}  # where a derived item says its size
_DERIVED = {*_SIZE_AT, b"iden"}
_ALPHA = b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0", b"urn:mpeg:hevc:2015:auxid:1\0"
# The EXIF orientation of so many quarter turns to the left and then a flip: none, axis 0 (upside down), axis 1.
_ORIENTATIONS = ((1, 4, 2), (8, 5, 7), (3, 2, 4), (6, 7, 5))


def boxed(data: bytes) -> Facts:
    """Read the header of a HEIF or AVIF file. Raises Refused."""
    reader = Reader(data)
    items = read_items(reader)
    pieces = _pieces(items, items.primary)
    codings = {items.kinds.get(piece, b"") for piece in pieces}
    coding = codings.pop()
    if codings or coding not in _CODINGS or data[8:12] not in _CODINGS[coding][1]:
        raise Refused(Refusal.UNSUPPORTED)
    if items.is_ambiguous and coding == b"av01":
        raise Refused(Refusal.MALFORMED)
    veils = [aux for aux, item in items.helpers if item == items.primary and _is_alpha(reader, items, aux)]
    decoded = [*pieces, *(piece for veil in veils for piece in _pieces(items, veil))]
    if not all(_is_whole(reader, items, item) for item in {*items.kinds} & {*decoded, *items.parts}):
        raise Refused(Refusal.DAMAGED)
    pixels = sum(_pixels(reader, items, item) for item in (items.primary, *veils))
    if coding == b"av01":
        return _shown(reader, items, "AVIF", pixels, MAX_PIXELS)
    finest = max(_chroma(reader, items, item) for item in decoded)
    return _shown(reader, items, "HEIF", pixels, _MOST_BY_CHROMA[finest])


def _pieces(items: Items, item: int) -> list[int]:
    """Return the coded items that this item consists of, each as often as it is decoded."""
    pieces = [item]
    for _ in range(MAX_DEPTH):
        whole = (
            [each] if items.kinds.get(each) not in _DERIVED else items.parts.get(each, []) for each in pieces
        )
        pieces = list(islice((part for parts in whole for part in parts), MAX_PIECES + 1))
        if not 0 < len(pieces) <= MAX_PIECES:
            raise Refused(Refusal.DAMAGED)
    return pieces


def _pixels(reader: Reader, items: Items, item: int) -> int:
    """Return how many pixels are decoded for an item: its own, if its tiles exceed it by at most a quarter."""
    own, *parts = (
        width * height
        for width, height in (_extent(reader, items, each) for each in (item, *_pieces(items, item)))
    )
    return own if sum(parts) <= own * 5 // 4 else sum(parts)


def _property(items: Items, item: int, kind: bytes) -> Span | None:
    return next((span for each, span in items.properties.get(item, []) if each == kind), None)


def _extent(reader: Reader, items: Items, item: int) -> tuple[int, int]:
    """Return an item's width and height before turning."""
    span = _property(items, item, b"ispe")
    if span is None:
        raise Refused(Refusal.DAMAGED)
    reader.open(span)
    _version, width, height = reader.numbers(4, 4, 4)
    return width, height


def _is_whole(reader: Reader, items: Items, item: int) -> bool:
    """Return whether the whole item is in the file, with the same size declared inside and outside.

    HEVC is not parsed: libheif compares it with the size outside.
    """
    kind, places = items.kinds[item], items.places.get(item, [])
    if not all(end <= len(reader.data) for _, end in places) or not (places or kind == b"iden"):
        return False
    if kind == b"av01":
        coded = frame_size(b"".join(reader.data[start:end] for start, end in places))
        return all(side <= said for side, said in zip(coded, _extent(reader, items, item), strict=True))
    if kind not in _SIZE_AT:
        return True
    reader.open(places[0])
    _version, flags, rows, columns = reader.numbers(1, 1, 1, 1)
    _fill, width, height = reader.numbers(_SIZE_AT[kind] - 4, *((4, 4) if flags & 1 else (2, 2)))
    counted = kind == b"iovl" or (rows + 1) * (columns + 1) == len(items.parts[item])
    return counted and (width, height) == _extent(reader, items, item)


def _is_alpha(reader: Reader, items: Items, item: int) -> bool:
    span = _property(items, item, b"auxC")
    return span is not None and reader.data[span[0] + 4 : span[1]].startswith(_ALPHA)


def _chroma(reader: Reader, items: Items, item: int) -> int:
    """Return the chroma format of an HEVC item: 0 grey, 1 4:2:0, 2 4:2:2, 3 4:4:4; 3 also if unknown."""
    span = _property(items, item, b"hvcC")
    return reader.data[span[0] + 16] & 3 if span else 3


def _is_miaf(data: bytes) -> bool:
    """Return whether the file follows MIAF (ISO/IEC 23000-22), in which EXIF does not turn the picture."""
    return b"miaf" in {data[at : at + 4] for at in range(8, int.from_bytes(data[:4]), 4)}


def _told(reader: Reader, items: Items) -> int:
    """Return the EXIF orientation of the photo: files of early iPhones have no other."""
    tellers = (item for item, of in items.tellers if of == items.primary and items.kinds.get(item) == b"Exif")
    content = b"".join(reader.data[start:end] for start, end in items.places.get(next(tellers, 0), []))
    return exif.orientation(content[4 + int.from_bytes(content[:4]) :].removeprefix(b"Exif\0\0"))


def _shown(reader: Reader, items: Items, format: str, pixels: int, most: int) -> Facts:
    """Return the facts of the primary item as it is shown. libheif crops and turns while decoding; for AVIF we do."""
    coded = width, height = _extent(reader, items, items.primary)
    crop, turns, flip, colour, is_turned = None, 0, 0, (2, 2), False
    for kind, (start, end) in items.properties[items.primary]:
        if kind == b"clap":
            crop = _crop(reader, (start, end), (width, height))
            width, height = crop[2] - crop[0], crop[3] - crop[1]
        elif kind == b"irot":
            turns, is_turned = reader.data[start] & 3, True
            width, height = (height, width) if turns % 2 else (width, height)
        elif kind == b"imir":
            flip, is_turned = 1 + (reader.data[start] & 1), True
        elif kind == b"colr" and reader.data[start : start + 4] == b"nclx":
            reader.open((start + 4, end))
            colour = reader.number(2), reader.number(2)
    check_size(width, height, max(pixels, coded[0] * coded[1]), most)
    if format == "HEIF":
        turn = 1 if is_turned or _is_miaf(reader.data) else _told(reader, items)
        return Facts(format, *((height, width) if turn >= 5 else (width, height)), turn, colour=colour)
    return Facts(
        format, width, height, _ORIENTATIONS[turns][flip], crop, coded if crop else None, colour=colour
    )


def _crop(reader: Reader, span: Span, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a clean aperture: fractions of width, height and centre offsets."""
    reader.open(span)
    edges = []
    fractions = []
    for _ in range(4):
        above, below = reader.numbers(4, 4)
        if not below:
            raise Refused(Refusal.DAMAGED)
        fractions.append(Fraction(above - (above >> 31 << 32), below))
    for whole, shown, offset in zip(size, fractions[:2], fractions[2:], strict=True):
        start = int((whole - shown) / 2 + offset)
        edges.append((start, start + round(shown)))
        if not 0 <= start < start + round(shown) <= whole:
            raise Refused(Refusal.DAMAGED)
    (left, right), (top, bottom) = edges
    return left, top, right, bottom
