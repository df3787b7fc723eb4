"""Photos with a canary in every place beside the picture, and a search for it in whatever form."""

import io
import re
import struct
import zlib
from secrets import token_hex

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.imaging.images import encoded, picture, png_chunk, png_header, rgb_profile, segment

RUN = token_hex(4)
INFLATE_MOST = 1_000_000


def canary(place: str) -> str:
    return f"CANARY-{place}-{RUN}"


def marked(*places: str) -> dict[str, str]:
    return {place: canary(place) for place in places}


JPEG = marked(
    *("description", "make", "artist", "comment-exif", "maker-note", "gps-method", "gps-area", "thumbnail"),
    *("xmp", "xmp-extended", "iptc", "comment", "icc", "app", "second-picture", "trailer"),
)
PNG = marked("png-text", "png-itxt", "png-ztxt", "png-exif", "png-icc")
WEBP = marked("webp-exif", "webp-xmp", "webp-icc")
BROKEN = marked("broken-text")
NAME = canary("name")
ALL = [*JPEG.values(), *PNG.values(), *WEBP.values(), *BROKEN.values(), NAME]


def exif(description: str) -> Image.Exif:
    tags = Image.Exif()
    tags[0x010E] = description
    return tags


def jpeg() -> bytes:
    tags = exif(JPEG["description"])
    tags[0x010F], tags[0x013B] = JPEG["make"], JPEG["artist"]
    tags.get_ifd(0x8769).update({0x9286: JPEG["comment-exif"].encode(), 0x927C: JPEG["maker-note"].encode()})
    position = {1: "N", 2: (31.0, 14.0, 7.0), 3: "E", 4: (121.0, 29.0, 3.0)}
    tags.get_ifd(0x8825).update(position | {27: JPEG["gps-method"].encode(), 28: JPEG["gps-area"].encode()})
    thumbnail = encoded(picture(), comment=JPEG["thumbnail"].encode())
    whole = encoded(picture(900, 700), comment=JPEG["comment"].encode(), icc_profile=rgb_profile(JPEG["icc"]))
    iptc = struct.pack(">BBBH", 0x1C, 2, 120, len(JPEG["iptc"])) + JPEG["iptc"].encode()
    block = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(iptc)) + iptc + bytes(len(iptc) % 2)
    segments = (
        segment(0xE1, tags.tobytes() + thumbnail),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + JPEG["xmp"].encode()),
        segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + bytes(40) + JPEG["xmp-extended"].encode()),
        segment(0xED, b"Photoshop 3.0\0" + block),
        segment(0xEB, JPEG["app"].encode()),
    )
    second = encoded(picture(), comment=JPEG["second-picture"].encode())
    return whole[:2] + b"".join(segments) + whole[2:] + second + JPEG["trailer"].encode()


def png() -> bytes:
    text = PngInfo()
    text.add_text("Comment", PNG["png-text"])
    text.add_itxt("Place", PNG["png-itxt"])
    text.add_text("Raw", PNG["png-ztxt"], zip=True)
    profile = rgb_profile(PNG["png-icc"])
    return encoded(picture(300, 400), "PNG", pnginfo=text, exif=exif(PNG["png-exif"]), icc_profile=profile)


def webp() -> bytes:
    tags, profile = exif(WEBP["webp-exif"]), rgb_profile(WEBP["webp-icc"])
    return encoded(picture(500, 400), "WEBP", exif=tags, xmp=WEBP["webp-xmp"].encode(), icc_profile=profile)


def broken() -> bytes:
    """Whole chunks, and pixels that are none."""
    text = png_chunk(b"tEXt", b"Comment\0" + BROKEN["broken-text"].encode())
    return png_header(200, 200, text + png_chunk(b"IDAT", b"no pixels"))


def found_in(data: bytes) -> set[str]:
    """The canaries in these bytes: as they are, as UTF-16, in hexadecimal digits, and in what was packed by zlib."""
    everything = [data, *_inflated(data)]
    return {
        bird
        for bird in ALL
        for form in (
            bird.encode(),
            bird.encode("utf-16-le"),
            bird.encode("utf-16-be"),
            bird.encode().hex().encode(),
        )
        if any(form in each for each in everything)
    }


def _inflated(data: bytes) -> list[bytes]:
    streams = []
    for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data):
        try:
            streams.append(zlib.decompressobj().decompress(data[start.start() :], INFLATE_MOST))
        except zlib.error:
            continue
    return streams


def facts_of(file: bytes) -> set[str]:
    """What Pillow reads of a file besides its picture."""
    with Image.open(io.BytesIO(file)) as image:
        image.load()
        beside = {"exif", "xmp", "icc_profile", "comment", "photoshop", "XML:com.adobe.xmp"}
        return beside & set(image.info) | {f"exif {tag}" for tag in image.getexif()}
