"""`imaging` on real, hostile and generated files. Needs no database."""

import io
import math
import struct
import zlib
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms, ImageColor, ImageOps

import imaging
from imaging import Facts, Refusal, Refused, Square, inspect, render, render_square, sizes, snap
from tests.imaging import images
from tests.imaging.images import encoded, flat, picture
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

# Pillow warns about errors it tolerates, such as broken EXIF; only in these tests is a warning an error.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


@real
def test_gain_map_file_gives_its_first_picture_in_srgb():
    path = SHARED / "real/mpo_iphone13mini_gainmap_p3.jpg"
    with Image.open(path) as source:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(source.info["icc_profile"]))
        srgb = ImageCms.profileToProfile(source, profile, ImageCms.createProfile("sRGB"), 1, flags=0x2000)
    assert difference(opened(rendered(path), "640", "avif"), srgb) < 3


# Turning


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "undo"),
    [
        (2, Image.Transpose.FLIP_LEFT_RIGHT),
        (3, Image.Transpose.ROTATE_180),
        (4, Image.Transpose.FLIP_TOP_BOTTOM),
        (5, Image.Transpose.TRANSPOSE),
        (6, Image.Transpose.ROTATE_90),
        (7, Image.Transpose.TRANSVERSE),
        (8, Image.Transpose.ROTATE_270),
    ],
)
def test_turned_photo_equals_the_upright_one_pixel_for_pixel(orientation, undo, format):
    upright = picture(150, 90)
    stored = upright.transpose(undo)
    data = encoded(stored, format, exif=images.turned(orientation), lossless=True)
    assert facts(data) == Facts(format, 150, 90, orientation)
    assert facts(data).stored == stored.size
    assert render(io.BytesIO(data)) == render(io.BytesIO(encoded(upright, "PNG")))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_jpeg_is_turned_as_pillow_turns_it(orientation):
    data = encoded(picture(1000, 700), exif=images.turned(orientation, order=">"), quality=95)
    with Image.open(io.BytesIO(data)) as source:
        turn = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}.get(orientation)
        upright = source.copy() if turn is None else source.transpose(Image.Transpose(turn))
    shown = developed(data)
    assert facts(data).width == upright.width
    assert difference(shown, upright.resize(shown.size, Image.Resampling.LANCZOS)) < 3


@pytest.mark.parametrize(
    "exif",
    [
        images.turned(99),
        images.turned(0),
        images.turned(6, kind=2),
        images.turned(6, number=2),
        images.turned(6)[:20],
        b"Exif\0\0",
        b"Exif\0\0II*\0\xff\xff\xff\xff",
    ],
)
def test_bad_exif_leaves_the_photo_as_it_is(exif):
    data = encoded(picture(), exif=exif)
    assert facts(data) == Facts("JPEG", 120, 80)
    check_output(render(io.BytesIO(data)))


def test_first_of_two_exif_blocks_turns_the_photo():
    data = encoded(picture(), exif=images.turned(6))
    second = images.segment(0xE1, images.turned(3))
    end = data.index(b"\xff\xdb")
    assert facts(data[:end] + second + data[end:]).orientation == 6


def test_webp_may_introduce_its_exif_as_jpeg_does():
    data = encoded(picture(), "WEBP", exif=images.turned(6))
    start = data.index(b"EXIF")
    exif = images.turned(6)
    chunks = data[8:start] + b"EXIF" + struct.pack("<I", len(exif)) + exif
    assert facts(b"RIFF" + struct.pack("<I", len(chunks)) + chunks).orientation == 6


# Colour


@pytest.mark.parametrize("name", ["Display P3", "P3 with sRGB Transfer", "sRGB IEC61966-2.1"])
@pytest.mark.parametrize(("format", "options"), [("PNG", {}), ("JPEG", {"quality": 100, "subsampling": 0})])
def test_p3_becomes_srgb_whatever_the_profile_calls_itself(name, format, options):
    profile = images.rgb_profile(name=name)
    data = encoded(flat((230, 60, 40)), format, icc_profile=profile, **options)
    result = render(io.BytesIO(data))
    for image in (
        opened(result, "320"),
        opened(result, "320", "avif"),
        Image.open(io.BytesIO(result.master.content)),
    ):
        assert all(abs(a - b) <= 2 for a, b in zip(image.getpixel((40, 40)), (251, 31, 13), strict=True))


