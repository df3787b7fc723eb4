"""Downloading one's data and deleting the account: on a phone without scripts, and on a laptop."""

import io
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from leaving.actions.removal import remove_leavers
from profiles.models import User
from tests.browser.conftest import LAPTOP, PHONE, Visit, Watch
from tests.browser.measuring import inaccessible
from tests.browser.pixels import is_photograph
from tests.builders import PASSWORD, make_person, signed_in, upload
from tests.leaving.asking import let_two_weeks_pass, told
from tests.notes.compose.filled_form import NEW, filled_in
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "A window seat in the library"


def publish(photograph: Path) -> tuple[User, str]:
    alice = make_person("alice", name="Alice An")
    client = signed_in(alice)
    sent = filled_in(client, title=TITLE, body="At noon. #tea")
    client.post(NEW, sent | {"photos": [upload(photograph.name, photograph.read_bytes())]})
    run_jobs()
    return alice, alice.notes.get().get_absolute_url()


def give_password(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter your password")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill("alice@campus.test")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("way", ["phone, plain", pytest.param("laptop", marks=pytest.mark.long)])
def test_taking_everything_leaving_and_coming_back(
    visit: Visit, watch: Watch, album: dict[str, Path], way: str
) -> None:
    size, scripts = (PHONE, False) if "phone" in way else (LAPTOP, True)
    alice, note = publish(album["sk_flower.jpg"])
    page = visit(alice, size, java_script_enabled=scripts)
    page.goto("/settings/profile/")
    page.get_by_role("link", name="Manage Your data").click()
    page.get_by_role("button", name="Make my archive").click()
    give_password(page)
    expect(page.get_by_text("Your archive is being prepared.")).to_be_visible()
    run_jobs()
    page.get_by_role("link", name="Look again").click()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Download the archive").click()
    assert re.fullmatch(r"redbook-alice-\d{4}-\d\d-\d\d\.zip", fetched.value.suggested_filename)
    archive = ZipFile(fetched.value.path())
    (told_note,) = told(archive, "notes")
    assert (told_note["title"], told_note["story"]) == (TITLE, "At noon. #tea")
    photo = archive.read(told_note["photos"][0]["file"])
    with Image.open(io.BytesIO(photo)) as image:
        assert is_photograph(image.convert("RGB"), album["sk_flower.jpg"])

    stranger = visit()
    stranger.goto(note)
    expect(stranger.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.get_by_role("link", name="Delete my account").click()
    expect(page.get_by_role("heading", name="What stays")).to_be_visible()
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_role("button", name="Keep my account")).to_be_visible()
    assert not scripts or inaccessible(page) == []
    with watch.expecting(404):
        answer = stranger.goto(note)
    assert answer
    assert answer.status == 404
    page.context.clear_cookies()
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your account will be deleted on")
    page.get_by_role("button", name="Keep my account").click()
    expect(page.get_by_text("Everything is as it was.")).to_be_visible()
    stranger.goto(note)
    expect(stranger.get_by_role("heading", level=1)).to_have_text(TITLE)

    page.goto("/settings/data/leaving/")
    page.get_by_role("button", name="Delete my account").click()
    give_password(page)
    expect(page.get_by_role("button", name="Keep my account")).to_be_visible()
    let_two_weeks_pass(alice)
    remove_leavers()
    run_jobs()
    assert not User.objects.exists()
    page.get_by_role("button", name="Keep my account").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
