"""Formats beside JPEG, PNG and WebP: a format counts as supported only if its pixels come out right."""

import io
import struct
import time
from typing import Any

import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps

import imaging
from imaging import Facts, Refusal, Refused, inspect, render
from imaging.colour import profile_of
from notes.forms import ACCEPT
from tests.builders import signed_in, upload
from tests.imaging import images
from tests.imaging.images import box, encoded, flat, picture
from tests.imaging.photo_files import (
    SHARED,
    check_output,
    colour,
    developed,
    difference,
    facts,
    near,
    opened,
    real,
    refusal,
    rendered,
    whole,
)
from tests.servers import run_jobs

LOSSLESS: dict[str, dict[str, Any]] = {
    "PNG": {},
    "WEBP": {"lossless": True},
    "AVIF": {"quality": 100, "subsampling": "4:4:4"},
    "HEIF": {"quality": -1, "chroma": 444, "matrix_coefficients": 0},
}
TURNS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}  # Pillow's transposition by EXIF orientation
RED, SRGB_RED = (230, 60, 40), (251, 31, 13)  # Display P3, and the same in sRGB


# Pixels


@pytest.mark.parametrize("format", LOSSLESS)
def test_pixels_are_those_that_were_encoded(format):
    shown = whole(encoded(picture(130, 90), format, **LOSSLESS[format]))
    rounded = 3 if format == "AVIF" else 2  # through YCbCr and back
    assert max(high for _low, high in ImageChops.difference(shown, picture(130, 90)).getextrema()) <= rounded


def test_gif_has_the_pixels_of_its_palette():
    painted = picture(130, 90).quantize(32)
    for options in ({}, {"interlace": False}):
        shown = whole(encoded(painted, "GIF", **options))
        assert ImageChops.difference(shown, painted.convert("RGB")).getbbox() is None


def test_what_the_first_frame_of_a_gif_leaves_is_white():
    painted = encoded(flat((200, 0, 0)).quantize(2), "GIF")
    size = struct.pack("<HH", 96, 96)
    shown = whole(painted.replace(size, struct.pack("<HH", 120, 100), 1))
    assert shown.size == (120, 100)
    assert [shown.getpixel(place) for place in ((95, 95), (96, 95), (5, 96))] == [
        (200, 0, 0),
        *[(255,) * 3] * 2,
    ]


@pytest.mark.parametrize(("format", "options"), [("AVIF", {}), ("HEIF", {}), ("HEIF", {"tile_size": 64})])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_each_turn_of_avif_and_heif_is_the_one_meant(orientation, format, options):
    turn = {3: 3, 4: 1, 6: 2, 8: 4}.get(orientation, TURNS.get(orientation))
    stored = picture(201, 121) if turn is None else picture(201, 121).transpose(Image.Transpose(turn))
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(stored, format, exif=exif.tobytes(), quality=95, **options)
    shown = whole(data)
    assert (facts(data).width, facts(data).height) == shown.size == (201, 121)
    assert difference(shown, picture(201, 121)) < 3


@pytest.mark.parametrize("format", ["AVIF", "HEIF"])
def test_exif_alone_turns_neither_avif_nor_heif(format):
    """As browsers have it: the turn is a property of the picture."""
    turn, unit = struct.pack("<H", 0x0112), struct.pack("<H", 0x0128)
    exif = images.turned(6).replace(turn, unit)
    data = encoded(picture(120, 80), format, exif=exif)
    entry = exif[exif.index(unit) : exif.index(unit) + 12]
    assert entry in data
    assert whole(data.replace(entry, turn + entry[2:])).size == (120, 80)


def test_deep_heif_is_scaled_to_eight_bits():
    stored = io.BytesIO()
    deep = b"".join(struct.pack("<3H", 65535, 0x8000, 0) for _ in range(96 * 96))
    pillow_heif.encode("RGB;16", (96, 96), deep, stored, quality=-1, chroma=444)
    assert pillow_heif.open_heif(stored, convert_hdr_to_8bit=False).info["bit_depth"] == 10
    assert near(colour(stored.getvalue()), (255, 128, 0))


@pytest.mark.parametrize("format", ["AVIF", "HEIF", "GIF"])
def test_whatever_lets_light_through_lies_on_white(format):
    clear = flat((200, 0, 0, 0), "RGBA")
    assert near(colour(encoded(clear, format)), (255, 255, 255))


@pytest.mark.parametrize("format", ["AVIF", "HEIF"])
def test_what_lets_half_the_light_through_is_half_white(format):
    assert near(colour(encoded(flat((200, 0, 0, 128), "RGBA"), format)), (227, 127, 127))


@pytest.mark.parametrize("format", ["AVIF", "GIF", "HEIF"])
def test_first_or_chosen_picture_of_several_is_the_photo(format):
    frames = [flat(shade) for shade in ((220, 30, 30), (30, 220, 30), (30, 30, 220))]
    data = encoded(frames[0], format, save_all=True, append_images=frames[1:], duration=50)
    assert near(colour(data), (220, 30, 30), 5)


