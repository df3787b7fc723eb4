"""Real and generated files of every accepted format, damaged at random: each is accepted or rejected, never an error.

Some run in `make test`, a thousand in `make test-long`; `make fuzz N=100000` runs any number.
"""

import io
import os
import random
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imaging import Refused, Rendered, render
from tests.imaging import images
from tests.imaging.images import encoded, picture
from tests.imaging.photo_files import MANIFEST, SHARED, check_output

# Pillow warns about errors it tolerates, such as broken EXIF; only in these tests is a warning an error.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

EXAMPLES = int(os.environ.get("FUZZ", 80))
CPU_SECONDS = 10
QUICK = {"preset": "ultrafast"}
# Of the real files, those that decode in a fraction of a second: a camera's whole photo would take the most of it.
LIGHT = 900_000
REAL = [
    path
    for row in MANIFEST
    if row["expected"].startswith(("accept", "no GPS"))
    and (path := SHARED / row["file"]).stat().st_size < LIGHT
    and (not row["width"] or int(row["width"]) * int(row["height"]) < 1_300_000)
]
# Encoded when they are first asked for, not by each process that collects the tests.
SEEDS: dict[str, Callable[[], bytes]] = {
    "turned": lambda: encoded(picture(), quality=60, exif=images.turned(6), icc_profile=images.rgb_profile()),
    "progressive": lambda: encoded(picture(), progressive=True, quality=60),
    "cmyk": lambda: encoded(picture().convert("CMYK"), icc_profile=images.cmyk_profile()),
    "png": lambda: encoded(picture(), "PNG", exif=images.turned(5), icc_profile=images.rgb_profile()),
    "palette": lambda: encoded(picture().quantize(8), "PNG", transparency=b"\0\x80"),
    "grey": lambda: encoded(picture().convert("LA"), "PNG"),
    "apng": lambda: encoded(picture(), "PNG", save_all=True, append_images=[picture().rotate(180)]),
    "webp": lambda: encoded(picture(), "WEBP", exif=images.turned(8), icc_profile=images.rgb_profile()),
    "lossless": lambda: encoded(picture().convert("RGBA"), "WEBP", lossless=True),
    "animated": lambda: encoded(picture(), "WEBP", save_all=True, append_images=[picture().rotate(180)]),
}
SEEDS |= {
    "gif": lambda: encoded(picture().quantize(16), "GIF", transparency=1, comment=b"first"),
    "gifs": lambda: encoded(
        picture().quantize(16), "GIF", save_all=True, append_images=[picture().rotate(180)]
    ),
    "avif": lambda: encoded(
        picture(), "AVIF", speed=10, exif=images.turned(6), icc_profile=images.rgb_profile()
    ),
    "veiled": lambda: encoded(picture().convert("RGBA"), "AVIF", speed=10),
    "film": lambda: encoded(
        picture(), "AVIF", speed=10, save_all=True, append_images=[picture().rotate(180)]
    ),
    "heif": lambda: encoded(picture(), "HEIF", enc_params=QUICK, icc_profile=images.rgb_profile()),
    "tiles": lambda: encoded(
        picture(200, 140), "HEIF", enc_params=QUICK, tile_size=64, exif=images.turned(6)
    ),
    "burst": lambda: encoded(
        picture(), "HEIF", enc_params=QUICK, save_all=True, append_images=[picture().rotate(180)]
    ),
}
if MANIFEST:
    SEEDS |= {path.name: path.read_bytes for path in REAL}
seeds = st.sampled_from(list(SEEDS))


@cache
def file(seed: str) -> bytes:
    return SEEDS[seed]()


@cache
def whole(seed: str) -> Rendered:
    return render(io.BytesIO(file(seed)))


cuts = given(seeds, st.floats(0, 1, exclude_max=True))


@settings(max_examples=40, deadline=None)
@cuts
def test_a_file_cut_short_is_refused_or_lacks_nothing_of_its_first_picture(seed, share):
    is_refused_or_lacks_nothing(seed, share)


@pytest.mark.long
@settings(max_examples=1000, deadline=None)
@cuts
def test_a_thousand_files_cut_short_are_refused_or_lack_nothing_of_their_first_picture(seed, share):
    is_refused_or_lacks_nothing(seed, share)


def is_refused_or_lacks_nothing(seed, share):
    with suppress(Refused):
        assert render(io.BytesIO(file(seed)[: int(len(file(seed)) * share)])) == whole(seed)


ways = given(seeds, seeds, st.randoms(use_true_random=False), st.booleans())
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@settings(unhurried, max_examples=EXAMPLES)
@ways
def test_a_damaged_file_is_accepted_or_refused(seed, other, choose, sums):
    is_accepted_or_refused(seed, other, choose, sums)


@pytest.mark.long
@settings(unhurried, max_examples=1000)
@ways
def test_a_thousand_damaged_files_are_accepted_or_refused(seed, other, choose, sums):
    is_accepted_or_refused(seed, other, choose, sums)


def is_accepted_or_refused(seed, other, choose, sums):
    damaged = damage(file(seed), file(other), choose)
    if sums and damaged.startswith(b"\x89PNG"):
        damaged = with_checksums(damaged)
    began = time.process_time()
    with suppress(Refused):
        check_output(render(io.BytesIO(damaged)))
    assert time.process_time() - began < CPU_SECONDS


def damage(data: bytes, other: bytes, choose: random.Random) -> bytes:
    """Flips, cuts, splices, swapped headers: mostly in the first part, where the header is."""
    changed = bytearray(data)
    for _ in range(choose.choice((1, 1, 2, 4, 10))):
        at = choose.randrange(min(len(changed), choose.choice((40, 800, len(changed)))))
        length = choose.choice((1, 2, 4, 60, 1000))
        match choose.choice("fffbdish"):
            case "f":
                changed[at] ^= 1 << choose.randrange(8)
            case "b":
                changed[at : at + 4] = choose.choice(
                    (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\0\0\x40\0", b"\x40\0\0\0")
                )
            case "d":
                del changed[at + 1 : at + length]
            case "i":
                changed[at:at] = changed[at // 2 : at // 2 + length]
            case "s":
                start = choose.randrange(len(other))
                changed[at : at + length] = other[start : start + length]
            case "h":
                head = choose.choice((12, 40, 200))
                changed[:head] = other[:head]
    return bytes(changed)


def with_checksums(png: bytes) -> bytes:
    """The same chunks with right checksums, so that a mutation reaches the decoder."""
    mended, at = png[:8], 8
    while at + 12 <= len(png):
        length = int.from_bytes(png[at : at + 4])
        mended += images.png_chunk(png[at + 4 : at + 8], png[at + 8 : at + 8 + length])
        at += 12 + length
    return mended
