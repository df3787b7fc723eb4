"""Typed text while the session ends, the token changes or a file disappears: it stays, and the page says so."""

import re
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route, expect

from moderation.models import Report
from notes.models import Comment, Note, Photo
from profiles.models import User
from tests.browser.conftest import PHONE, Visit, Watch
from tests.builders import PASSWORD, make_draft, make_note, picture

pytestmark = pytest.mark.django_db(transaction=True)


TYPED = "Half an hour of words"


def sign_in(page: Page, person: User) -> None:
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def in_another_tab(page: Page, person: User) -> None:
    """Signs in there, as the same person, and comes back."""
    other = page.context.new_page()
    other.goto("/accounts/login/")
    sign_in(other, person)
    expect(other).to_have_url(re.compile(r"/$"))
    other.close()
    page.bring_to_front()


@pytest.mark.parametrize(
    "has_scripts", [pytest.param(True, id="scripts"), pytest.param(False, id="plain", marks=pytest.mark.long)]
)
def test_a_comment_is_there_after_signing_in(
    visit: Visit, watch: Watch, alice: User, charlie: User, has_scripts: bool
) -> None:
    note = make_note(charlie, "Of Charlie")
    page = visit(alice, PHONE, java_script_enabled=has_scripts)
    page.goto(note.get_absolute_url())
    page.get_by_label("Comment", exact=True).fill(TYPED)
    Session.objects.all().delete()
    with watch.expecting(401):
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to comment on “Of Charlie”")
    sign_in(page, alice)
    expect(page.get_by_label("Comment", exact=True)).to_have_value(TYPED)
    expect(page.get_by_text("What you wrote is still here: check")).to_be_visible()
    assert not Comment.objects.exists()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".comment__text")).to_have_text(TYPED)

    page.go_back()
    page.get_by_label("Comment", exact=True).fill("Something else")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".comment__text", has_text="Something else")).to_be_visible()
    assert set(Comment.objects.values_list("body", flat=True)) == {TYPED, "Something else"}


def test_a_save_whose_answer_was_lost_is_no_conflict(visit: Visit, watch: Watch, alice: User) -> None:
    draft = make_draft(alice, "As it was")
    page = visit(alice, PHONE)
    page.goto(f"{draft.get_absolute_url()}edit/")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("internetdisconnected")

    page.route(re.compile(r"/edit/\?$"), lose, times=1)
    with watch.without_connection():
        page.get_by_label("Story").fill("Stored, and nobody said so.")
        expect(page.locator("[data-kept]")).to_have_text("Not saved")
    page.get_by_label("Story").fill("And on.")
    expect(page.locator("[data-kept]")).to_contain_text("Draft saved")
    page.wait_for_load_state("networkidle")
    assert Note.objects.get().body == "And on."


def test_text_that_was_not_saved_asks_before_it_replaces_another_version(
    visit: Visit, watch: Watch, alice: User
) -> None:
    draft = make_draft(alice, "As it was")
    page = visit(alice, PHONE)
    page.goto(f"{draft.get_absolute_url()}edit/")
    left = {"path": f"{draft.get_absolute_url()}edit/", "seen": "an earlier one", "missing": []}
    left["typed"] = [["body", "Typed here"]]
    page.evaluate("left => (sessionStorage.left = JSON.stringify(left))", left)
    with watch.expecting(409):
        page.reload()
        expect(page.get_by_label("Story")).to_have_value("Typed here")
        expect(page.locator("[data-kept]")).to_contain_text("Changed in another window")
        page.get_by_label("Title").press("Enter")
        expect(page.locator("form [role=alert]").first).to_contain_text(
            "Save again to replace those changes."
        )
    assert Note.objects.get().body == draft.body


def test_this_version_replaces_the_other_by_choice(visit: Visit, watch: Watch, alice: User) -> None:
    draft = make_draft(alice, "As it was")
    page = visit(alice, PHONE)
    page.goto(f"{draft.get_absolute_url()}edit/")
    Note.objects.update(body="Of another window")
    with watch.expecting(409):
        page.get_by_label("Story").fill(TYPED)
        keep = page.get_by_role("button", name="Keep this version")
        expect(keep).to_be_visible()
    keep.click()
    expect(page.get_by_text("Draft saved", exact=True)).to_be_visible()
    assert Note.objects.get().body == TYPED


