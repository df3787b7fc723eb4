"""Cropping a photo in Chromium, by keyboard, by pointer and without scripts, and what others see afterwards."""

import random
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

import imaging
from core.text import cover_snap, title_width, word_width
from imaging import CropArea, fitted, turned
from notes.models import Note, Photo
from notes.photos.actions import receive_photo
from profiles.models import User
from tests.browser.conftest import LAPTOP, PHONE, Visit, Watch
from tests.browser.pixels import is_photograph, shown, upright
from tests.browser.steps import edit_photos
from tests.builders import make_note, upload
from tests.servers import Process, run_jobs

pytestmark = pytest.mark.django_db(transaction=True)

SIDES = ("turn", "left", "top", "width", "height")
TABS = 80


@pytest.fixture
def note(alice: User, album: dict[str, Path]) -> Note:
    """Alice's note with one photo, upright by its EXIF alone."""
    file = upload(content=album["orient_P6.jpg"].read_bytes())
    photo = receive_photo(owner=alice, file=file, facts=imaging.inspect(file), alt="Somebody by a waterfall")
    run_jobs()
    note = make_note(alice, "By the water")
    Photo.objects.filter(pk=photo.pk).update(note=note)
    Note.objects.filter(pk=note.pk).update(cover=photo)
    return note


def area_in(page: Page) -> dict[str, int]:
    return {name: int(page.locator(f"#crop [name={name}]").input_value()) for name in SIDES}


def cut(page: Page, photograph: Path, folder: Path) -> Path:
    """What the page's numbers cut out of the photograph, by another hand than ours."""
    size = tuple(map(int, page.locator("#crop").get_attribute("data-crop").split()))
    area = area_in(page)
    whole = upright(photograph).resize(size).rotate(-90 * area["turn"], expand=True)
    box = (area["left"], area["top"], area["left"] + area["width"], area["top"] + area["height"])
    path = folder / "cut.png"
    whole.crop(box).save(path)
    return path


def open_crop(page: Page, note: Note, *, scripts: bool = True) -> None:
    """By way of the note's form, with something typed; until the frame can be taken hold of."""
    page.goto(f"{note.get_absolute_url()}edit/")
    page.get_by_label("Title").fill("Half typed")
    edit_photos(page)
    page.get_by_role("button", name="Crop photo 1").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Crop photo")
    if scripts:
        expect(page.get_by_role("slider", name="The part that is kept")).to_be_visible()


def comes_out(visitor: Page, watch: Watch, note: Note, old: str, expected: Path) -> None:
    """Others see the part in its place, in the feed and in the note, and the old address is dead."""
    with watch.expecting(404):
        for _ in range(60):
            if visitor.request.get(old).status == 404:
                break
            visitor.wait_for_timeout(250)
        assert visitor.request.get(old).status == 404
    visitor.goto(note.get_absolute_url())
    picture = shown(visitor.locator(".slide img"))
    with Image.open(expected) as part:
        assert abs(picture.width / picture.height - part.width / part.height) < 0.02
    assert is_photograph(picture, expected)
    assert not is_photograph(picture.rotate(180), expected)
    visitor.goto("/")
    assert is_photograph(shown(visitor.get_by_role("img", name="Somebody by a waterfall")), expected)


def old_address(page: Page, note: Note) -> str:
    page.goto(note.get_absolute_url())
    return str(page.locator(".slide img").evaluate("(img) => img.currentSrc"))


def tab_to(page: Page, wanted: Locator) -> None:
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"{TABS} tabs do not lead to {wanted}")


