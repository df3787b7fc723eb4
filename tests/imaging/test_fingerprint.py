"""Which changes of a picture its fingerprint survives, and that others have others."""

import io
import random
from itertools import combinations
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFilter

from core.db.alike import NEAR, apart
from imaging import SAYS_NOTHING, cut_fingerprints, fingerprint_of

SIZE = (900, 720)


def scene(number: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """A picture as photos are: light from one side, large shapes, small ones, and grain."""
    chance = random.Random(number)
    light = Image.linear_gradient("L").rotate(chance.choice([0, 90, 180, 270])).resize(size)
    picture = Image.merge("RGB", [light.point([chance.uniform(0.3, 1) * each for each in range(256)])] * 3)
    draw = ImageDraw.Draw(picture)
    for most in (3, 3, 6, 6, 6, 12, 12, 12, 12, 12):
        left, up = chance.randrange(-100, size[0]), chance.randrange(-100, size[1])
        box = (left, up, left + size[0] // chance.randint(2, most), up + size[1] // chance.randint(2, most))
        shape: Any = chance.choice([draw.ellipse, draw.rectangle])
        shape(box, fill=tuple(chance.randrange(256) for _ in range(3)))
    return picture.filter(ImageFilter.GaussianBlur(2))


def saved(picture: Image.Image, quality: int = 90) -> io.BytesIO:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    file.seek(0)
    return file


def cut(
    picture: Image.Image, left: float = 0, up: float = 0, right: float = 0, down: float = 0
) -> Image.Image:
    width, height = picture.size
    return picture.crop(
        tuple(map(round, (width * left, height * up, width * (1 - right), height * (1 - down))))
    )  # type: ignore[arg-type]


CHANGES = {
    "saved again": lambda picture: picture,
    "half as large": lambda picture: picture.reduce(2),
    "stretched": lambda picture: picture.resize((700, 700)),
    "2% off around": lambda picture: cut(picture, 0.02, 0.02, 0.02, 0.02),
    "2% off the left": lambda picture: cut(picture, left=0.02),
    "2% off the bottom": lambda picture: cut(picture, down=0.02),
    "2% off a corner": lambda picture: cut(picture, up=0.02, right=0.02),
    "2% off and smaller": lambda picture: cut(picture, 0.02, 0.02, 0.02, 0.02).resize((640, 512)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_picture_is_near_what_is_known_of_it(change: str) -> None:
    """Whatever is cut off, one of the fingerprints with a cut is near."""
    for number in range(20):
        picture = scene(number)
        known = cut_fingerprints(saved(picture))
        changed = fingerprint_of(saved(CHANGES[change](picture), quality=60))
        assert min(apart(changed, each) for each in known) <= NEAR, number


def test_most_are_near_without_cuts_too() -> None:
    found = [
        apart(fingerprint_of(saved(scene(number))), fingerprint_of(saved(change(scene(number)), quality=60)))
        <= NEAR
        for number in range(8)
        for change in CHANGES.values()
    ]
    assert found.count(True) / len(found) > 0.95


def test_different_pictures_are_far() -> None:
    prints = [fingerprint_of(saved(scene(number, (300, 240)))) for number in range(300)]
    assert min(apart(one, other) for one, other in combinations(prints, 2)) > NEAR


@pytest.mark.parametrize("tone", ["white", "black", "#8a3b52"])
def test_a_picture_of_one_tone_says_nothing(tone: str) -> None:
    flat = saved(Image.new("RGB", SIZE, tone))
    assert fingerprint_of(flat) == SAYS_NOTHING
    assert cut_fingerprints(flat) == []