def test_writing_goes_on_after_signing_in_in_another_tab(
    visit: Visit, watch: Watch, alice: User, tmp_path: Path
) -> None:
    photo = tmp_path / "window.jpg"
    photo.write_bytes(picture())
    draft = make_draft(alice, "As it was")
    page = visit(alice, PHONE)
    page.goto(f"{draft.get_absolute_url()}edit/")
    Session.objects.all().delete()
    with watch.expecting(401, 403):
        page.get_by_label("Story").fill(TYPED)
        expect(page.locator("[data-kept]")).to_have_text("Not saved")
        page.locator("input[name=photos]").set_input_files(photo)
        expect(page.locator(".photo-item__why")).to_have_text("Sign in again to continue the upload.")
        page.get_by_role("button", name="Publish").click()
        expect(page.locator("[data-signed-out]")).to_contain_text("You have been signed out.")
        expect(page.locator("form[data-then]")).to_have_count(0)
        assert not Photo.objects.exists()
        in_another_tab(page, alice)
        page.get_by_role("button", name="Try photo 1 again").click()
        expect(page.locator(".photo-item:not([data-state])")).to_have_count(1)
        expect(page.locator("[data-signed-out]")).to_have_count(0)
        page.get_by_role("button", name="Publish").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("As it was")
    note = Note.objects.get()
    assert (note.body, note.photos.count()) == (TYPED, 1)


def test_a_like_takes_over_a_fresh_token(visit: Visit, watch: Watch, alice: User, charlie: User) -> None:
    note = make_note(charlie, "Of Charlie")
    page = visit(alice, PHONE)
    page.goto(note.get_absolute_url())
    page.context.clear_cookies(name="csrftoken")
    with watch.expecting(403):
        like = page.get_by_role("button", name="Like").locator("visible=true").first
        like.click()
        expect(like).to_have_attribute("aria-pressed", "true")
        expect(like.locator(".num")).to_have_text("1")
    note.refresh_from_db()
    assert note.like_count == 1


def test_a_file_that_is_gone_is_said_once(visit: Visit, watch: Watch, alice: User, tmp_path: Path) -> None:
    photo = tmp_path / "window.jpg"
    photo.write_bytes(picture())
    page = visit(alice, PHONE)
    page.goto("/notes/new/")
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.url) if request.url.endswith("/uploads/") else None
    )
    with watch.without_connection():
        page.route("**/uploads/", lambda route: (photo.write_bytes(b"x" * 99), route.abort())[1], times=1)
        page.locator("input[name=photos]").set_input_files(photo)
        expect(page.locator(".photo-item[data-state=refused] .photo-item__why")).to_contain_text(
            "was changed or moved"
        )
    page.get_by_label("Title").fill("Words")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Remove the photos that failed, then send again.")).to_be_visible()
    assert len(sent) == 1


def test_a_report_in_its_dialog_waits_for_its_person(
    visit: Visit, watch: Watch, alice: User, charlie: User
) -> None:
    note = make_note(charlie, "Of Charlie")
    page = visit(alice, PHONE)
    page.goto(note.get_absolute_url())
    page.locator('a[href^="/report/"]').first.evaluate("(link) => link.click()")
    details, send = page.get_by_label("Anything we should know?"), page.locator("dialog form .btn").last
    page.get_by_label("Something else").check()
    details.fill(TYPED)
    Session.objects.all().delete()
    with watch.expecting(401, 403, 413, 429, 503):
        send.click()
        expect(page.locator("dialog [data-signed-out]")).to_contain_text("You have been signed out.")
        in_another_tab(page, alice)
        for status in (413, 429, 503):
            page.route("**/report/**", lambda route: route.fulfill(status=status, body=""), times=1)  # noqa: B023
            send.click()
            expect(page.locator("dialog [role=alert]").first).to_be_visible()
            expect(details).to_have_value(TYPED)
        send.click()
        expect(page.locator("dialog")).not_to_be_visible()
    expect(page.get_by_text("Thank you. A moderator will read it.")).to_be_visible()
    assert Report.objects.get().details == TYPED


def test_a_note_that_is_refused_stays_on_its_page(visit: Visit, watch: Watch, alice: User) -> None:
    """Whatever is answered instead of a page to go to: the words stay, and it can be sent again."""
    page = visit(alice, PHONE)
    page.goto("/notes/new/")
    page.get_by_label("Title").fill("Window seats")
    page.get_by_label("Story").fill(TYPED)
    publish = page.get_by_role("button", name="Publish")
    refusals = {413: "That’s too much text", 429: "Too many requests", 503: "The book is closed", 500: ""}
    with watch.expecting(*refusals):
        for status, heading in refusals.items():
            body = f"<h1>{heading}</h1>" if heading else ""
            page.route(
                "**/notes/new/*",
                lambda route: route.fulfill(status=status, body=body, content_type="text/html"),  # noqa: B023
                times=1,
            )
            publish.click()
            expect(page.locator(".toast").last).to_contain_text(heading or "not")
            expect(page.get_by_label("Story")).to_have_value(TYPED)
            expect(page.locator("form[data-then]")).to_have_count(0)
        publish.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Window seats")
    assert Note.objects.get().body == TYPED