def test_broken_or_foreign_profile_counts_as_srgb():
    for profile in (b"no profile", images.rgb_profile()[:200], images.cmyk_profile()):
        assert near(colour(encoded(flat((230, 60, 40)), icc_profile=profile)), (230, 60, 40))


def test_grey_photo_may_carry_a_colour_profile():
    linear = images.rgb_profile(gamma=1.0)
    assert near(colour(encoded(flat(55, "L"), icc_profile=linear)), (128, 128, 128))


def test_sixteen_bit_grey_is_scaled_not_clipped():
    for stored, shown in ((65535, 255), (0x8080, 128), (255, 1)):
        assert near(colour(encoded(flat(stored, "I;16"), "PNG")), (shown,) * 3)


@pytest.mark.parametrize(
    ("image", "options", "shown"),
    [
        (flat((200, 0, 0, 0), "RGBA"), {}, (255, 255, 255)),
        (flat((200, 0, 0, 128), "RGBA"), {}, (227, 127, 127)),
        (flat((0, 128), "LA"), {}, (127, 127, 127)),
        (flat((10, 20, 30)), {"transparency": (10, 20, 30)}, (255, 255, 255)),
        (flat(1, "1"), {"transparency": 1}, (255, 255, 255)),
        (flat(0, "1"), {}, (0, 0, 0)),
        (flat((200, 0, 0)).quantize(2), {"transparency": b"\0\0"}, (255, 255, 255)),
        (flat((200, 0, 0)).quantize(2), {}, (200, 0, 0)),
    ],
)
def test_whatever_lets_light_through_lies_on_white(image, options, shown):
    assert near(colour(encoded(image, "PNG", **options)), shown)


def test_cmyk_with_and_without_adobe_marker_and_profile():
    ink = flat((0, 200, 180, 20), "CMYK")
    adobe = encoded(ink)
    assert b"Adobe" in adobe
    assert near(colour(adobe), (235, 51, 69))
    plain = encoded(ImageChops.invert(ink))
    start = plain.index(b"\xff\xee")
    assert near(colour(plain[:start] + plain[start + 16 :]), (235, 51, 69))
    half = encoded(flat((255, 255, 0, 0), "CMYK"), icc_profile=images.cmyk_profile())
    assert near(colour(half), (119, 119, 119))  # L 50, where without the profile it were blue


@pytest.mark.parametrize(
    ("rgb", "tone"),
    [
        ((255, 255, 255), "pale"),
        ((0, 0, 0), "dark"),
        ((60, 60, 60), "dark"),
        ((150, 150, 150), "pale"),
        ((190, 150, 110), "warm"),
        ((200, 120, 120), "rose"),
        ((110, 150, 90), "leaf"),
        ((130, 170, 200), "sky"),
    ],
)
def test_tone_is_the_nearest_of_six(rgb, tone):
    assert render(io.BytesIO(encoded(flat(rgb), "PNG"))).tone == tone


# Animation


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_first_frame_of_an_animation_is_the_photo(format):
    frames = [flat(shade) for shade in ((220, 30, 30), (30, 220, 30), (30, 30, 220))]
    data = encoded(frames[0], format, save_all=True, append_images=frames[1:], duration=50)
    assert near(colour(data), (220, 30, 30), 5)


# Nothing but pixels


