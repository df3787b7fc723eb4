"""Back with the back-forward cache that people's browsers have on: instant while signed in, empty once signed out."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType, Page, expect

from notes.models import Note
from profiles.models import Follow, User
from tests import chromium
from tests.builders import make_draft, make_note, make_person
from tests.servers import WebServer, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
SECRETS = (
    "alice@campus.test",
    "For followers alone",
    "A draft of mine",
    "/accounts/logout/",
    "/@alice/collections/",
)


@pytest.fixture(scope="module")
def keeping_browser(browser_type: BrowserType, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """Playwright switches the back-forward cache off; this browser has it."""
    options = browser_type_launch_args | {
        "ignore_default_args": ["--disable-back-forward-cache"],
        "executable_path": chromium.path(whole=True),
    }
    browser = browser_type.launch(**options)
    yield browser
    browser.close()


@pytest.fixture
def note(alice: User) -> Note:
    make_draft(alice, "A draft of mine")
    author = make_person("author")
    Follow.objects.create(follower=alice, followed=author)
    return make_note(author, "For followers alone", body="For followers alone", visibility="followers")


def pages_of(note: Note) -> list[str]:
    return ["/", "/accounts/email/", note.get_absolute_url(), "/notes/drafts/", "/settings/profile/"]


@pytest.mark.parametrize(
    "scripts", [pytest.param(True, id="scripts"), pytest.param(False, id="plain", marks=pytest.mark.long)]
)
def test_back_after_signing_out_shows_nothing(
    keeping_browser: Browser, web_server: WebServer, alice: User, note: Note, scripts: bool
) -> None:
    context = keeping_browser.new_context(base_url=web_server.url, java_script_enabled=scripts)
    sign_in(context, alice, web_server)
    page, other = context.new_page(), context.new_page()
    other.goto(note.get_absolute_url())
    paths = pages_of(note)
    for path in paths:
        page.goto(path)
        assert any(secret in page.content() for secret in SECRETS), path
    page.goto("/accounts/logout/")
    page.locator("main form").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    for _ in range(len(paths) + 1):
        page.go_back(wait_until="commit")
        nothing_private(page)
    for _ in range(len(paths) + 1):
        page.go_forward(wait_until="commit")
        nothing_private(page)
    other.reload()
    nothing_private(other)
    context.close()


def nothing_private(page: Page) -> None:
    """A page out of the cache loads nothing, so that there is no load to wait for."""
    expect(page.locator("main").first).to_be_visible()
    html = page.content()
    assert not [secret for secret in SECRETS if secret in html], page.url


def test_back_while_signed_in_is_the_page_that_was_left(
    keeping_browser: Browser, web_server: WebServer, alice: User, note: Note
) -> None:
    context = keeping_browser.new_context(base_url=web_server.url)
    sign_in(context, alice, web_server)
    page = context.new_page()
    page.goto("/")
    for path, field in (
        (note.get_absolute_url(), "textarea[name=body]"),
        ("/settings/profile/", "[name=bio]"),
        ("/accounts/email/", "[name=email]"),
        ("/@alice/", ""),
        ("/", ""),
    ):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        page.evaluate("window.wasHere = true")
        if field:
            page.locator(field).first.fill("Typed, not sent")
        page.goto("/about/")
        page.go_back(wait_until="commit")
        page.wait_for_function("window.wasHere === true", timeout=5_000)
        if field:
            expect(page.locator(field).first).to_have_value("Typed, not sent")
    context.close()
