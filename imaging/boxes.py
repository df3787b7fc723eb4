"""Reading the boxes of HEIF and AVIF by hand: numbers, boxes in boxes (ISO/IEC 14496-12), and the items that a file
lists with their places and properties (ISO/IEC 23008-12). Judged in heif.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .limits import Refusal, Refused

MAX_FIELDS = 100_000  # that are read of one file; one of 48 MP in 192 tiles has about 4,000

Span = tuple[int, int]


class Reader:
    """Read big-endian numbers and boxes from bytes, at most MAX_FIELDS of them. Raises Refused(DAMAGED) at the end."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at, self.end, self.left = data, 0, len(data), MAX_FIELDS

    def number(self, size: int) -> int:
        start, self.at = self.at, self.at + size
        self.left -= 1
        if self.at > self.end or self.left < 0:
            raise Refused(Refusal.DAMAGED)
        return int.from_bytes(self.data[start : self.at])

    def numbers(self, *sizes: int) -> list[int]:
        return [self.number(size) for size in sizes]

    def version(self) -> int:
        """Read the version of a full box and skip its flags."""
        return self.number(4) >> 24

    def open(self, span: Span) -> None:
        self.at, self.end = span

    def boxes(self, span: Span) -> Iterator[tuple[bytes, Span]]:
        """Yield type and content of each box in the span. The reader may be used elsewhere in between."""
        at, end = span
        while at < end:
            self.open((at, end))
            length, kind = self.number(4), self.data[at + 4 : at + 8]
            self.at += 4
            length = self.number(8) if length == 1 else length or end - at
            if at + length > end or self.at > at + length:
                raise Refused(Refusal.DAMAGED)
            yield kind, (self.at, at + length)
            at += length


@dataclass
class Items:
    """The items listed in a file's `meta` box, by item number."""

    primary: int = 0
    kinds: dict[int, bytes] = field(default_factory=dict)
    places: dict[int, list[Span]] = field(default_factory=dict)
    parts: dict[int, list[int]] = field(default_factory=dict)  # the items that a derived item is made of
    helpers: list[tuple[int, int]] = field(default_factory=list)  # auxiliary item, and the item it helps
    tellers: list[tuple[int, int]] = field(
        default_factory=list
    )  # item that tells of another, as EXIF does, and that one
    is_ambiguous: bool = (
        False  # two tables of one kind say which properties items have: libavif takes neither
    )
    properties: dict[int, list[tuple[bytes, Span]]] = field(default_factory=dict)


def read_items(reader: Reader) -> Items:
    everything = reader.boxes((0, reader.end))
    meta = next((span for kind, span in everything if kind == b"meta"), None)
    if meta is None:  # a film without a still picture
        raise Refused(Refusal.UNSUPPORTED)
    inside = dict(reader.boxes((meta[0] + 4, meta[1])))
    items = Items()
    for kind, read in _TABLES.items():
        if kind in inside:
            reader.open(inside[kind])
            read(reader, items, inside)
    return items


def _pitm(reader: Reader, items: Items, inside: dict[bytes, Span]) -> None:
    items.primary = reader.number(4 if reader.version() else 2)


def _iinf(reader: Reader, items: Items, inside: dict[bytes, Span]) -> None:
    reader.number(4 if reader.version() else 2)
    for kind, span in reader.boxes((reader.at, reader.end)):
        reader.open(span)
        if kind == b"infe" and (version := reader.version()) >= 2:
            item, _protection, name = reader.numbers(4 if version > 2 else 2, 2, 4)
            items.kinds[item] = name.to_bytes(4)


def _iloc(reader: Reader, items: Items, inside: dict[bytes, Span]) -> None:
    version, sizes = reader.version(), reader.number(2)
    offset, length, base, index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    for _ in range(reader.number(4 if version == 2 else 2)):
        item = reader.number(4 if version == 2 else 2)
        method = reader.number(2) & 15 if version else 0
        start = reader.numbers(2, base)[1] + (inside.get(b"idat", (0, 0))[0] if method == 1 else 0)
        spans = []
        for _ in range(reader.number(2)):
            at = reader.numbers(index if version else 0, offset)[1] + start
            spans.append((at, at + (reader.number(length) or len(reader.data) - at)))
        items.places[item] = spans if method < 2 else []


def _iref(reader: Reader, items: Items, inside: dict[bytes, Span]) -> None:
    size = 4 if reader.version() else 2
    for kind, span in reader.boxes((reader.at, reader.end)):
        reader.open(span)
        source, count = reader.numbers(size, 2)
        targets = [reader.number(size) for _ in range(count)]
        if kind == b"dimg":
            items.parts[source] = targets
        elif kind == b"auxl":
            items.helpers += [(source, target) for target in targets]
        elif kind == b"cdsc":
            items.tellers += [(source, target) for target in targets]


def _iprp(reader: Reader, items: Items, inside: dict[bytes, Span]) -> None:
    boxes = list(reader.boxes((reader.at, reader.end)))
    known = [box for kind, span in boxes if kind == b"ipco" for box in reader.boxes(span)]
    tables = [span for kind, span in boxes if kind == b"ipma"]
    heads = [reader.data[start : start + 4] for start, _ in tables]
    items.is_ambiguous = len(set(heads)) < len(heads)
    for span in tables:
        reader.open(span)
        version = reader.number(1)
        wide = reader.number(3) & 1
        for _ in range(reader.number(4)):
            item, count = reader.numbers(4 if version else 2, 1)
            chosen = [reader.number(2) & 0x7FFF if wide else reader.number(1) & 0x7F for _ in range(count)]
            if max(chosen, default=0) > len(known):
                raise Refused(Refusal.DAMAGED)
            items.properties[item] = [known[number - 1] for number in chosen if number]


_TABLES = {b"pitm": _pitm, b"iinf": _iinf, b"iloc": _iloc, b"iref": _iref, b"iprp": _iprp}
