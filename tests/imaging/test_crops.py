"""Geometry of crops, and rendering a crop of a master."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from imaging import (
    MIN_SIDE,
    WHOLE_WIDTH,
    CropArea,
    Refusal,
    Refused,
    fitted,
    render_crop,
    room,
    sizes,
    turned,
)
from tests.imaging.images import encoded, picture

NEAR = 16  # of 255, at the worst of 144 places: what resizing and JPEG at 75 change of a drawing
RATIOS = [None, (3, 4), (1, 1), (4, 3)]


@st.composite
def cropped_master(draw: st.DrawFn) -> tuple[CropArea, tuple[int, int]]:
    master = draw(st.tuples(*[st.integers(MIN_SIDE, 3000)] * 2))
    turn = draw(st.integers(0, 3))
    across, down = room(master, turn)
    width, height = draw(st.integers(1, across)), draw(st.integers(1, down))
    left, top = draw(st.integers(0, across - width)), draw(st.integers(0, down - height))
    return CropArea(turn, left, top, width, height), master


def lies_in(area: CropArea, master: tuple[int, int]) -> bool:
    across, down = room(master, area.turn)
    return (
        min(area.left, area.top) >= 0 and area.left + area.width <= across and area.top + area.height <= down
    )


@given(cropped_master())
def test_four_quarter_turns_are_none(given: tuple[CropArea, tuple[int, int]]) -> None:
    area, master = given
    once = turned(area, master, 1)
    assert (once.width, once.height, once.turn) == (area.height, area.width, (area.turn + 1) % 4)
    assert lies_in(once, master)
    assert turned(once, master, -1) == turned(once, master, 3) == turned(area, master, 4) == area


@given(cropped_master(), st.sampled_from(RATIOS), st.integers(0, 4000), st.integers(0, 4000))
def test_a_fitted_area_lies_inside_has_the_ratio_and_stays(
    given: tuple[CropArea, tuple[int, int]], ratio: tuple[int, int] | None, left: int, top: int
) -> None:
    area, master = given
    fit = fitted(CropArea(area.turn, left, top, area.width, area.height), master, ratio)
    assert lies_in(fit, master)
    assert fitted(fit, master, ratio) == fit
    if ratio and min(fit.width, fit.height) > 1:
        assert abs(fit.width / fit.height - ratio[0] / ratio[1]) <= 2 / fit.height
    if ratio is None:
        assert (fit.width, fit.height) == (area.width, area.height)


def test_an_area_is_fitted_about_its_middle() -> None:
    assert fitted(CropArea(0, 0, 0, 1200, 800), (1200, 800), (1, 1)) == CropArea(0, 200, 0, 800, 800)
    assert fitted(CropArea(0, 100, 100, 400, 100), (1200, 800), (4, 3)) == CropArea(0, 100, 0, 400, 300)
    assert fitted(CropArea(0, 900, 700, 400, 200), (1200, 800)) == CropArea(0, 800, 600, 400, 200)


@pytest.mark.parametrize(
    ("width", "height", "problem"),
    [(64, 64, None), (63, 640, Refusal.TOO_SMALL), (1280, 64, None), (1281, 64, Refusal.TOO_NARROW)],
)
def test_an_area_keeps_the_limits_of_a_file(width: int, height: int, problem: Refusal | None) -> None:
    assert CropArea(0, 0, 0, width, height).problem == problem


def reference(master: Image.Image, area: CropArea) -> Image.Image:
    """The part by another way: turned about its middle, counter-clockwise degrees."""
    upright = master.rotate(-90 * area.turn, expand=True)
    return upright.crop((area.left, area.top, area.left + area.width, area.top + area.height))


def differ(one: Image.Image, other: Image.Image) -> float:
    """The largest difference between two pictures' means of a twelfth each way."""
    small = [each.convert("RGB").resize((12, 12), Image.Resampling.BOX).tobytes() for each in (one, other)]
    return max(abs(a - b) for a, b in zip(*small, strict=True))


@pytest.mark.parametrize("turn", range(4))
@pytest.mark.parametrize("size", [(900, 600), (600, 900)])
def test_pixels_are_those_of_the_part_turned(turn: int, size: tuple[int, int]) -> None:
    drawn = picture(*size)
    across, down = room(size, turn)
    area = CropArea(turn, across // 10, down // 5, across // 2, down // 2)
    master = encoded(drawn, quality=92)
    cropped_master = render_crop(io.BytesIO(master), area)
    rendered = cropped_master.rendered
    assert (rendered.width, rendered.height) == (area.width, area.height)
    plan = sizes(area.width, area.height)
    assert {each.role for each in rendered.renditions} == set(plan)
    expected = reference(drawn, area)
    for rendition in rendered.renditions:
        with Image.open(io.BytesIO(rendition.content)) as shown:
            assert shown.size == plan[rendition.role]
            if rendition.role.isdecimal():
                assert differ(shown, expected) <= NEAR, rendition.role
                assert differ(shown.rotate(180), expected) > 2 * NEAR
    assert (rendered.master.content, rendered.master.width) == (master, size[0])
    with Image.open(io.BytesIO(cropped_master.whole.content)) as whole:
        assert differ(whole, drawn) <= NEAR


def test_the_picture_to_crop_over_is_small() -> None:
    master = encoded(picture(2560, 1920))
    whole = render_crop(io.BytesIO(master), CropArea(0, 0, 0, 100, 100)).whole
    assert (whole.width, whole.height) == (WHOLE_WIDTH, 810)


def test_tone_and_cover_follow_the_part() -> None:
    halves = Image.new("RGB", (800, 400), (15, 15, 15))
    halves.paste((210, 190, 150), (400, 0, 800, 400))
    dark, light = (
        render_crop(io.BytesIO(encoded(halves)), CropArea(0, left, 0, 300, 400)).rendered for left in (0, 450)
    )
    assert (dark.tone, dark.snap) == ("dark", 32)
    assert light.tone != "dark"
    wide = render_crop(io.BytesIO(encoded(halves)), CropArea(1, 0, 100, 400, 100)).rendered
    assert wide.snap == 18


def test_a_master_that_is_damaged_is_refused() -> None:
    with pytest.raises(Refused):
        render_crop(io.BytesIO(encoded(picture(300, 200))[:-300]), CropArea(0, 0, 0, 100, 100))
