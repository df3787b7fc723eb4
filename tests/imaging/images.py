"""Generated image files, and headers of images too large to generate."""

import io
import struct
import zlib
from typing import Any

from PIL import Image

# Display P3, adapted to D50
P3 = ((0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407))
D50 = (0.9642, 1.0, 0.8249)


def picture(width: int = 120, height: int = 80) -> Image.Image:
    """No two corners alike, so that every turn shows."""
    ramp = Image.linear_gradient("L")
    across = ramp.transpose(Image.Transpose.ROTATE_90).resize((width, height))
    down = ramp.resize((width, height))
    drawn = Image.merge("RGB", (across, down, across.point(lambda value: 255 - value)))
    drawn.paste((250, 240, 20), (0, 0, width // 3, height // 4))
    return drawn


def encoded(image: Image.Image, format: str = "JPEG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def flat(colour: Any, mode: str = "RGB", size: tuple[int, int] = (96, 96)) -> Image.Image:
    return Image.new(mode, size, colour)


def turned(orientation: int, *, kind: int = 3, number: int = 1, order: str = "<") -> bytes:
    """EXIF that asks for this orientation; of another `kind` than 3 (SHORT), or of several, it is broken."""
    mark = b"II" if order == "<" else b"MM"
    entry = struct.pack(order + "HHIHxx", 0x0112, kind, number, orientation)
    return b"Exif\0\0" + mark + struct.pack(order + "HIH", 42, 8, 1) + entry + bytes(4)


def segment(kind: int, data: bytes) -> bytes:
    return b"\xff" + bytes([kind]) + struct.pack(">H", len(data) + 2) + data


def jpeg_header(
    width: int, height: int, *, frame: int = 0xC0, scans: int = 1, chroma: int = 0x11, more: bytes = b""
) -> bytes:
    """A JPEG that holds no picture, but says all that is asked before decoding."""
    size = segment(
        frame, struct.pack(">BHHB", 8, height, width, 3) + bytes((1, 0x22, 0, 2, chroma, 1, 3, chroma, 1))
    )
    scan = segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x12\xff\0\x34"
    return b"\xff\xd8" + more + size + scan * scans + b"\xff\xd9"


def png_chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_header(width: int, height: int, more: bytes = b"") -> bytes:
    start = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + start + more + png_chunk(b"IDAT") + png_chunk(b"IEND")


def webp_header(width: int, height: int) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X" + struct.pack("<II", 10, 0) + sides


def rgb_profile(
    name: str = "Display P3", primaries: tuple[tuple[float, ...], ...] = P3, gamma: float = 0
) -> bytes:
    """An ICC profile with these primaries (XYZ) and this gamma, or else the curve of sRGB, under any name."""
    srgb = struct.pack(">HH", 3, 0) + _fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    curve = b"para" + bytes(4) + (struct.pack(">HH", 0, 0) + _fixed(gamma) if gamma else srgb)
    text = name.encode() + b"\0"
    tags = {b"desc": b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(78), b"wtpt": _xyz(D50)}
    tags |= {name: _xyz(xyz) for name, xyz in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries, strict=True)}
    return _profile(b"mntr", b"RGB ", b"XYZ ", tags | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve))


def cmyk_profile() -> bytes:
    """An ICC profile of four inks that all print the same grey: each darkens the paper (L 100) by 25, up to black."""
    grid = b"".join(bytes((255 - round(255 * inks.bit_count() / 4), 128, 128)) for inks in range(16))
    straight = bytes(range(256))
    identity = _fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
    table = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + identity + straight * 4 + grid + straight * 3
    return _profile(b"prtr", b"CMYK", b"Lab ", {b"wtpt": _xyz(D50), b"A2B0": table, b"A2B1": table})


def _profile(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    offset, index, body = 132 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        index += name + struct.pack(">II", offset + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = struct.pack(">I4xI4s4s4s", offset + len(body), 0x02400000, kind, space, connection)
    head += bytes(12) + b"acsp" + bytes(28) + _fixed(*D50)
    return head.ljust(128, b"\0") + index + body


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(*values)


def _fixed(*values: float) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))


def gif_header(
    width: int, height: int, *, frame: tuple[int, int, int, int] | None = None, more: bytes = b""
) -> bytes:
    """A GIF of one frame (left, top, width and height) that holds no pixels."""
    screen = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6)
    return screen + more + b"," + struct.pack("<HHHHB", *(frame or (0, 0, width, height)), 0) + b"\2\1\0\0;"


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def heif_header(
    width: int,
    height: int,
    *,
    kind: bytes = b"hvc1",
    brand: bytes = b"",
    bits: int = 8,
    chroma: int = 1,
    grid: tuple[int, int] = (0, 0),
    tiles: int = 1,
    tile: tuple[int, int] = (64, 64),
) -> bytes:
    """A HEIF or AVIF whose pieces hold no pixels. With a `grid`, whose own data says that size, item 1 is a row of
    item 2, `tiles` times.
    """
    setup = bytes(16) + bytes((0xFC | chroma, 0xF8 | bits - 8, 0xF8 | bits - 8)) + bytes(4)
    extents = [box(b"ispe", struct.pack(">III", 0, *size)) for size in ((width, height), tile)]
    properties = box(b"ipco", extents[0] + extents[1] + box(b"hvcC", setup))
    owners = ((1, (1, 3)), (2, (2, 3)))
    owned = b"".join(struct.pack(">HBBB", item, 2, *chosen) for item, chosen in owners)
    properties += box(b"ipma", struct.pack(">II", 0, 2) + owned)
    kinds = (b"grid", kind) if any(grid) else (kind, kind)
    entries = [struct.pack(">IHH4sx", 2 << 24, item, 0, name) for item, name in enumerate(kinds, start=1)]
    says = struct.pack(">BBBBHH", 0, 0, 0, tiles - 1, *grid).ljust(12, b"\0")
    if kind == b"av01":
        says = av1_sequence(width, height)
    start = box(b"ftyp", (brand or {b"av01": b"avif"}.get(kind, b"heic")) + bytes(4))
    tables = [
        box(b"pitm", struct.pack(">IH", 0, 1)),
        box(b"iinf", struct.pack(">IH", 0, 2) + b"".join(box(b"infe", entry) for entry in entries)),
        box(b"iprp", properties),
        box(b"iref", bytes(4) + box(b"dimg", struct.pack(f">HH{tiles}H", 1, tiles, *[2] * tiles)))
        if any(grid)
        else b"",
    ]
    lists = b"".join(tables)
    places = len(start) + 12 + len(lists) + 44 + 8
    located = b"".join(struct.pack(">HHHII", item, 0, 1, places, len(says)) for item in (1, 2))
    place = box(b"iloc", struct.pack(">IBBH", 0, 0x44, 0, 2) + located)
    return start + box(b"meta", bytes(4) + lists + place) + box(b"mdat", says)


