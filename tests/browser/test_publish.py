"""Photos in the compose form: added by paste and drop, as a strip on phones, with Crop once they are prepared; and a
new avatar, shown at once.
"""

import base64
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from notes.models import Note, Photo
from profiles.models import User
from tests.browser.conftest import LAPTOP, PHONE, Visit
from tests.browser.steps import edit_photos
from tests.builders import make_note, make_photo, picture
from tests.imaging.images import picture as drawn
from tests.servers import Process

pytestmark = pytest.mark.django_db(transaction=True)

# Gives an element files as `kind` of event brings them, with words beside them; says whether the page took them.
BRING = """(element, [kind, files, words]) => {
  const data = new DataTransfer();
  for (const [name, type, content] of files) {
    data.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name, { type }));
  }
  if (words) data.setData("text/plain", words);
  const Kind = kind === "paste" ? ClipboardEvent : DragEvent;
  const event = new Kind(kind, { clipboardData: data, dataTransfer: data, bubbles: true, cancelable: true });
  return !element.dispatchEvent(event);
}"""


def file(colour: tuple[int, int, int], name: str = "image.png") -> list[str]:
    content = picture((200, 260), colour=colour, format="PNG")
    return [name, "image/png", base64.b64encode(content).decode()]


def bring(page: Page, place: str, kind: str, *files: list[str], words: str = "") -> bool:
    return page.locator(place).evaluate(BRING, [kind, list(files), words])


def test_photos_are_pasted_and_dropped_anywhere(visit: Visit, alice: User) -> None:
    page = visit(alice, LAPTOP)
    page.goto("/notes/new/")
    items = page.locator(".photo-item")
    assert bring(page, "#id_body", "paste", file((200, 0, 0)))
    expect(items).to_have_count(1)
    assert bring(page, "body", "paste", file((0, 200, 0)))
    expect(items).to_have_count(2)
    assert not bring(page, "#id_body", "paste", file((0, 0, 200)), words="A row of a table"), (
        "Words for a field."
    )
    assert bring(page, "#id_title", "dragover", file((0, 0, 200)))
    assert bring(page, "#id_title", "drop", file((0, 0, 200)), file((9, 9, 9)))
    expect(items).to_have_count(4)
    expect(page.locator(".photo-item:not([data-state])")).to_have_count(4)
    assert Note.objects.get().photos.count() == 4


def test_what_no_browser_draws_is_seen_with_crop_once_it_is_prepared(
    visit: Visit, alice: User, tmp_path: Path, request: Any
) -> None:
    """Without a reload; as the cover it is in the preview too, which says before what it waits for."""
    path = tmp_path / "IMG_1.HEIC"
    drawn(300, 400).save(path, "HEIF")
    page = visit(alice, LAPTOP)
    page.goto("/notes/new/")
    page.get_by_label("Title").fill("Half typed")
    page.locator("input[name=photos]").set_input_files(path)
    expect(page.locator(".photo-item:not([data-state]) .photo-item__state")).to_contain_text("IMG_1.HEIC")
    expect(page.locator("[data-preview]")).to_contain_text("IMG_1.HEIC")
    request.getfixturevalue("worker")
    crop = page.get_by_role("button", name="Crop photo 1")
    expect(crop).to_be_visible(timeout=90_000)
    for place in (".photo-item img", "[data-preview] img"):
        expect(page.locator(place)).to_have_js_property("complete", True)
        expect(page.locator(place)).not_to_have_js_property("naturalWidth", 0)
    expect(page.locator("[data-develops]")).to_have_count(0)
    expect(page.get_by_label("Title")).to_have_value("Half typed")


