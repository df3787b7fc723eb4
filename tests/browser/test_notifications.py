"""What one person does reaches the other's browser as a dot and a row, with scripts and without."""

import pytest
from playwright.sync_api import expect

from notes.models import Comment, Like
from profiles.models import User
from tests.browser.conftest import LAPTOP, PHONE, Visit
from tests.builders import make_note

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    "has_scripts", [pytest.param(True, id="scripts"), pytest.param(False, id="plain", marks=pytest.mark.long)]
)
def test_a_comment_is_told_and_read(
    visit: Visit, alice: User, bob: User, charlie: User, has_scripts: bool
) -> None:
    note = make_note(alice, "The window seat")
    author = visit(alice, PHONE, java_script_enabled=has_scripts)
    author.goto("/")
    expect(author.locator(".tabbar .nav-dot")).to_have_count(1)
    author.goto("/notifications/")
    if not has_scripts:
        author.get_by_role("button", name="Mark all as read").click()
    expect(author.locator(".nav-dot")).to_have_count(0)
    expect(author.get_by_role("button", name="Mark all as read")).to_have_count(0)
    author.goto("/")
    expect(author.locator(".nav-dot")).to_have_count(0)

    reader = visit(charlie, LAPTOP, java_script_enabled=has_scripts)
    reader.goto(note.get_absolute_url())
    reader.get_by_label("Comment", exact=True).fill("Is it free at nine?")
    reader.get_by_role("button", name="Send").click()
    expect(reader.locator(".comment")).to_contain_text("Is it free at nine?")

    author.reload()
    author.locator(".tabbar").get_by_role("link", name="Inbox").click()
    row = author.locator(".told__row[data-unread]")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Is it free at nine?")
    row.get_by_role("link").first.click()
    author.wait_for_url(f"**{Comment.objects.get().get_absolute_url()}")
    expect(author.locator(".comment--marked")).to_contain_text("Is it free at nine?")
    assert not Like.objects.exists()
