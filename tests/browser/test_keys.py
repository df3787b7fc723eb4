"""Keyboard shortcuts: through cards and photos, to like, and their list; inactive while typing, and they can be
turned off.
"""

import pytest
from playwright.sync_api import Page, expect

from notes.models import Like
from profiles.models import User
from tests.browser.conftest import Visit, Watch
from tests.builders import make_comment, make_note

pytestmark = pytest.mark.django_db(transaction=True)


def focused(page: Page) -> str:
    text: str = page.evaluate("document.activeElement.textContent.trim()")
    return text


def test_keys_go_through_cards_and_like(visit: Visit, alice: User, bob: User) -> None:
    notes = [make_note(alice, f"Note {number}") for number in range(3)][::-1]
    page = visit(bob)
    page.goto("/?sort=latest")
    for key, number in (("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        assert focused(page) == notes[number].title
    page.keyboard.press("Control+j")
    page.keyboard.press("J")
    assert focused(page) == notes[1].title
    page.keyboard.press("l")
    expect(page.locator(f"#note-{notes[1].pk} .react").first).to_have_attribute(
        "formaction", f"/notes/{notes[1].pk}/like/delete/"
    )
    assert Like.objects.get().note == notes[1]
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(notes[1].title)


def test_a_sheet_names_them_and_they_can_be_off(visit: Visit, bob: User, alice: User) -> None:
    make_note(alice, "A note")
    page = visit(bob)
    page.goto("/?sort=latest")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet.get_by_role("heading")).to_be_focused()
    expect(sheet.locator("kbd").filter(visible=True)).to_have_text(["j", "k", "l", "/", "Esc", "?"])
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    page.keyboard.press("?")
    sheet.get_by_role("button", name="Off").click()
    expect(page.locator("body")).to_have_attribute("data-keys", "off")
    page.keyboard.press("j")
    page.keyboard.press("?")
    assert page.evaluate("document.activeElement === document.body")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_on_a_note_they_go_through_photos_and_leave_typing_alone(
    visit: Visit, watch: Watch, alice: User, bob: User
) -> None:
    note = make_note(alice, "Photos", photos=3)
    comment = make_comment(alice, note)
    page = visit(bob)
    with watch.expecting(404):  # the photos have no files
        page.goto(note.get_absolute_url())
        page.keyboard.press("j")
        page.keyboard.press("j")
        expect(page.locator("#photo-2")).to_be_in_viewport(ratio=0.9)
        field = page.get_by_label("Comment", exact=True)
        field.focus()
        page.keyboard.type("jkl?/")
        expect(field).to_have_value("jkl?/")
        page.keyboard.press("Escape")
        expect(field).not_to_be_focused()
        page.keyboard.press("l")
        expect(page.locator(".actions__react .react").first).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".actions__react .num").first).to_have_text("1")
    assert Like.objects.get().person == bob
    comment.refresh_from_db()
    assert comment.like_count == 0
    page.locator(".comment").get_by_role("link", name="Reply").focus()
    page.keyboard.press("l")
    expect(page.locator(".comment .num")).to_have_text("1")
