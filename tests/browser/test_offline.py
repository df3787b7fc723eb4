"""Without a connection the browser's error page never appears: typed text stays, and the page says that it is
offline.
"""

import pytest
from playwright.sync_api import expect

from notes.models import Comment, Like
from profiles.models import User
from tests.browser.conftest import PHONE, Visit, Watch
from tests.builders import make_note

pytestmark = pytest.mark.django_db(transaction=True)
KEPT = "You're offline. Your text stays here."


def test_a_comment_and_a_like_wait_for_a_connection(
    visit: Visit, watch: Watch, alice: User, bob: User
) -> None:
    note = make_note(alice, "Flowers")
    page = visit(bob, PHONE)
    page.goto(note.get_absolute_url())
    field = page.get_by_label("Comment", exact=True)
    send = page.get_by_role("button", name="Send", exact=True)
    like = page.locator(".actions__react .react").first
    expect(page.locator("html[data-js]")).to_be_attached()
    with watch.without_connection():
        page.context.set_offline(True)
        like.click()
        expect(page.get_by_text("You're offline. Try again once you're connected.")).to_be_visible()
        expect(like).to_have_attribute("aria-pressed", "false")
        field.fill("Half an hour of words")
        send.click()
        expect(page.get_by_role("alert")).to_have_text(KEPT)
        expect(field).to_have_value("Half an hour of words")
        page.context.set_offline(False)
        expect(page.get_by_role("alert")).to_have_count(0)
        page.route("**/comments/*", lambda route: route.abort("internetdisconnected"), times=1)
        with page.expect_event("requestfailed"):
            send.click()
        expect(page.get_by_role("alert")).to_have_text(KEPT)
        expect(field).to_have_value("Half an hour of words")
    send.click()
    expect(page.locator(".comment__text")).to_have_text("Half an hour of words")
    expect(field).to_have_value("")
    assert Comment.objects.count() == 1
    assert not Like.objects.exists()


def test_other_forms_stay_with_their_words(visit: Visit, watch: Watch, alice: User) -> None:
    page = visit(alice, PHONE)
    page.goto("/settings/profile/")
    page.get_by_label("Bio").fill("Half an hour of words")
    with watch.without_connection():
        page.context.set_offline(True)
        page.get_by_role("button", name="Save profile").click()
        expect(page.get_by_role("alert")).to_have_text(KEPT)
        expect(page.get_by_label("Bio")).to_have_value("Half an hour of words")
        page.context.set_offline(False)
    with page.expect_navigation():
        page.get_by_role("button", name="Save profile").click()
    alice.refresh_from_db()
    assert alice.bio == "Half an hour of words"