def test_the_primary_picture_of_a_burst_is_the_photo():
    frames = [flat(shade) for shade in ((220, 30, 30), (30, 220, 30))]
    data = encoded(frames[0], "HEIF", save_all=True, append_images=frames[1:], primary_index=1)
    assert near(colour(data), (30, 220, 30), 5)


@real
@pytest.mark.parametrize("name", ["iphone13promax_p3_12MP.heic", "libheif_example.heic"])
def test_real_heif_looks_like_the_thumbnail_its_camera_made(name):
    file = pillow_heif.open_heif(SHARED / "real" / name)
    thumbnail = file[file.primary_index].get_thumbnail(0).to_pillow().convert("RGB")
    profile = file.info.get("icc_profile")
    small = whole(encoded(thumbnail, "PNG", icc_profile=profile)).reduce(4)
    shown = opened(rendered(SHARED / "real" / name), "320")
    assert difference(ImageOps.fit(shown, small.size), small) < 7
    assert difference(ImageOps.mirror(ImageOps.fit(shown, small.size)), small) > 25


def test_an_embedded_thumbnail_is_never_shown():
    stored = io.BytesIO()
    drawn = pillow_heif.from_pillow(picture(600, 400))
    drawn.info["thumbnails"] = [256]
    drawn.save(stored, quality=90)
    data = stored.getvalue()
    assert b"thmb" in data
    square = imaging.render_square(io.BytesIO(data))
    assert square == imaging.render_square(io.BytesIO(encoded(picture(600, 400), "HEIF", quality=90)))


# Colour


@pytest.mark.parametrize("format", ["JPEG", *LOSSLESS])
def test_p3_red_becomes_its_srgb_in_every_format(format):
    options = LOSSLESS.get(format, {"quality": 100, "subsampling": 0})
    data = encoded(flat(RED), format, icc_profile=images.rgb_profile(), **options)
    assert near(whole(data).getpixel((40, 40)), SRGB_RED, 2)
    for extension in ("jpg", "avif"):
        shown = opened(render(io.BytesIO(data)), "320", extension).getpixel((40, 40))
        assert near(shown, SRGB_RED, 3 if format == "AVIF" else 2)  # which went through YCbCr twice


def test_p3_that_is_only_named_by_number_becomes_its_srgb():
    stored = io.BytesIO()
    pillow_heif.from_pillow(flat(RED)).save(
        stored, quality=-1, chroma=444, color_primaries=12, transfer_characteristics=13, matrix_coefficients=0
    )
    data = stored.getvalue()
    assert facts(data).colour == (12, 13)
    assert near(whole(data).getpixel((40, 40)), SRGB_RED, 2)


def test_srgb_by_number_is_left_alone_and_hdr_is_brought_under_white():
    assert profile_of(1, 13) is profile_of(2, 2) is profile_of(1, 1) is None
    white = {16: 148, 18: 191}  # 203 candela a square metre, HDR's paper white, as a signal of 8 bits
    for transfer, signal in white.items():
        shown = whole(images.png_with(flat((signal,) * 3), images.by_number(9, transfer))).getpixel((0, 0))
        assert near(shown, (188, 188, 188), 4), "half of the light"
        brightest = images.png_with(flat((255,) * 3), images.by_number(9, transfer))
        assert near(whole(brightest).getpixel((0, 0)), (255, 255, 255))


# Headers


@given(st.integers(64, 300), st.integers(64, 300), st.sampled_from(["AVIF", "HEIF", "GIF"]))
@settings(max_examples=25, deadline=None)
def test_whatever_its_size_a_photo_comes_out_as_planned(width, height, format):
    check_output(render(io.BytesIO(encoded(picture(width, height), format))))


def test_an_avif_that_is_cropped_shows_what_its_author_left():
    data = images.avif_with(encoded(picture(200, 120), "AVIF", quality=95), images.aperture(100, 80, -20, 10))
    assert facts(data) == Facts("AVIF", 100, 80, crop=(30, 30, 130, 110), coded=(200, 120), colour=(1, 13))
    assert difference(whole(data), picture(200, 120).crop((30, 30, 130, 110))) < 3