def test_no_byte_of_metadata_survives():
    canary = b"canary-7f3a"
    exif = Image.Exif()
    exif[0x010E] = exif[0x9286] = canary.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (39.0, 59.0, 30.0), 29: canary.decode()})
    profile = images.rgb_profile(name=canary.decode())
    jpeg = encoded(picture(), exif=exif, icc_profile=profile, xmp=canary * 3, comment=canary)
    jpeg = jpeg[:2] + images.segment(0xED, b"Photoshop 3.0\0" + canary) + jpeg[2:] + canary
    assert jpeg.count(canary) >= 8
    png = encoded(picture(), "PNG", exif=exif, icc_profile=profile)
    text = b"".join(images.png_chunk(kind, b"k\0" + canary) for kind in (b"tEXt", b"prIv"))
    png = png[:33] + text + images.png_chunk(b"zTXt", b"k\0\0" + zlib.compress(canary)) + png[33:] + canary
    webp = encoded(picture(), "WEBP", exif=exif, icc_profile=profile, xmp=canary)
    for data in (jpeg, png, webp):
        assert canary in data
        result = render(io.BytesIO(data))
        check_output(result)
        for each in (*result.renditions, result.master, *render_square(io.BytesIO(data))):
            assert canary not in each.content
            assert b"Exif" not in each.content


# Sizes


def test_limits_are_those_that_were_promised():
    assert (imaging.MAX_BYTES, imaging.MAX_SCANS, imaging.MIN_SIDE) == (25 * 2**20, 64, 64)
    assert (imaging.MAX_PIXELS, imaging.MAX_PIXELS_BASELINE, imaging.MAX_PIXELS_HEIF) == (3e7, 7e7, 6e7)
    assert (imaging.MAX_COEFFICIENTS, imaging.MAX_SIDE, imaging.MAX_RATIO) == (1.6e8, 20_000, 20)


sides = st.tuples(st.integers(64, 20_000), st.integers(64, 20_000)).filter(lambda s: max(s) <= 20 * min(s))


@given(sides)
def test_snap_is_the_height_in_24ths(photo):
    width, height = photo
    assert snap(width, height) == min(max(math.floor(Fraction(24 * height, width) + Fraction(1, 2)), 18), 32)


def test_snap_rounds_halves_upwards_and_stays_within_the_waterfall():
    assert [snap(48, height) for height in (10, 36, 37, 48, 49, 64, 999)] == [18, 18, 19, 24, 25, 32, 32]


@given(sides)
def test_nothing_is_enlarged_and_covers_are_exact(photo):
    width, height = photo
    plan = sizes(width, height)
    widths = {int(role): size for role, size in plan.items() if role.isdecimal()}
    covers = {int(role[5:]): size for role, size in plan.items() if role.startswith("cover")}
    own = max(across for across, _ in widths.values())
    assert list(covers) == [320, 480, 960]
    assert all(across <= min(role, width) and 1 <= down <= height for role, (across, down) in widths.items())
    assert all(across == min(role, own) for role, (across, _) in widths.items())
    assert own in (width, 1600) or math.isclose(
        own * own * height / width, imaging.MASTER_PIXELS, rel_tol=0.01
    )
    for role, (across, down) in covers.items():
        assert across * snap(width, height) == 24 * down
        assert across <= min(role, width)
        assert down <= height
    for across, down in widths.values():
        assert across * down < 1.01 * imaging.MASTER_PIXELS
        assert abs(across * height - down * width) <= max(width, height)  # the shape, to a pixel


def test_a_narrow_photo_has_its_own_width_under_the_next_role():
    assert sizes(700, 700) == {
        "320": (320, 320),
        "640": (640, 640),
        "1080": (700, 700),
        "cover320": (320, 320),
        "cover480": (480, 480),
        "cover960": (700, 700),
    }
    assert list(sizes(320, 200)) == ["320", "cover320", "cover480", "cover960"]
    assert sizes(100, 130)["320"] == (100, 130)
    assert sizes(100, 130)["cover480"] == sizes(100, 130)["cover960"] == (96, 124)
    assert list(sizes(4000, 3000)) == ["320", "640", "1080", "1600", "cover320", "cover480", "cover960"]


@given(st.integers(64, 700), st.integers(64, 700), st.sampled_from(["JPEG", "PNG", "WEBP"]))
@settings(max_examples=25, deadline=None)
def test_whatever_its_size_a_photo_comes_out_as_planned(width, height, format):
    if max(width, height) <= 20 * min(width, height):
        check_output(render(io.BytesIO(encoded(picture(width, height), format))))


