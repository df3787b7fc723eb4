"""Replying in place, pressing a button before signing in, and Undo, in Chromium."""

import re

import pytest
from playwright.sync_api import Page, expect

from core.db.keyset import PAGE_SIZE
from notes.models import Collect, Comment, Like, Note
from profiles.models import User
from tests.browser.conftest import PHONE, Visit
from tests.builders import PASSWORD, make_comment, make_note

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def discussed(alice: User, bob: User) -> Note:
    """A note with more comments than a phone shows at once."""
    note = make_note(alice, "Flowers instead of sleep")
    for number in range(12):
        make_comment(bob, note, f"Question {number}: where do they grow?")
    return note


def in_sight(page: Page, selector: str) -> bool:
    """Whether all of the element is between the top of the window and the bar below."""
    return bool(
        page.locator(selector).evaluate(
            """(element) => {
              const { top, bottom } = element.getBoundingClientRect();
              return top >= 0 && bottom <= document.querySelector(".note__bar").getBoundingClientRect().top;
            }"""
        )
    )


def test_a_reply_stays_at_its_comment(visit: Visit, discussed: Note, charlie: User) -> None:
    first = Comment.objects.filter(note=discussed).earliest("pk")  # the last on the page
    comment, address = f"#comment-{first.pk}", discussed.get_absolute_url()
    page = visit(charlie, PHONE)
    page.goto(address)
    page.locator(f"{comment} [data-reply]").click()
    box = page.get_by_label("Comment", exact=True)
    expect(box).to_be_focused()
    expect(box).to_have_accessible_description("Replying to Bob Bai Question 0: where do they grow?")
    assert in_sight(page, comment)
    assert page.url.endswith(address), "no other page was opened"
    page.get_by_role("link", name="Cancel the reply").click()
    expect(page.locator("#answering")).to_be_hidden()
    expect(page.locator(f"{comment} [data-reply]")).to_be_focused()
    page.keyboard.press("Enter")
    box.fill("By the gate.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(f"{comment} .comment__replies")).to_contain_text("By the gate.")
    assert Comment.objects.get(body="By the gate.").parent == first

    plain = visit(charlie, PHONE, java_script_enabled=False)
    plain.goto(address)
    plain.locator(f"{comment} [data-reply]").first.click()
    plain.wait_for_url(re.compile("reply="))
    expect(plain.locator("#answering")).to_contain_text("Replying to Bob Bai")
    assert in_sight(plain, f"{comment} > div > .comment__text")


def test_a_stranger_comes_back_to_the_card(visit: Visit, alice: User, charlie: User) -> None:
    """From the second page of a list, which a script has added to the first."""
    notes = [make_note(alice) for _ in range(PAGE_SIZE + 12)]
    page = visit(None, PHONE)
    page.goto("/?sort=latest")
    card = page.locator(f"#note-{notes[3].pk}")
    page.locator(".more").scroll_into_view_if_needed()
    card.get_by_role("button", name="Like").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Sign in to like “{notes[3]}”")
    page.get_by_label("E-mail address").fill(charlie.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(card.get_by_role("button", name="Like")).to_have_attribute("aria-pressed", "true")
    expect(card).to_be_in_viewport()
    assert Like.objects.get().note == notes[3]


def test_a_save_is_said_and_taken_back(visit: Visit, discussed: Note, charlie: User) -> None:
    page = visit(charlie)
    page.goto(discussed.get_absolute_url())
    save = page.locator(".actions__react").get_by_role("button", name="Save")
    save.click()
    said = page.get_by_role("status").filter(has_text="Saved. Only you see what you save.")
    expect(said).to_be_visible()
    assert Collect.objects.count() == 1
    said.get_by_role("button", name="Undo").click()
    expect(save).to_have_attribute("aria-pressed", "false")
    expect(save).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="Removed from your saved notes.")).to_be_visible()
    assert not Collect.objects.exists()