@pytest.mark.parametrize(
    "hole",
    [images.aperture(300, 80), images.aperture(100, 80, 90), box(b"clap", bytes(32)), box(b"clap", b"cut")],
)
def test_a_crop_beyond_the_picture_is_damage(hole):
    assert refusal(images.avif_with(encoded(picture(200, 120), "AVIF"), hole)) == Refusal.DAMAGED


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (images.heif_header(10_001, 6_000), Refusal.TOO_LARGE),
        (images.heif_header(10_001, 6_000, bits=10), Refusal.TOO_LARGE),
        (images.heif_header(6_000, 5_001, kind=b"av01"), Refusal.TOO_LARGE),
        (images.heif_header(640, 480, grid=(640, 480), tiles=200, tile=(640, 480)), Refusal.TOO_LARGE),
        (images.heif_header(640, 480, grid=(6_400, 480), tiles=2), Refusal.DAMAGED),
        (
            images.heif_header(6_400, 4_800, grid=(6_400, 4_800), tiles=2, tile=(6_400, 4_800)),
            Refusal.TOO_LARGE,
        ),
        (images.heif_header(640, 480, kind=b"jpeg"), Refusal.UNSUPPORTED),
        (images.heif_header(640, 480, kind=b"unci"), Refusal.UNSUPPORTED),
        (images.heif_header(640, 480, brand=b"mp42"), Refusal.UNSUPPORTED),
        (images.heif_header(640, 480, kind=b"av01", brand=b"heic"), Refusal.UNSUPPORTED),
        (images.heif_header(640, 63), Refusal.TOO_SMALL),
        (images.heif_header(64, 1_281), Refusal.TOO_NARROW),
        (images.heif_header(640, 480)[:-1], Refusal.DAMAGED),
        (images.heif_header(640, 480)[:60], Refusal.DAMAGED),
        (box(b"ftyp", b"hevc" + bytes(4)) + box(b"moov", bytes(8)), Refusal.UNSUPPORTED),
        (box(b"ftyp", b"heic" + bytes(4)) + struct.pack(">I4s", 4, b"meta"), Refusal.DAMAGED),
        (images.gif_header(6_000, 5_001), Refusal.TOO_LARGE),
        (images.gif_header(64, 64, frame=(0, 0, 60_000, 60_000)), Refusal.TOO_LARGE),
        (images.gif_header(64, 64, frame=(65_000, 0, 64, 64)), Refusal.TOO_LONG),
        (images.gif_header(64, 63), Refusal.TOO_SMALL),
        (images.gif_header(64, 64)[:-2], Refusal.DAMAGED),
        (images.gif_header(64, 64, more=b"!\xfe" + b"\1x" * 200_000 + b"\0"), Refusal.DAMAGED),
        (images.gif_header(64, 64, more=b"?"), Refusal.DAMAGED),
    ],
)
def test_header_beyond_a_limit_is_refused_before_decoding(data, reason):
    with pytest.raises(Refused) as caught:
        inspect(io.BytesIO(data))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "data",
    [
        images.heif_header(9_166, 6_000),
        images.heif_header(6_000, 5_000, bits=10),
        images.heif_header(6_000, 5_000, kind=b"av01"),
        images.heif_header(5_000, 4_000, grid=(5_000, 4_000), tiles=2, tile=(2_500, 4_000)),
        images.gif_header(6_000, 5_000),
    ],
)
def test_header_at_a_limit_passes_and_what_it_lies_about_is_damaged(data):
    assert facts(data)
    assert refusal(data) == Refusal.DAMAGED


@pytest.mark.parametrize("format", ["AVIF", "HEIF", "GIF"])
def test_a_header_that_says_less_than_the_picture_is_damage(format):
    """The size is checked once, before decoding: what decodes to another was not checked."""
    data = encoded(picture(400, 300), format)
    size = struct.pack("<HH", 400, 300) if format == "GIF" else struct.pack(">II", 400, 300)
    lie = struct.pack("<HH", 200, 100) if format == "GIF" else struct.pack(">II", 200, 100)
    assert size in data
    if format == "GIF":  # its frame still says the truth, and counts
        assert developed(data.replace(size, lie, 1)).size == (320, 240)
    else:
        assert refusal(data.replace(size, lie)) == Refusal.DAMAGED


@pytest.mark.parametrize("count", [b"\0\0\xff\xff", b"\xff\xff\xff\xff"])
def test_tables_without_end_are_damage_and_soon(count):
    """Places of no length, counted in millions."""
    table = struct.pack(">IH", 2 << 24, 0) + count + bytes(8) + b"\xff\xff" * 20_000
    data = box(b"ftyp", b"heic" + bytes(4)) + box(b"meta", bytes(4) + box(b"iloc", table))
    began = time.process_time()
    assert refusal(data) == Refusal.DAMAGED
    assert time.process_time() - began < 1


def test_trailing_bytes_are_no_part_of_the_photo():
    for format in ("GIF", "AVIF", "HEIF"):
        data = encoded(picture(), format)
        assert render(io.BytesIO(data + b"<?php" + data)) == render(io.BytesIO(data))


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/notes/new/", "/settings/profile/"])
def test_file_choosers_offer_every_format(alice, address):
    assert f'accept="{ACCEPT}"' in signed_in(alice).get(address).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["GIF", "AVIF", "HEIF"])
def test_an_avatar_may_be_of_any_format(alice, format):
    file = upload("me", encoded(picture(300, 200), format))
    words = {"name": "Alice An", "handle": "alice", "avatar": file}
    assert signed_in(alice).post("/settings/profile/", words).status_code == 303
    run_jobs()
    alice.refresh_from_db()
    assert alice.avatar_token
    assert alice.avatar_refused == ""