def av1_sequence(width: int, height: int) -> bytes:
    """The sequence header of a still picture in AV1, in short."""
    bits = f"00011{0:05b}{15:04b}{15:04b}{width - 1:016b}{height - 1:016b}"
    return b"\x0a\x07" + int(bits.ljust(56, "0"), 2).to_bytes(7)


def aperture(width: int, height: int, right: int = 0, down: int = 0) -> bytes:
    """A clean aperture (`clap`) of this size, whose centre is so far from the picture's."""
    return box(b"clap", struct.pack(">IIIIiIiI", width, 1, height, 1, right, 1, down, 1))


def avif_with(data: bytes, more: bytes) -> bytes:
    """The same AVIF, as Pillow writes one, with one more property of its picture."""
    known = data.index(b"ipco") - 4
    owned = data.index(b"ipma") - 4
    (length,) = struct.unpack_from(">I", data, known)
    number = sum(1 for _ in _boxes(data[known + 8 : known + length])) + 1
    (extent,) = struct.unpack_from(">I", data, owned)
    owners = bytearray(data[owned : owned + extent])
    at = owners.index(b"\0\1", 16) + 2  # item 1
    owners[at] += 1
    owners.insert(at + 1 + owners[at] - 1, number | 0x80)
    owners[:4] = struct.pack(">I", len(owners))
    changed = bytearray(
        data[:known] + data[known : known + length] + more + bytes(owners) + data[owned + extent :]
    )
    changed[known : known + 4] = struct.pack(">I", length + len(more))
    grown = len(more) + 1
    for name in (b"iprp", b"meta"):
        place = changed.index(name) - 4
        changed[place : place + 4] = struct.pack(">I", struct.unpack_from(">I", changed, place)[0] + grown)
    place = changed.index(b"iloc") + 4  # version 0, offsets of 4 bytes
    count = struct.unpack_from(">H", changed, place + 6)[0]
    at = place + 8
    for _ in range(count):
        offset = struct.unpack_from(">I", changed, at + 6)[0]
        changed[at + 6 : at + 10] = struct.pack(">I", offset + grown)
        at += 14
    return bytes(changed)


