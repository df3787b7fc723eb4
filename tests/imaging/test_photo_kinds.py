"""Unusual photo files: each comes out as Chromium shows it, upright and in sRGB, or is rejected for a stated reason."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageChops

import imaging
from imaging import MAX_COEFFICIENTS, Refusal, render
from imaging.jpeg import walked
from notes.forms import REFUSALS
from notes.models import Photo
from profiles.models import User
from tests.builders import signed_in, upload
from tests.imaging import images
from tests.imaging.images import box, encoded, flat, picture, png_chunk, png_with
from tests.imaging.photo_files import colour, difference, facts, near, refusal, whole
from tests.markup import words
from tests.notes.compose.filled_form import made, send
from tests.servers import run_jobs

P3 = (0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06)
SWAPPED = (0.3127, 0.329, 0.3, 0.6, 0.64, 0.33, 0.15, 0.06)
CLEAR, RED = (0, 0, 0, 0), (200, 0, 0, 255)
FILM = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 50


# HEIC that is turned by EXIF


@pytest.mark.parametrize("orientation", range(1, 9))
def test_heic_without_miaf_is_turned_by_exif(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    reference = whole(encoded(picture(120, 80), "JPEG", quality=95, exif=exif))
    data = images.heif_told_by_exif(picture(120, 80), orientation)
    assert (facts(data).width, facts(data).height) == whole(data).size == reference.size
    assert difference(whole(data), reference) < 3


def test_a_property_or_miaf_turns_instead_of_exif() -> None:
    assert whole(images.heif_told_by_exif(picture(120, 80), 6, miaf=True)).size == (120, 80)
    exif = Image.Exif()
    exif[0x0112] = 8
    turned = encoded(picture(120, 80), "HEIF", exif=exif.tobytes(), quality=95).replace(b"miaf", b"heic", 1)
    assert b"irot" in turned
    assert difference(whole(turned), picture(120, 80).transpose(Image.Transpose.ROTATE_90)) < 3


# Sizes


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (images.jpeg_header(16_382, 3_628), None),
        (images.heif_header(16_382, 3_628), None),
        (images.heif_header(16_382, 3_628, grid=(16_382, 3_628), tiles=256, tile=(512, 512)), None),
        (images.heif_header(16_382, 3_628, bits=10), None),
        (images.heif_header(7_008, 4_672, bits=10, chroma=2), None),
        (images.heif_header(8_640, 5_760, bits=10, chroma=2), Refusal.TOO_LARGE),
        (images.png_header(1_080, 20_000), None),
        (images.jpeg_header(1_000, 20_000), None),
        (images.jpeg_header(1_080, 20_001), Refusal.TOO_LONG),
        (images.jpeg_header(999, 20_000), Refusal.TOO_NARROW),
        (images.jpeg_header(8_064, 6_048, frame=0xC2), None),
        (images.jpeg_header(12_000, 6_000, frame=0xC2), Refusal.TOO_LARGE),
    ],
)
def test_panoramas_and_long_screenshots_keep_the_rules_that_are_named(data: bytes, reason: Any) -> None:
    if reason is None:
        assert facts(data)
    else:
        assert refusal(data) == reason


def test_each_rule_of_size_is_named() -> None:
    said = {reason: str(REFUSALS[reason]) for reason in Refusal}
    assert len(set(said.values())) == len(said)
    assert "20,000 pixels" in said[Refusal.TOO_LONG]
    assert "20 times" in said[Refusal.TOO_NARROW]
    assert "70 megapixels" in said[Refusal.TOO_LARGE]
    assert all("%(name)s" in words for words in said.values())


def test_a_progressive_photo_is_measured_by_what_its_decoder_holds() -> None:
    for subsampling, share in (("4:4:4", 3), ("4:2:0", 1.5)):
        data = encoded(picture(), progressive=True, subsampling=subsampling)
        assert facts(data)
        frame = walked(data).frame
        assert frame
        most = frame[3][0][1] * frame[3][0][2]
        assert sum(across * down for _, across, down in frame[3]) / most == share
    assert MAX_COEFFICIENTS // 3 > 8_192 * 6_144


def test_a_panorama_comes_out_whole() -> None:
    result = render(io.BytesIO(encoded(flat((200, 40, 40), size=(16_382, 1_000)))))
    assert (result.width, result.height) == (16_382, 1_000)
    widest = max((each for each in result.renditions if each.role.isdecimal()), key=lambda each: each.width)
    assert (widest.width, widest.height) == (1_600, 98)


# What lacks its end


@pytest.mark.parametrize("progressive", [False, True], ids=["baseline", "progressive"])
@pytest.mark.parametrize(
    "tail",
    [b"", b"\xff", b"\0\0", bytes(5000), FILM, bytes(64) + FILM],
    ids=["cut", "half a marker", "zeroed", "zeros", "film", "zeros and film"],
)
def test_a_jpeg_that_lacks_its_end_marker_alone_is_whole(progressive: bool, tail: bytes) -> None:
    data = encoded(picture(300, 201), quality=90, progressive=progressive)
    assert data.endswith(b"\xff\xd9")
    assert ImageChops.difference(whole(data[:-2] + tail), whole(data)).getbbox() is None


@pytest.mark.parametrize("progressive", [False, True], ids=["baseline", "progressive"])
@pytest.mark.parametrize("lost", [3, 4, 5, 9, 40, 1500])
@pytest.mark.parametrize(
    "tail", [b"", bytes(1500), b"\xff" * 40, FILM], ids=["cut", "zeroed", "ones", "film"]
)
def test_a_jpeg_that_lost_pixels_is_damaged(progressive: bool, lost: int, tail: bytes) -> None:
    data = encoded(picture(300, 201), quality=90, progressive=progressive)
    assert refusal(data[:-lost] + tail) == Refusal.DAMAGED


def test_a_progressive_jpeg_that_lacks_scans_is_damaged_at_once() -> None:
    data = encoded(picture(300, 201), progressive=True)
    last = data.rindex(b"\xff\xda")
    with pytest.raises(imaging.Refused):
        imaging.inspect(io.BytesIO(data[:last]))


@pytest.mark.parametrize(
    "data",
    [
        png_with(picture(), images.broken_chunk(b"tEXt")),
        png_with(picture(), images.broken_chunk(b"tIME")),
        png_with(picture(), behind=images.broken_chunk(b"tEXt") + png_chunk(b"IEND")),
        png_with(picture(), behind=images.broken_chunk(b"IEND", b"")),
        png_with(picture(), behind=b"\0"),
        png_with(picture(), behind=bytes(400)),
        png_with(picture(), behind=images.broken_chunk(b"tEXt")[:9]),
        png_with(picture(), behind=b"<?php rubbish that is no chunk"),
        encoded(picture(), "PNG")[:-14],
    ],
    ids=[
        "text",
        "time",
        "text behind",
        "IEND",
        "cut",
        "zeros",
        "cut in text",
        "rubbish",
        "cut in a checksum",
    ],
)
def test_a_png_is_whole_where_its_pixels_are(data: bytes) -> None:
    assert ImageChops.difference(whole(data), picture()).getbbox() is None


@pytest.mark.parametrize("kind", [b"IHDR", b"IDAT", b"PLTE"])
def test_a_png_whose_pixels_are_not_is_damaged(kind: bytes) -> None:
    data = bytearray(encoded(picture().quantize(16) if kind == b"PLTE" else picture(), "PNG"))
    at = data.index(kind)
    length = int.from_bytes(data[at - 4 : at])
    data[at + 4 + length] ^= 1
    assert refusal(bytes(data)) == Refusal.DAMAGED
    assert refusal(encoded(picture(), "PNG")[:-40]) == Refusal.DAMAGED


# Text and segments


@pytest.mark.parametrize(
    "chunk",
    [
        png_chunk(b"zTXt", b"words\0\0" + zlib.compress(bytes(3_000_000))),
        png_chunk(b"iTXt", b"words\0\1\0\0\0" + zlib.compress(bytes(3_000_000))),
        png_chunk(b"zTXt", b"words\0\0rubbish"),
        *[png_chunk(b"tEXt", b"x\0" + bytes(2_000_000)) * 3],
    ],
)
def test_text_in_a_png_is_never_looked_at(chunk: bytes) -> None:
    assert ImageChops.difference(whole(png_with(picture(), chunk)), picture()).getbbox() is None


@pytest.mark.parametrize("length", [0, 3, 5, 7, 12])
@pytest.mark.parametrize("kind", [0xE0, 0xE1, 0xE2, 0xED])
def test_a_short_segment_changes_nothing(kind: int, length: int) -> None:
    data = encoded(picture(), quality=95)
    names = {0xE0: b"JFIF\0", 0xE1: b"Exif\0\0", 0xE2: b"MPF\0", 0xED: b"Photoshop 3.0\0"}
    short = images.segment(kind, names[kind].ljust(length, b"\1")[:length])
    start = 2 + 2 + int.from_bytes(data[4:6])
    for changed in (
        data[:2] + short + data[2:],
        data[:2] + short + data[start:],
        data[:start] + short + data[start:],
    ):
        assert ImageChops.difference(whole(changed), whole(data)).getbbox() is None


def test_an_avif_with_two_tables_of_owners_breaks_a_rule() -> None:
    data = encoded(picture(), "AVIF")
    at = data.index(b"ipma") - 4
    (length,) = struct.unpack_from(">I", data, at)
    twice = bytearray(
        data[: at + length] + box(b"ipma", data[at + 8 : at + 12] + bytes(4)) + data[at + length :]
    )
    for name in (b"iprp", b"meta"):
        place = twice.index(name) - 4
        twice[place : place + 4] = struct.pack(">I", struct.unpack_from(">I", twice, place)[0] + 16)
    assert refusal(bytes(twice)) == Refusal.MALFORMED


@pytest.mark.parametrize("frame", [0xC3, 0xC5, 0xC7, 0xC9, 0xCA, 0xCB, 0xCF])
def test_a_rare_kind_of_jpeg_is_called_so(frame: int) -> None:
    assert refusal(images.jpeg_header(640, 480, frame=frame)) == Refusal.RARE_JPEG


# Transparency and animations


@pytest.mark.parametrize("bits", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("is_clear", [True, False])
def test_a_grey_that_is_clear_is_white(bits: int, is_clear: bool) -> None:
    level = {1: 0, 2: 1, 4: 5, 8: 80, 16: 0x5010}[bits]
    samples = (
        level.to_bytes(2)
        if bits == 16
        else bytes([int(f"{level:0{min(bits, 8)}b}" * (8 // min(bits, 8)), 2)])
    )
    clear = struct.pack(">H", level if is_clear else level ^ 1)
    data = images.deep_png(0, samples, clear, bits)
    shade = round(255 * level / (2**bits - 1))
    assert near(colour(data), (255,) * 3 if is_clear else (shade,) * 3)


@pytest.mark.parametrize("bits", [8, 16])
def test_a_colour_that_is_clear_is_white(bits: int) -> None:
    samples = struct.pack(">3H", 0x2010, 0x4020, 0x6030) if bits == 16 else bytes((0x20, 0x40, 0x60))
    same = samples if bits == 16 else struct.pack(">3H", 0x20, 0x40, 0x60)
    assert near(colour(images.deep_png(2, samples, same, bits)), (255,) * 3)
    other = struct.pack(">3H", *(3 * [0x99 if bits == 8 else 0x9999]))
    assert near(colour(images.deep_png(2, samples, other, bits)), (0x20, 0x40, 0x60))


def moving(*frames: Any, format: str = "PNG", **options: Any) -> bytes:
    first, *others = (Image.new("RGBA", (96, 96), frame) for frame in frames)
    return encoded(first, format, save_all=True, append_images=others, duration=80, **options)


def test_an_apng_whose_picture_is_no_frame_shows_its_first_frame() -> None:
    hidden = moving((0, 0, 200, 255), RED, (0, 200, 0, 255), default_image=True)
    assert colour(hidden)[:3] == colour(moving(RED, (0, 200, 0, 255)))
    assert facts(hidden).is_animated
    assert near(colour(moving((0, 0, 200, 255), RED)), (0, 0, 200))


@pytest.mark.parametrize("format", ["PNG", "GIF", "WEBP"])
@pytest.mark.parametrize("before", [1, 3])
def test_the_first_frame_with_something_on_it_is_shown(format: str, before: int) -> None:
    clear = [(number, 0, 0, 0) for number in range(before)]
    options = {"disposal": 2} if format == "GIF" else {"lossless": True} if format == "WEBP" else {}
    data = moving(*clear, RED, (0, 200, 0, 255), format=format, **options)
    assert near(colour(data), RED[:3], 4)
    assert near(colour(moving(CLEAR, (9, 9, 9, 0), format=format)), (255,) * 3)


def with_a_hole() -> bytes:
    """An animated WebP whose frame leaves the right half free, and that says it has no transparency."""
    frame = encoded(flat((200, 0, 0), size=(48, 96)), "WEBP", lossless=True)[12:]
    place = (
        bytes(6)
        + (47).to_bytes(3, "little")
        + (95).to_bytes(3, "little")
        + (80).to_bytes(3, "little")
        + b"\0"
    )
    head = b"VP8X" + struct.pack("<II", 10, 2) + (95).to_bytes(3, "little") * 2
    parts = head + b"ANIM" + struct.pack("<I", 6) + bytes(6)
    parts += (b"ANMF" + struct.pack("<I", len(place + frame)) + place + frame) * 2
    return b"RIFF" + struct.pack("<I", len(parts) + 4) + b"WEBP" + parts


def test_what_no_frame_of_a_webp_covers_is_white() -> None:
    shown = whole(with_a_hole())
    assert near(shown.getpixel((20, 40)), (200, 0, 0))
    assert near(shown.getpixel((80, 40)), (255,) * 3)


@pytest.mark.parametrize("format", ["PNG", "GIF", "WEBP"])
def test_only_what_moves_is_called_an_animation(format: str) -> None:
    assert facts(moving(RED, (0, 200, 0, 255), format=format)).is_animated
    assert not facts(encoded(flat((200, 0, 0)), format)).is_animated


@pytest.mark.django_db
@pytest.mark.parametrize("is_animated", [True, False])
def test_the_form_says_of_an_animation_that_it_shows_its_first_picture(
    alice: User, is_animated: bool
) -> None:
    client = signed_in(alice)
    data = moving(RED, (0, 200, 0, 255)) if is_animated else encoded(flat((1, 2, 3)), "GIF")
    draft = made(send(client, title="One", photos=[upload("a.png", data)], action="draft"))
    page = words(client.get(f"{draft.get_absolute_url()}edit/"))
    assert ("a note shows its first picture" in page) == is_animated


# Names


@pytest.mark.django_db
def test_what_the_worker_finds_names_the_file(alice: User) -> None:
    client = signed_in(alice)
    cut = encoded(picture(600, 400))[:-900]
    note = made(send(client, title="Two", photos=[upload("IMG 1.jpg"), upload("IMG 2.jpg", cut)]))
    run_jobs()
    page = words(client.get(note.get_absolute_url()))
    assert "“IMG 2.jpg” is damaged or cut short." in page
    assert "“IMG 2.jpg” is damaged" in words(client.get(f"{note.get_absolute_url()}edit/"))
    assert [photo.file_name for photo in note.photos.all()] == ["", "IMG 2.jpg"], (
        "Only what failed keeps its name."
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["x" * 300 + ".jpg", "a\x07b\u202e.jpg", "", "图书馆.jpg", "é" * 120])
def test_any_name_can_be_kept(alice: User, name: str) -> None:
    file = upload("a.jpg")
    file._name = name
    photo = photos_received(alice, file)
    photo.refresh_from_db()
    assert len(photo.file_name) <= 100
    assert photo.file_name.isprintable()


def photos_received(owner: User, file: Any) -> Photo:
    from notes.photos.actions import receive_photo

    return receive_photo(owner=owner, file=file, facts=imaging.inspect(file))
