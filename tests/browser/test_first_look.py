"""What is fetched for the first view of a page, and sharing or copying a link."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from notes.models import Note
from profiles.models import User
from tests.browser.conftest import PHONE, Visit
from tests.builders import make_note, make_person, make_photo

pytestmark = pytest.mark.django_db(transaction=True)

CARDS = 24
# What the card's photo says in `sizes` at this width of the window, and how wide it is.
SAID_AND_TRUE = """() => {
    const { sizes } = document.querySelector(".card source");
    const rules = sizes.split(", ").map((rule) => /^(\\([^)]*\\))? ?(.*)$/.exec(rule));
    const probe = document.body.appendChild(document.createElement("div"));
    probe.style.inlineSize = rules.find(([, query]) => !query || matchMedia(query).matches)[2];
    const said = probe.getBoundingClientRect().width;
    probe.remove();
    return [said, document.querySelector(".card__media").getBoundingClientRect().width];
}"""


@pytest.fixture
def notes(alice: User) -> list[Note]:
    """A page of them; photos may share a folder."""
    folder = make_photo(alice, with_files=True).folder
    made = []
    for number in range(CARDS):
        note = make_note(alice, f"Note {number}")
        photo = make_photo(alice, note=note, folder=folder)
        Note.objects.filter(pk=note.pk).update(cover=photo)
        made.append(note)
    return made


def test_the_first_row_comes_first_and_icons_with_the_page(visit: Visit, notes: list[Note]) -> None:
    page = visit(None, PHONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/icons.*", lambda route: route.abort("aborted"))
    page.goto("/?sort=latest")
    page.wait_for_load_state("networkidle")
    found = [url for url in asked if "/media/" in url]
    first = [f"{note.photos.get().base}cover320.avif" for note in reversed(notes)]
    assert [re.sub(r"^https?://[^/]+", "", url) for url in found[:4]] == first[:4]
    page.mouse.wheel(0, 20_000)
    expect(page.locator(".card img").last).to_have_js_property("complete", True)
    drawn = page.locator(".tabbar use, .topbar use, .card use").evaluate_all(
        "(uses) => uses.filter((use) => use.checkVisibility()).map((use) => use.getBBox().width > 0)"
    )
    assert len(drawn) > CARDS
    assert all(drawn), "without the file of icons"


def test_a_card_says_how_wide_it_is(visit: Visit, notes: list[Note]) -> None:
    page = visit(None, PHONE)
    page.goto("/?sort=latest")
    for width in (320, 390, 575, 576, 767, 768, 959, 960, 1199, 1200, 1280, 1407, 1408, 1680, 1727, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        said, true = page.evaluate(SAID_AND_TRUE)
        assert said == pytest.approx(true, rel=0.05 if width <= 1727 else 0.2), width


def opened(visit: Visit, path: str, script: str = "", **options: Any) -> Page:
    page = visit(None, **options)
    page.add_init_script(script)
    page.goto(path)
    expect(page.locator("html[data-js]")).to_be_attached()
    return page


def test_a_touch_shares_at_once_with_the_devices_own_sheet(visit: Visit, alice: User) -> None:
    note = make_note(alice, "Tea at four")
    script = "navigator.share = async (sent) => { window.sent = sent; };"
    page = opened(
        visit, f"{note.get_absolute_url()}?thread=1", script, size=PHONE, has_touch=True, is_mobile=True
    )
    page.get_by_role("button", name="Share").tap()
    page.wait_for_function("window.sent")
    sent = page.evaluate("window.sent")
    assert (sent["title"], sent["url"].endswith(f"/notes/{note.pk}/")) == ("Tea at four", True)
    expect(page.locator("#share-top")).not_to_be_visible()


def test_a_link_is_copied_and_the_button_says_so(visit: Visit) -> None:
    make_person("dana")
    page = opened(visit, "/@dana/?after=", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_label("Link", exact=True)).to_have_value(re.compile("/@dana/$"))
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").endswith("/@dana/")
    expect(page.get_by_role("button", name="Copy link")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Link", exact=True)).not_to_be_visible()


def test_a_browser_that_does_not_let_it_has_the_link_selected(visit: Visit) -> None:
    make_person("dana")
    refused = "navigator.clipboard.writeText = async () => { throw new Error(); }; document.execCommand = () => false;"
    page = opened(visit, "/@dana/", refused)
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Couldn't copy")).to_be_visible()
    assert page.evaluate("getSelection().toString() || document.activeElement.value").endswith("/@dana/")