def _boxes(data: bytes) -> Any:
    while data:
        (length,) = struct.unpack_from(">I", data)
        yield data[:length]
        data = data[length:]


def png_with(image: Image.Image, *chunks: bytes, behind: bytes = b"", **options: Any) -> bytes:
    """The image as PNG, with these chunks before its pixels and `behind` in place of its end."""
    data = encoded(image, "PNG", **options)
    start = data.index(b"IHDR") + 21
    return data[:start] + b"".join(chunks) + data[start:-12] + (behind or data[-12:])


def broken_chunk(kind: bytes, content: bytes = b"words") -> bytes:
    """A chunk whose checksum is wrong."""
    return png_chunk(kind, content)[:-4] + b"\0\1\2\3"


def chromaticities(*points: float) -> bytes:
    """White, red, green and blue (x and y of each), as PNG writes them."""
    return png_chunk(b"cHRM", struct.pack(">8I", *(round(point * 100_000) for point in points)))


def gamma(power: float) -> bytes:
    return png_chunk(b"gAMA", struct.pack(">I", round(power * 100_000)))


def by_number(primaries: int, transfer: int) -> bytes:
    return png_chunk(b"cICP", bytes((primaries, transfer, 0, 1)))


def icc_chunk(profile: bytes) -> bytes:
    return png_chunk(b"iCCP", b"own\0\0" + zlib.compress(profile))


def heif_told_by_exif(image: Image.Image, orientation: int, *, miaf: bool = False) -> bytes:
    """A HEIC whose EXIF alone says that it is turned, as early iPhones write it."""
    turn, unit = struct.pack("<H", 0x0112), struct.pack("<H", 0x0128)
    exif = turned(orientation).replace(turn, unit)  # what pillow-heif does not heed
    data = encoded(image, "HEIF", exif=exif, quality=95)
    entry = exif[exif.index(unit) : exif.index(unit) + 12]
    assert data.count(entry) == 1
    return data.replace(entry, turn + entry[2:]).replace(b"miaf", b"miaf" if miaf else b"heic", 1)


def deep_png(
    kind: int, samples: bytes, clear: bytes, bits: int = 16, size: tuple[int, int] = (64, 64)
) -> bytes:
    """A PNG of one colour, whose `samples` are repeated over each row, in which another is `clear`."""
    row = b"\0" + samples * (size[0] * bits * len(samples) // (8 * len(samples)) if bits < 8 else size[0])
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", *size, bits, kind, 0, 0, 0))
    pixels = png_chunk(b"IDAT", zlib.compress(row * size[1]))
    return b"\x89PNG\r\n\x1a\n" + head + png_chunk(b"tRNS", clear) + pixels + png_chunk(b"IEND")