def test_by_keys_alone(
    visit: Visit,
    watch: Watch,
    worker: Process,
    note: Note,
    album: dict[str, Path],
    tmp_path: Path,
    alice: User,
) -> None:
    page, visitor = visit(alice, LAPTOP), visit()
    old = old_address(visitor, note)
    open_crop(page, note)
    all_of_it = area_in(page)
    kept = page.get_by_role("slider", name="The part that is kept")
    tab_to(page, kept)
    for key, side, less in (
        ("Shift+ArrowUp", "height", True),
        ("Shift+ArrowLeft", "width", True),
        ("ArrowDown", "top", False),
        ("ArrowRight", "left", False),
        ("-", "width", True),
        ("+", "width", False),
        ("ArrowUp", "top", True),
    ):
        before = area_in(page)
        for _ in range(3):
            page.keyboard.press(key)
        after = area_in(page)
        assert (after[side] < before[side]) if less else (after[side] > before[side]), (key, before, after)
    area = area_in(page)
    says = f"{area['width']} by {area['height']} pixels, {area['left']} from the left, {area['top']} from the top"
    expect(kept).to_have_attribute("aria-valuetext", says)

    tab_to(page, page.get_by_role("button", name="Turn left"))
    page.keyboard.press("Enter")
    assert area_in(page)["turn"] == 3
    tab_to(page, page.get_by_role("radio", name="Free"))
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="1:1")).to_be_checked()
    assert area_in(page)["width"] == area_in(page)["height"]
    slider = page.get_by_role("slider", name="From the left")
    tab_to(page, page.locator("summary", has_text="Exact size"))
    expect(slider).not_to_be_visible()
    page.keyboard.press("Enter")
    tab_to(page, slider)
    page.keyboard.press("End")
    now = area_in(page)
    assert now["left"] + now["width"] == all_of_it["height"]
    expected = cut(page, album["orient_P6.jpg"], tmp_path)
    tab_to(page, page.get_by_role("button", name="Save crop"))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Edit note")
    expect(page.get_by_label("Title")).to_have_value("Half typed")
    expect(page.locator(".photo-item").get_by_role("img")).to_be_visible()
    comes_out(visitor, watch, note, old, expected)
    note.refresh_from_db()
    assert note.title == "By the water", "What is half typed is not out."


@pytest.mark.parametrize(
    "size", [pytest.param(PHONE, id="phone"), pytest.param(LAPTOP, id="laptop", marks=pytest.mark.long)]
)
def test_by_pointer(
    visit: Visit,
    watch: Watch,
    note: Note,
    album: dict[str, Path],
    tmp_path: Path,
    alice: User,
    size: Any,
) -> None:
    still = {"reduced_motion": "reduce"}  # while pages pass into each other, neither feels a pointer
    page, visitor = visit(alice, size, **still), visit(size=size)
    old = old_address(visitor, note)
    open_crop(page, note)
    whole = area_in(page)
    drag(page, (1, 1), (-0.4, -0.5))
    corner = area_in(page)
    assert (corner["left"], corner["top"]) == (0, 0)
    assert corner["width"] == pytest.approx(0.6 * whole["width"], rel=0.03)
    assert corner["height"] == pytest.approx(0.5 * whole["height"], rel=0.03)
    drag(page, (0.5, 0.5), (0.5, 2))
    moved = area_in(page)
    assert (moved["width"], moved["height"]) == (corner["width"], corner["height"])
    assert moved["left"] == pytest.approx(0.3 * whole["width"], rel=0.05)
    assert moved["top"] + moved["height"] == whole["height"], "It stops at the edge."
    drag(page, (0.5, 0), (0, 0.2))
    pulled = area_in(page)
    assert (pulled["left"], pulled["width"]) == (moved["left"], moved["width"])
    assert pulled["top"] + pulled["height"] == whole["height"]
    assert pulled["height"] == pytest.approx(0.8 * moved["height"], rel=0.05)
    page.get_by_role("button", name="Start over").click()
    assert area_in(page) == whole
    page.get_by_role("radio", name="3:4").check()
    page.get_by_role("button", name="Turn right").click()
    page.get_by_role("button", name="Turn right").click()
    last = area_in(page)
    assert last["turn"] == 2
    assert last["width"] / last["height"] == pytest.approx(3 / 4, abs=0.01)
    drag(page, (0, 0), (0.3, 0.3))
    less = area_in(page)
    assert less["width"] == pytest.approx(0.7 * last["width"], rel=0.05)
    assert less["width"] / less["height"] == pytest.approx(3 / 4, abs=0.01)
    assert less["left"] + less["width"] == last["left"] + last["width"], "The opposite corner stays."
    expected = cut(page, album["orient_P6.jpg"], tmp_path)
    page.get_by_role("button", name="Save crop").click()
    expect(page.get_by_label("Title")).to_have_value("Half typed")
    run_jobs()
    comes_out(visitor, watch, note, old, expected)