@pytest.mark.parametrize(
    ("width", "height"), [(5000, 300), (3264, 800), (300, 5000), (2561, 700), (1000, 15_000), (3201, 64 * 3)]
)
def test_unusual_shapes_come_out_as_planned(width, height):
    result = render(io.BytesIO(encoded(picture(width, height))))
    assert (result.width, result.height) == (width, height)
    check_output(result)


def test_no_rendition_is_made_from_a_smaller_one():
    stripes = Image.new("RGB", (1600, 900), "black")
    for x in range(0, 1600, 4):
        stripes.paste("white", (x, 0, x + 2, 900))
    result = render(io.BytesIO(encoded(stripes, "PNG")))
    for role in ("1600", "1080", "cover960"):
        shown = opened(result, role)
        assert difference(shown, ImageOps.fit(stripes, shown.size, Image.Resampling.LANCZOS)) < 4


def test_cover_is_the_middle_of_the_photo():
    panorama = Image.new("RGB", (1200, 300), "blue")
    panorama.paste("red", (400, 0, 800, 300))
    cover = opened(render(io.BytesIO(encoded(panorama, "PNG"))), "cover480")
    assert cover.size == (400, 300)
    assert all(near(cover.getpixel((x, 150)), (254, 0, 0), 6) for x in (5, 200, 394))


