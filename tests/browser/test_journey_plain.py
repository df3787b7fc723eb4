"""The main journey without scripts, on a phone: every step is a link or a form."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, Visit, Watch
from tests.browser.pixels import is_photograph, shown
from tests.browser.steps import confirm_address, edit_photos, sign_up
from tests.servers import Process

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "A morning by the lake"
CHOSEN = ["sk_flower.jpg", "orient_P6.jpg", "gen_palette.png", "sk_china.webp"]


def test_without_scripts(visit: Visit, watch: Watch, worker: Process, album: dict[str, Path]) -> None:
    alice, bob = (visit(size=PHONE, java_script_enabled=False) for _ in range(2))
    sign_up(alice, "alice_an")
    alice.get_by_label("Label", exact=True).fill("Campus plog master")
    alice.get_by_label("Topics").fill("plog, lake")
    alice.get_by_role("button", name="Save label").click()
    confirm_address(alice, "alice_an")
    path = publish(alice, watch, worker, album)

    sign_up(bob, "bob_reads")
    bob.get_by_role("link", name="Finish later").click()
    confirm_address(bob, "bob_reads")
    answer(bob, path, album)
    hear(alice, path)
    clear_up(alice, bob, watch, path)


def publish(page: Page, watch: Watch, worker: Process, album: dict[str, Path]) -> str:
    """Forgets the title, gets the form back with photos and words, arranges them there, and publishes."""
    page.goto("/notes/new/")
    page.get_by_label("Add photos").set_input_files([album[name] for name in CHOSEN])
    page.get_by_label("Story").fill("Before the first lecture. #lake")
    page.get_by_label("Campus").fill("Linhai University")
    with watch.expecting(422):
        page.get_by_role("button", name="Publish").click()
        expect(page.get_by_role("alert")).to_contain_text("Your text and photos are still here.")
    expect(page.get_by_text("Give the note a title.").first).to_be_visible()
    expect(page.get_by_label("Story")).to_have_value("Before the first lecture. #lake")
    items = page.locator(".photo-item")
    expect(items).to_have_count(4)
    edit_photos(page)

    items.nth(0).get_by_role("textbox").fill("A dahlia")
    items.nth(1).get_by_role("textbox").fill("Somebody under a waterfall")
    page.get_by_role("button", name="Move photo 2 earlier").click()
    expect(items.nth(0).get_by_role("textbox")).to_have_value("Somebody under a waterfall")
    page.get_by_role("button", name="Remove photo 3").click()
    expect(items).to_have_count(3)
    expect(items.nth(1).get_by_role("textbox")).to_have_value("A dahlia")
    expect(page.get_by_label("Story")).to_have_value("Before the first lecture. #lake")
    items.nth(0).get_by_role("radio", name="Cover").check()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    again = page.get_by_role("link", name="Look again")
    while again.count():
        again.click()
    expect(page.locator(".slide")).to_have_count(3)
    return page.url


def answer(page: Page, path: str, album: dict[str, Path]) -> None:
    page.goto("/")
    card = card_of(page)
    assert is_photograph(
        shown(card.get_by_role("img", name="Somebody under a waterfall")), album["orient_P6.jpg"]
    )
    card.get_by_role("button", name=re.compile("^Like: ")).click()
    expect(card_of(page).get_by_role("button", name=re.compile("^Like: .+, 1$"))).to_have_attribute(
        "aria-pressed", "true"
    )
    card_of(page).get_by_role("link", name=TITLE).click()
    for number, name in enumerate(["orient_P6.jpg", "sk_flower.jpg", "sk_china.webp"]):
        assert is_photograph(shown(page.locator(".slide").nth(number).locator("img")), album[name])
    page.get_by_role("link", name="Photo 2", exact=True).click()
    expect(page.locator(".slide").nth(1)).to_be_in_viewport(ratio=0.9)
    page.get_by_role("button", name=re.compile("^Save: ")).click()
    expect(page.get_by_role("button", name=re.compile("^Save: .+, 1$"))).to_have_attribute(
        "aria-pressed", "true"
    )
    page.get_by_role("button", name="Follow alice_an").locator("visible=true").click()
    follow = page.get_by_role("button", name="Following alice_an").locator("visible=true")
    expect(follow).to_have_attribute("aria-pressed", "true")
    say(page, "Which bench is that?")
    expect(page.get_by_role("heading", name="1 comment")).to_be_visible()
    page.get_by_role("link", name="Reply bob_reads").click()
    say(page, "Found it.")
    expect(page.locator(".comment__replies .comment")).to_contain_text("Found it.")
    for place in ("/following/", "/@bob_reads/collections/", "/@alice_an/", "/labels/campus-plog-master/"):
        page.goto(place)
        expect(page.get_by_role("link", name=TITLE)).to_be_visible()


def say(page: Page, words: str) -> None:
    page.get_by_label("Comment", exact=True).fill(words)
    page.get_by_role("button", name="Send", exact=True).click()


def hear(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.get_by_role("button", name=re.compile("^Like: .+, 1$"))).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Save: .+, 1$"))).to_be_visible()
    expect(page.locator(".comment__text").first).to_have_text("Which bench is that?")
    page.goto("/@alice_an/followers/")
    expect(page.locator(".rows .person__name")).to_have_text("bob_reads")


def clear_up(alice: Page, bob: Page, watch: Watch, path: str) -> None:
    """Bob takes back what he said and pressed; Alice edits the note, then deletes it."""
    bob.goto(path)
    bob.locator(".comment", has_text="Which bench is that?").get_by_role(
        "button", name="More about"
    ).first.click()
    bob.get_by_role("link", name="Delete Which bench is that?").click()
    bob.get_by_role("button", name="Delete comment").click()
    expect(bob.get_by_text("This comment was deleted.")).to_be_visible()
    expect(bob.locator(".comment__text")).to_have_text("Found it.")
    bob.get_by_role("button", name=re.compile("^Like: .+, 1$")).click()
    expect(bob.get_by_role("button", name=re.compile("^Like: "))).to_have_attribute("aria-pressed", "false")
    bob.get_by_role("button", name=re.compile("^Save: .+, 1$")).click()
    bob.get_by_role("button", name="Following alice_an").locator("visible=true").click()
    expect(bob.get_by_role("button", name="Follow alice_an").locator("visible=true")).to_be_visible()

    alice.goto(path)
    expect(alice.get_by_text("This comment was deleted.")).to_be_visible()
    expect(alice.get_by_role("button", name=re.compile("^Like: [^,]+$"))).to_be_visible()
    choose(alice, "Edit")
    alice.get_by_label("Title").fill(f"{TITLE}, again")
    edit_photos(alice)
    alice.get_by_role("button", name="Remove photo 3").click()
    expect(alice.locator(".photo-item")).to_have_count(2)
    alice.get_by_role("button", name="Save changes").click()
    expect(alice.get_by_role("heading", level=1)).to_have_text(f"{TITLE}, again")
    bob.goto(path)
    expect(bob.get_by_role("heading", level=1)).to_have_text(f"{TITLE}, again")
    expect(bob.locator(".slide")).to_have_count(2)

    choose(alice, "Delete")
    alice.get_by_role("button", name="Delete note").click()
    expect(alice).to_have_url(re.compile("/@alice_an/$"))
    with watch.expecting(404):
        assert bob.goto(path).status == 404
    bob.goto("/")
    expect(bob.get_by_role("link", name=TITLE)).to_have_count(0)


def choose(page: Page, name: str) -> None:
    """From the note's menu, which opens by itself."""
    page.get_by_role("button", name="More", exact=True).locator("visible=true").click()
    page.get_by_role("link", name=name, exact=True).locator("visible=true").click()


def card_of(page: Page) -> Locator:
    return page.get_by_role("listitem").filter(has=page.get_by_role("link", name=TITLE))