def drag(page: Page, start: tuple[float, float], by: tuple[float, float]) -> None:
    """From a place in the frame, in shares of its size, by shares of its size."""
    box = page.locator(".crop__edge").bounding_box()
    x, y = box["x"] + start[0] * box["width"], box["y"] + start[1] * box["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0] * box["width"] / 2, y + by[1] * box["height"] / 2)
    page.mouse.move(x + by[0] * box["width"], y + by[1] * box["height"])
    page.mouse.up()


def test_without_scripts(
    visit: Visit,
    watch: Watch,
    note: Note,
    album: dict[str, Path],
    tmp_path: Path,
    alice: User,
) -> None:
    page, visitor = (visit(person, PHONE, java_script_enabled=False) for person in (alice, None))
    reader = visit()
    old = old_address(reader, note)
    open_crop(page, note, scripts=False)
    expect(page.get_by_text("Drag the frame")).not_to_be_visible()
    page.get_by_role("button", name="Turn right").click()
    page.get_by_role("radio", name="4:3").check()
    page.get_by_text("Exact size").click()
    page.get_by_role("slider", name="Width").fill("900")
    page.get_by_role("button", name="Show the result").click()
    area = area_in(page)
    assert (area["turn"], area["width"], area["height"]) == (1, 900, 675)
    page.get_by_role("slider", name="From the left").fill("100")
    page.get_by_role("button", name="Show the result").click()
    assert area_in(page) == area | {"left": 100}
    expected = cut(page, album["orient_P6.jpg"], tmp_path)
    page.get_by_role("button", name="Save crop").click()
    expect(page.get_by_label("Title")).to_have_value("Half typed")
    expect(page.locator(".photo-item").get_by_role("img", name="Somebody by a waterfall")).to_be_visible()
    run_jobs()
    comes_out(reader, watch, note, old, expected)

    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Half typed")
    visitor.goto(note.get_absolute_url())
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Half typed")


def test_scripts_reckon_as_the_server_does(visit: Visit, note: Note, alice: User) -> None:
    page = visit(alice)
    page.goto("/")
    chance = random.Random(412)
    ratios = [None, (3, 4), (1, 1), (4, 3)]
    for _ in range(200):
        master = (chance.randint(64, 2600), chance.randint(64, 2600))
        turn = chance.randrange(4)
        across, down = imaging.room(master, turn)
        width, height = chance.randint(1, across), chance.randint(1, down)
        area = CropArea(turn, chance.randint(0, across), chance.randint(0, down), width, height)
        ratio = chance.choice(ratios)
        given = {name: getattr(area, name) for name in SIDES[1:]}
        found = page.evaluate(
            """async ([frame, room, ratio]) => {
              const { fitted, turned } = await import("/static/js/crop/rectangle.js");
              const fit = fitted(frame, room, ratio);
              return [fit, turned(fit, room)];
            }""",
            [given, {"width": across, "height": down}, ratio[0] / ratio[1] if ratio else 0],
        )
        fit = fitted(area, master, ratio)
        expected = [fit, turned(fit, master, 1)]
        assert found == [{name: getattr(each, name) for name in SIDES[1:]} for each in expected], (
            area,
            ratio,
        )


def test_the_text_cover_is_set_as_it_will_be(visit: Visit, alice: User) -> None:
    page = visit(alice, LAPTOP)
    page.goto("/notes/new/")
    cover = page.locator("[data-text-cover]")
    for title in (
        "Tea",
        "靠窗的座位七点就没了",
        "A day in the undergraduate life 早八人",
        "state-of-the-art 🍜",
    ):
        page.get_by_label("Title").fill(title)
        expect(cover).to_have_class(
            f"card__media text-cover {tone_of(page)} r-{cover_snap(title)} w-{title_width(title)}"
        )
        expect(cover.locator("span")).to_have_class(f"text-cover__title w-{word_width(title)}")
        expect(cover).to_have_text(title)
    page.get_by_role("radio", name="Pine").check()
    expect(cover).to_have_class(
        f"card__media text-cover tone-leaf r-{cover_snap(title)} w-{title_width(title)}"
    )
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".text-cover--stage")).to_have_class(
        f"text-cover text-cover--stage tone-leaf r-{cover_snap(title)} w-{title_width(title)}"
    )


def tone_of(page: Page) -> str:
    return f"tone-{page.locator('[name=text_tone]:checked').get_attribute('value')}"