def test_photos_are_a_strip_before_the_rest_of_the_page_arrives(visit: Visit, alice: User) -> None:
    """On a slow line the page is painted as it comes: a grid that turns into a strip would move the words."""
    note = make_note(alice, photos=3)
    page = visit(alice, PHONE, java_script_enabled=False)
    page.route("**/media/**", lambda route: route.fulfill(status=204))

    def cut_off(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().partition("</ol>")[0])

    page.route("**/edit/", cut_off)
    page.goto(f"{note.get_absolute_url()}edit/")
    assert page.locator(".photo-list").evaluate("list => getComputedStyle(list).display") == "flex"


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "plain"])
@pytest.mark.parametrize("photos", [1, 18])
def test_on_a_phone_the_words_begin_on_the_first_screen(
    visit: Visit, alice: User, photos: int, has_scripts: bool
) -> None:
    note = make_note(alice, photos=photos)
    page = visit(alice, PHONE, java_script_enabled=has_scripts)
    page.route("**/media/**", lambda route: route.fulfill(status=204))
    page.goto(f"{note.get_absolute_url()}edit/")
    title, foot = (page.locator(place).bounding_box() for place in ("#id_title", ".compose__foot"))
    assert title["y"] + title["height"] < PHONE["height"] / 2 < foot["y"]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    remove = page.get_by_role("button", name="Remove photo 1", exact=True)
    expect(remove).not_to_be_visible()
    if has_scripts:
        page.locator(".photo-item__pic").first.click()
    else:
        edit_photos(page)
    expect(remove).to_be_visible()
    expect(page.get_by_role("textbox", name="Describe photo 1", exact=True)).to_be_visible()


def test_one_button_is_red(visit: Visit, alice: User) -> None:
    note = make_note(alice)
    note.cover = make_photo(alice, note=note, with_files=True)
    note.save()
    page = visit(alice, LAPTOP)
    for address in (
        f"{note.get_absolute_url()}edit/",
        f"/photos/{note.cover.pk}/edit/",
        "/settings/profile/",
    ):
        for width in (LAPTOP["width"], 900):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(address)
            red = page.evaluate(
                """() => [...document.querySelectorAll(".btn, .rail__post, .rail__post .ico")].filter((each) =>
                  getComputedStyle(each).backgroundColor === getComputedStyle(document.querySelector(".btn--primary"))
                    .backgroundColor).map((each) => each.textContent.trim())"""
            )
            assert len(red) == 1, (address, width, red)


def test_the_ring_of_the_photos_is_over_them(visit: Visit, alice: User) -> None:
    note = make_note(alice)
    note.cover = make_photo(alice, note=note, with_files=True)
    note.save()
    page = visit(alice, LAPTOP)
    page.goto(note.get_absolute_url())
    track = page.locator(".stage__track")
    track.evaluate("(track) => track.scrollIntoView({ behavior: 'instant' })")
    before = track.screenshot()
    page.keyboard.press("Tab")  # so that a focus is one of the keyboard
    track.evaluate("(track) => track.focus({ focusVisible: true })")
    assert track.screenshot() != before


def test_a_new_picture_is_seen_at_once_and_its_part_chosen(
    visit: Visit, alice: User, tmp_path: Path, worker: Process
) -> None:
    """Left red, right blue: the part is moved by a finger, and by keys; others see what was seen."""
    path = tmp_path / "me.png"
    image = drawn(800, 400)
    image.paste((210, 20, 20), (0, 0, 400, 400))
    image.paste((20, 20, 210), (400, 0, 800, 400))
    image.save(path)
    page = visit(alice, PHONE)
    page.goto("/settings/profile/")
    expect(page.get_by_role("slider")).to_have_count(0)
    page.get_by_label("Choose a photo").set_input_files(path)
    canvas = page.get_by_role("img", name="Your new photo")
    expect(canvas).to_be_visible()
    expect(page.get_by_text("me.png")).to_be_visible()
    assert sides(page) == ["red", "blue"]
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 40)
    page.mouse.up()
    assert sides(page) == ["red", "red"]
    page.get_by_role("slider", name="From the left").press("End")
    assert sides(page) == ["blue", "blue"]
    page.get_by_role("button", name="Save profile").click()
    expect(page.get_by_text("Your new photo shows in a moment.").first).to_be_visible()
    own = page.locator("#own-picture img")
    expect(own).to_be_visible(timeout=90_000)
    expect(page.locator(".own-picture__wait")).to_have_count(0)
    own.evaluate("(img) => img.decode()")
    assert sides(page, "#own-picture img") == ["blue", "blue"]
    assert Photo.objects.count() == 0


def sides(page: Page, place: str = ".avatar__now") -> list[str]:
    """The colour of a picture at its left and right, along the middle."""
    return page.locator(place).evaluate(
        """(picture) => {
          const canvas = new OffscreenCanvas(100, 100);
          const drawing = canvas.getContext("2d", { willReadFrequently: true });
          drawing.drawImage(picture, 0, 0, 100, 100);
          return [10, 90].map((x) => drawing.getImageData(x, 50, 1, 1).data)
            .map(([red, , blue]) => (red > 150 && blue < 100 ? "red" : blue > 150 && red < 100 ? "blue" : "neither"));
        }"""
    )
