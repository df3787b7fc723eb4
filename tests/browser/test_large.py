"""The lightbox: a photo seen large, over its note's page and under its address, by mouse, keys and touch, and without
scripts.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from notes.models import Note
from profiles.models import User
from tests.browser.conftest import LAPTOP, PHONE, Visit
from tests.builders import make_note, make_photo

pytestmark = pytest.mark.django_db(transaction=True)

SHAPES = [(1600, 1067), (1200, 1600), (1400, 1400)]
SHOWN = ".large__slide:nth-child({}) img"
ZOOM = "(slide) => Number(getComputedStyle(slide).getPropertyValue('--zoom')) || 1"


@pytest.fixture
def note(alice: User) -> Note:
    note = make_note(alice, "Three mornings")
    for position, (width, height) in enumerate(SHAPES):
        make_photo(
            alice,
            note=note,
            position=position,
            width=width,
            height=height,
            with_files=True,
            alt=f"Morning {position}",
        )
    return note


def is_seen(page: Page, number: int) -> None:
    """The photo of this number is the one that is seen large, and number and address say so."""
    expect(page.locator(".large")).to_be_visible()
    expect(page.locator(".large__slide").nth(number - 1)).to_be_in_viewport(ratio=0.95)
    expect(page.locator(".large__n")).to_have_text(f"{number}/3")
    expect(page).to_have_url(re.compile(f"#photo-{number}$"))


def is_closed(page: Page, note: Note, number: int) -> None:
    """The page is as it was, at its own address, with the photo seen last on the stage."""
    expect(page.locator(".large")).not_to_be_visible()
    expect(page).to_have_url(re.compile(f"{note.get_absolute_url()}$"))
    expect(page.locator(".slide").nth(number - 1)).to_be_in_viewport(ratio=0.9)


def test_by_mouse_and_keys(visit: Visit, alice: User, note: Note) -> None:
    page = visit(alice, LAPTOP)
    page.goto(note.get_absolute_url())
    page.get_by_role("link", name="See photo 1 large").click()
    is_seen(page, 1)
    assert page.locator(SHOWN.format(1)).evaluate("(img) => [innerWidth, img.clientWidth]") == [1280, 1280]
    close = page.get_by_role("button", name="Close")
    box = close.bounding_box()
    assert box
    assert max(box["x"], box["y"]) < 24
    page.keyboard.press("ArrowRight")
    is_seen(page, 2)
    page.keyboard.press("End")
    is_seen(page, 3)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    is_seen(page, 2)
    page.get_by_role("dialog").get_by_role("button", name="Previous photo").click()
    is_seen(page, 1)
    page.get_by_role("dialog").get_by_role("button", name="Next photo").click()
    is_seen(page, 2)
    page.keyboard.press("Escape")
    is_closed(page, note, 2)
    expect(page.get_by_role("link", name="See photo 2 large")).to_be_focused()
    page.keyboard.press("Enter")
    is_seen(page, 2)
    close.click()
    is_closed(page, note, 2)


def test_its_address_leads_to_it_and_back_away(visit: Visit, alice: User, note: Note) -> None:
    page = visit(alice, PHONE)
    page.goto(f"{note.get_absolute_url()}#photo-3")
    is_seen(page, 3)
    page.get_by_role("button", name="Close").click()
    is_closed(page, note, 3)
    page.get_by_role("link", name="See photo 3 large").click()
    is_seen(page, 3)
    page.go_back()
    is_closed(page, note, 3)
    page.go_forward()
    is_seen(page, 3)
    page.goto(f"{note.get_absolute_url()}#photo-4")
    expect(page.locator(".large")).not_to_be_visible()


def test_by_fingers(visit: Visit, alice: User, note: Note) -> None:
    page = visit(alice, PHONE, has_touch=True, is_mobile=True)
    page.goto(note.get_absolute_url())
    page.get_by_role("link", name="See photo 1 large").tap()
    is_seen(page, 1)
    slide = page.locator(".large__slide").first
    for expected in (2.5, 1):
        page.touchscreen.tap(120, 400)
        page.touchscreen.tap(120, 400)
        assert slide.evaluate(ZOOM) == expected
    pinch(page, 100, 300)
    assert slide.evaluate(ZOOM) == pytest.approx(3, abs=0.1)
    left, right = slide.evaluate("(slide) => [slide.scrollLeft, slide.scrollWidth - slide.clientWidth]")
    assert 0.4 < left / right < 0.6, "what was between the fingers stays there"
    is_seen(page, 1)
    pinch(page, 300, 40)
    assert slide.evaluate(ZOOM) == 1
    swipe(page, 300, 60)
    is_seen(page, 2)


def pinch(page: Page, start: int, end: int) -> None:
    """Two fingers side by side, so far apart at first and at last, around the middle of the screen."""
    steps = [start + (end - start) * step / 8 for step in range(9)]
    touch(page, [[(195 - apart / 2, 422), (195 + apart / 2, 422)] for apart in steps])


def swipe(page: Page, start: int, end: int) -> None:
    touch(page, [[(start + (end - start) * step / 12, 422)] for step in range(13)])


def touch(page: Page, moments: list[list[Any]]) -> None:
    session = page.context.new_cdp_session(page)
    kinds = ["touchStart", *["touchMove"] * (len(moments) - 1)]
    for kind, fingers in zip(kinds, moments, strict=True):
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(fingers)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "plain"])
def test_the_largest_file_is_behind_a_plain_link(
    visit: Visit, alice: User, note: Note, has_scripts: bool
) -> None:
    page = visit(None, PHONE, java_script_enabled=has_scripts)
    page.goto(note.get_absolute_url())
    link = page.get_by_role("link", name="See photo 2 large")
    second = note.photos.all()[1]
    expect(link).to_have_attribute("href", f"{second.base}1080.jpg")
    if has_scripts:
        return
    assert page.request.get(f"{second.base}1080.jpg").headers["content-type"] == "image/jpeg"
    page.goto(f"{note.get_absolute_url()}#photo-2")
    expect(page.locator(".slide").nth(1)).to_be_in_viewport(ratio=0.9)
    expect(page.locator(".large")).not_to_be_visible()
