"""Steps that several journeys share, by what a person reads and presses, with scripts on or off."""

import re
import time
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Page, expect

PASSWORD = "a lamp by the window"
MAIL_SECONDS = 20


def edit_photos(page: Page) -> None:
    """On phones what can be done with the photos of the compose form is behind a tap."""
    if page.locator(".photo-list__edit").is_visible():
        page.locator(".photo-list__edit").click()


def sign_up(page: Page, handle: str) -> None:
    """From Explore to the welcome step, with the address <handle>@campus.test."""
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("E-mail address").fill(f"{handle}@campus.test")
    page.get_by_label("Handle").fill(handle)
    page.get_by_label("Year of birth").fill("2004")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome. What is your label?")
    expect(page.get_by_text(f"We sent a link to {handle}@campus.test")).to_be_visible()
    expect(page.get_by_text(f"its mails are files in {settings.MAIL_DIR}")).to_be_visible()


def sign_in_again(page: Page, handle: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(f"{handle}@campus.test")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/$"))


def confirm_address(page: Page, handle: str) -> None:
    """Reads the mail as a person does: opens its link, presses the button."""
    page.goto(link_for(f"{handle}@campus.test"))
    expect(page.get_by_text(f"the address of @{handle}")).to_be_visible()
    page.get_by_role("button", name="Yes, confirm").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Explore")


def link_for(address: str) -> str:
    """The link in the newest mail to this address, once the worker has sent it. A mail is read once."""
    until = time.monotonic() + MAIL_SECONDS
    while time.monotonic() < until:
        files = Path(settings.MAIL_DIR).glob("*") if Path(settings.MAIL_DIR).is_dir() else []
        for file in sorted(files, key=lambda file: file.stat().st_mtime, reverse=True):
            mail = message_from_bytes(file.read_bytes(), policy=policy.default)
            if mail["To"] == address and mail.get_content().rstrip().endswith("/"):
                file.unlink()
                return re.search(r"http://\S+", mail.get_content()).group()
        time.sleep(0.1)
    raise AssertionError(f"No mail to {address}")