def test_avatar_is_the_middle_square():
    panorama = Image.new("RGB", (900, 300), "blue")
    panorama.paste("red", (300, 0, 600, 300))
    squares = render_square(io.BytesIO(encoded(panorama, exif=images.turned(6))))
    assert [(each.role, each.extension, each.width, each.height) for each in squares] == [
        ("square96", "avif", 96, 96),
        ("square96", "jpg", 96, 96),
        ("square192", "avif", 192, 192),
        ("square192", "jpg", 192, 192),
    ]
    for each in squares:
        image = Image.open(io.BytesIO(each.content)).convert("RGB")
        assert all(near(image.getpixel((5, y)), (254, 0, 0), 12) for y in (5, each.height - 5))
    assert {each.width for each in render_square(io.BytesIO(encoded(picture(80, 70))))} == {70}


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize(
    ("square", "corners"),
    [
        (Square(100, 0, 50), ["red", "red", "lime", "lime"]),
        (Square(100, 100, 50), ["blue", "blue", "white", "white"]),
        (Square(200, 0, 0), ["red"] * 4),
        (Square(200, 100, 0), ["blue"] * 4),
        (Square(400, 0, 100), ["lime"] * 4),
        (Square(400, 100, 100), ["white"] * 4),
    ],
)
def test_avatar_is_the_chosen_part(square: Square, corners: list[str], orientation: int):
    """Of a photo as people see it, whichever way its file holds it."""
    drawn = Image.new("RGB", (800, 400), "white")
    for ink, box in (
        ("red", (0, 0, 400, 200)),
        ("blue", (400, 0, 800, 200)),
        ("lime", (0, 200, 400, 400)),
    ):
        drawn.paste(ink, box)
    stored = drawn.transpose(Image.Transpose.ROTATE_90) if orientation == 6 else drawn
    squares = render_square(io.BytesIO(encoded(stored, exif=images.turned(orientation))), square)
    assert {each.width for each in squares} == {96, min(192, 40000 // square.zoom)}
    shown = Image.open(io.BytesIO(squares[1].content)).convert("RGB")
    places = [(8, 8), (shown.width - 8, 8), (8, shown.height - 8), (shown.width - 8, shown.height - 8)]
    assert all(
        near(shown.getpixel(place), ImageColor.getrgb(ink), 25)
        for place, ink in zip(places, corners, strict=True)
    )


def test_an_avatar_is_never_less_than_64_pixels_of_its_photo():
    assert {each.width for each in render_square(io.BytesIO(encoded(picture(80, 70))), Square(400))} == {64}


# Limits


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Refusal.EMPTY),
        (b"GIF89a" + bytes(200), Refusal.DAMAGED),
        (b"\0\0\0\x1cftypheic" + bytes(200), Refusal.UNSUPPORTED),
        (b"%!PS-Adobe-3.0 EPSF", Refusal.UNSUPPORTED),
        (bytes(imaging.MAX_BYTES + 1), Refusal.TOO_HEAVY),
        (images.jpeg_header(10_001, 7_000), Refusal.TOO_LARGE),
        (images.jpeg_header(10_000, 5_334, frame=0xC2, chroma=0x22), Refusal.TOO_LARGE),
        (images.jpeg_header(10_000, 5_334, scans=3, chroma=0x22), Refusal.TOO_LARGE),
        (images.jpeg_header(10_001, 7_000, frame=0xC2), Refusal.TOO_LARGE),
        (images.png_header(10_000, 3_001), Refusal.TOO_LARGE),
        (images.webp_header(10_000, 3_001), Refusal.TOO_LARGE),
        (images.jpeg_header(20_001, 1_100), Refusal.TOO_LONG),
        (images.png_header(100, 2_001), Refusal.TOO_NARROW),
        (images.webp_header(2_001, 100), Refusal.TOO_NARROW),
        (images.jpeg_header(63, 500), Refusal.TOO_SMALL),
        (images.jpeg_header(500, 0), Refusal.TOO_SMALL),
        (images.jpeg_header(640, 480, frame=0xC2, scans=65), Refusal.TOO_MANY_SCANS),
        (images.jpeg_header(640, 480, frame=0xC3), Refusal.RARE_JPEG),
        (images.jpeg_header(640, 480, frame=0xC9), Refusal.RARE_JPEG),
        (images.jpeg_header(640, 480, scans=0), Refusal.DAMAGED),
        (images.jpeg_header(640, 480, more=images.jpeg_header(64, 64)[2:-2]), Refusal.DAMAGED),
        (images.jpeg_header(640, 480, more=b"\xff\xe5\0\2" * 30_000), Refusal.DAMAGED),
        (images.jpeg_header(640, 480, more=b"\xff\xe5\0\2" + b"\xff" * 2**17), Refusal.DAMAGED),
        (images.png_header(640, 480, images.png_chunk(b"prIv") * 30_000), Refusal.DAMAGED),
        (images.png_header(640, 480)[:40], Refusal.DAMAGED),
        (images.jpeg_header(640, 480)[:-2], Refusal.DAMAGED),
        (images.webp_header(640, 480)[:-1], Refusal.DAMAGED),
    ],
)
def test_header_beyond_a_limit_is_refused_before_decoding(data, reason):
    with pytest.raises(Refused) as caught:
        inspect(io.BytesIO(data))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "data",
    [
        images.jpeg_header(10_000, 7_000),
        images.jpeg_header(10_000, 5_333, frame=0xC2, scans=64, chroma=0x22),
        images.png_header(10_000, 3_000, images.png_chunk(b"zTXt", b"\0\0") * 64),
        images.webp_header(10_000, 3_000),
        images.jpeg_header(20_000, 1_000),
        images.jpeg_header(64, 1_280, more=images.segment(0xE1, b"Exif\0\0garbage") * 300),
    ],
)
def test_header_at_a_limit_passes_and_what_it_lies_about_is_damaged(data):
    assert facts(data)
    assert refusal(data) == Refusal.DAMAGED


def test_second_header_is_damage():
    """The walk believes the first, Pillow the last."""
    pixels = images.png_chunk(b"IDAT", zlib.compress(bytes(301 * 100)))
    assert developed(images.png_header(100, 100, pixels)).size == (100, 100)
    assert refusal(images.png_header(100, 100, images.png_header(64, 64)[8:33] + pixels)) == Refusal.DAMAGED


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
def test_what_inflates_without_end_is_left_packed(kind, late):
    head = b"k\0\1\0\0\0" if kind == b"iTXt" else b"k\0\0"
    bomb = images.png_chunk(kind, head + zlib.compress(bytes(40 * 2**20)))
    data = encoded(picture(), "PNG")
    at = -12 if late else 33
    assert ImageChops.difference(whole(data[:at] + bomb + data[at:]), picture()).getbbox() is None


def test_trailing_bytes_are_no_part_of_the_photo():
    for format in ("JPEG", "PNG", "WEBP"):
        data = encoded(picture(), format)
        assert render(io.BytesIO(data + b"<?php" + data)) == render(io.BytesIO(data))
