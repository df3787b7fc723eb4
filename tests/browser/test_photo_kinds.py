"""Unusual photo files: Chromium shows the same pixels as our renditions.

Colours by number, gamma and profile, HDR, animations, transparency, and truncated files.
"""

import base64
import io
import struct
from functools import cache

import pytest
from PIL import Image
from playwright.sync_api import Page

import imaging
from imaging.pixels import decode
from tests.browser.test_photo_formats import DRAW, HERE
from tests.imaging import images
from tests.imaging.images import encoded, flat, picture, png_chunk, png_with
from tests.imaging.photo_files import difference
from tests.imaging.test_photo_kinds import FILM, P3, RED, SWAPPED, moving, with_a_hole

SRGB = (0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)
STEPS = (0, 51, 102, 153, 204, 255)
NEAR, HDR_NEAR = 0.3, 0.6  # of 255, in the mean of a channel: a rounding, and what a table of colours rounds


def patches() -> Image.Image:
    """216 colours, from black to white."""
    drawn = Image.new("RGB", (216, 216))
    colours = ((red, green, blue) for red in STEPS for green in STEPS for blue in STEPS)
    for number, colour in enumerate(colours):
        x, y = number % 15 * 14, number // 15 * 14
        drawn.paste(colour, (x, y, x + 14, y + 14))
    return drawn


def avif_by_number(primaries: int, transfer: int) -> bytes:
    data = encoded(patches(), "AVIF", quality=100, subsampling="4:4:4")
    at = data.index(b"nclx") + 4
    return data[:at] + struct.pack(">HH", primaries, transfer) + data[at + 4 :]


def coloured(*chunks: bytes) -> bytes:
    return png_with(patches(), *chunks)


PROFILE = images.icc_chunk(images.rgb_profile())
BRIGHT = png_chunk(b"cLLI", struct.pack(">II", 4_000 * 10_000, 400 * 10_000))


@cache
def files() -> dict[str, bytes]:
    """Return the files by name. Made once, and not where tests are only collected."""
    return {
        **{
            f"cICP {pair}": coloured(images.by_number(*pair))
            for pair in ((12, 13), (9, 13), (5, 13), (6, 6), (4, 13))
        },
        **{f"cICP 1, {number}": coloured(images.by_number(1, number)) for number in (1, 4, 5, 7, 8, 14, 17)},
        **{
            f"HDR {pair}": coloured(images.by_number(*pair))
            for pair in ((9, 16), (1, 16), (12, 16), (9, 18), (1, 18))
        },
        "HDR up to 4,000": coloured(images.by_number(9, 16), BRIGHT),
        **{f"gAMA {power}": coloured(images.gamma(power)) for power in (1, 0.5, 0.4, 0.45455)},
        "gAMA and cHRM of P3": coloured(images.gamma(0.45455), images.chromaticities(*P3)),
        "gAMA and swapped cHRM": coloured(images.gamma(0.45455), images.chromaticities(*SWAPPED)),
        "gAMA 1 and cHRM": coloured(images.gamma(1), images.chromaticities(*SRGB)),
        "cHRM alone": coloured(images.chromaticities(*P3)),
        "sRGB before gAMA": coloured(images.gamma(1), png_chunk(b"sRGB", b"\0")),
        "iCCP before sRGB": coloured(png_chunk(b"sRGB", b"\0"), PROFILE),
        "cICP before iCCP": coloured(images.by_number(1, 13), PROFILE),
        "a broken iCCP leaves gAMA": coloured(images.icc_chunk(b"rubbish" * 30), images.gamma(1)),
        "an unspecified cICP leaves gAMA": coloured(images.by_number(2, 2), images.gamma(1)),
        **{f"AVIF {pair}": avif_by_number(*pair) for pair in ((1, 1), (1, 8), (1, 4), (12, 13), (9, 14))},
        **{f"AVIF HDR {pair}": avif_by_number(*pair) for pair in ((9, 16), (9, 18))},
        "APNG that hides its picture": moving((0, 0, 200, 255), RED, default_image=True),
        "WebP with a hole": with_a_hole(),
        "grey that is clear": images.deep_png(0, b"\x50\x10", b"\x50\x10"),
        "colour that is clear": images.deep_png(2, b"\x20\x10\x40\x20\x60\x30", b"\x20\x10\x40\x20\x60\x30"),
        "JPEG whose end is zeros": encoded(picture(300, 200), quality=95, subsampling=0)[:-2] + bytes(500),
        "JPEG and a film": encoded(picture(300, 200), quality=95, subsampling=0)[:-2] + FILM,
        "PNG whose end is zeros": encoded(patches(), "PNG")[:-12] + bytes(500),
        "PNG with broken text": coloured(images.broken_chunk(b"tEXt")),
        "JPEG with a short segment": encoded(flat((9, 99, 200)))[:2]
        + images.segment(0xE0, b"JFI")
        + encoded(flat((9, 99, 200)))[2:],
    }


@pytest.mark.parametrize(
    "step", [pytest.param(3, id="one in three"), pytest.param(1, id="all", marks=pytest.mark.long)]
)
def test_chromium_shows_the_same(page: Page, step: int) -> None:
    held: dict[str, bytes] = {}
    page.route(f"{HERE}*", lambda route: route.fulfill(body="", content_type="text/html"))
    page.route(
        f"{HERE}photo*",
        lambda route: route.fulfill(body=held["file"], content_type=f"image/{held['kind'].decode()}"),
    )
    page.goto(HERE)
    wrong = {}
    for number, (name, data) in enumerate([*files().items()][::step]):
        facts = imaging.inspect(io.BytesIO(data))
        held |= {"file": data, "kind": facts.format.lower().encode()}
        width, height, drawn = page.evaluate(DRAW, [f"{HERE}photo{number}", 600])
        theirs = Image.open(io.BytesIO(base64.b64decode(drawn))).convert("RGB")
        size = facts.width, facts.height
        ours = decode(io.BytesIO(data), facts, size, size)
        apart = difference(ours, theirs) if size == (width, height) else 255
        if apart > (HDR_NEAR if "HDR" in name else NEAR):
            wrong[name] = apart
    assert wrong == {}


@pytest.mark.parametrize("name", ["cICP (12, 13)", "gAMA 1", "gAMA and swapped cHRM", "HDR (9, 16)"])
def test_it_would_be_noticed(name: str) -> None:
    """What these files say of their colours changes them by more than is forgiven."""
    data = files()[name]
    facts = imaging.inspect(io.BytesIO(data))
    assert difference(decode(io.BytesIO(data), facts, (216, 216), (216, 216)), patches()) > 3
