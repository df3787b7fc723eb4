"""Uploads while the author types: over a slow connection that drops, through a reload, from two windows."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from notes.models import Note, Photo, Upload
from profiles.models import User
from tests.browser.conftest import LAPTOP, PHONE, Visit, Watch
from tests.browser.measuring import inaccessible
from tests.browser.pixels import is_photograph, shown
from tests.builders import make_note, make_photo, picture
from tests.imaging.images import segment
from tests.servers import Process, run_jobs

pytestmark = pytest.mark.django_db(transaction=True)

CHOSEN = ["gen_palette.png", "orient_P6.jpg", "orient_L6.jpg", "sk_flower.jpg", "sk_china.webp"]
BYTES_A_SECOND = 150_000
PREVIEWS_AT_MOST = 480


class Connection:
    """A phone's connection, as the DevTools protocol has it."""

    def __init__(self, page: Page) -> None:
        self.devtools: CDPSession = page.context.new_cdp_session(page)
        self.devtools.send("Network.enable")

    def slow(self, bytes_a_second: int = BYTES_A_SECOND) -> None:
        self._be(offline=False, upload=bytes_a_second)

    def drop(self) -> None:
        self._be(offline=True, upload=-1)

    def _be(self, *, offline: bool, upload: int) -> None:
        conditions = {"offline": offline, "latency": 40, "downloadThroughput": -1, "uploadThroughput": upload}
        self.devtools.send("Network.emulateNetworkConditions", conditions)


def choose(page: Page, *photographs: Path) -> None:
    page.locator("input[name=photos]").set_input_files(photographs)


def said(page: Page) -> Locator:
    return page.locator("#uploads [role=status]")


def in_state(page: Page, state: str) -> Locator:
    return page.locator(f".photo-item[data-state={state}]")


def up(page: Page) -> Locator:
    return page.locator(".photo-item:not([data-state])")


def lose_the_first_answer(page: Page) -> list[int]:
    """Of the server to an upload: it was sent, and never comes. Gives the status of each answer, as they come."""
    devtools = page.context.new_cdp_session(page)
    answers: list[int] = []

    def pass_on(paused: dict[str, Any]) -> None:
        answers.append(paused["responseStatusCode"])
        request = {"requestId": paused["requestId"]}
        if len(answers) == 1:
            devtools.send("Fetch.failRequest", request | {"errorReason": "ConnectionReset"})
        else:
            devtools.send("Fetch.continueRequest", request)

    devtools.on("Fetch.requestPaused", pass_on)
    devtools.send("Fetch.enable", {"patterns": [{"urlPattern": "*/uploads/", "requestStage": "Response"}]})
    return answers


@pytest.mark.parametrize(
    "size", [pytest.param(PHONE, id="phone"), pytest.param(LAPTOP, id="laptop", marks=pytest.mark.long)]
)
def test_a_slow_connection_that_drops_and_a_reload(
    visit: Visit, watch: Watch, worker: Process, alice: User, album: dict[str, Path], size: dict[str, int]
) -> None:
    page, last = visit(alice, size), album[CHOSEN[4]]
    page.goto("/notes/new/")
    connection = Connection(page)
    connection.slow()
    choose(page, *(album[name] for name in CHOSEN[:4]))
    expect(page.locator(".photo-item")).to_have_count(4)
    expect(in_state(page, "sending")).to_have_count(3)
    expect(in_state(page, "waiting")).to_have_count(1)
    expect(said(page)).to_have_text(re.compile(r"^\d of 4 photos uploaded$"))
    page.get_by_label("Title").fill("A slow morning")

    with watch.without_connection():
        connection.drop()  # Chromium lets end what was on its way
        lost = in_state(page, "lost")
        expect(lost).to_have_count(1)
        expect(lost.get_by_role("alert")).to_have_text(
            "No connection. The upload continues once you’re back online."
        )
        expect(lost.get_by_role("button", name="Try photo 4 again")).to_be_visible()
        assert inaccessible(page) == []
        page.get_by_label("Story").fill("The train was in a tunnel.")
        connection.slow()
        expect(up(page)).to_have_count(4)
    expect(page).to_have_url(re.compile(r"/notes/\d+/edit/$"))
    expect(said(page)).to_have_text("All photos uploaded")
    expect(page.locator("[data-kept]")).to_contain_text("Draft saved")

    connection.slow(last.stat().st_size // 60)  # it takes a minute, however large it is
    choose(page, last)
    expect(in_state(page, "sending")).to_have_count(1)
    page.get_by_label("Place").fill("Platform 2")
    page.reload()
    expect(page.get_by_text(f"Choose these photos again: {CHOSEN[4]}")).to_be_visible()
    expect(page.locator(".photo-item")).to_have_count(4)
    for label, words in (
        ("Title", "A slow morning"),
        ("Story", "The train was in a tunnel."),
        ("Place", "Platform 2"),
    ):
        expect(page.get_by_label(label)).to_have_value(words)

    connection.slow(last.stat().st_size // 4)
    choose(page, last)
    page.get_by_role("button", name="Publish").click()
    expect(said(page)).to_have_text("4 of 5 photos uploaded. Your note is sent when all are done.")
    expect(page.get_by_role("heading", level=1)).to_have_text("A slow morning", timeout=30_000)
    expect(page.get_by_text("Your photos are being processed.")).not_to_be_visible(timeout=90_000)
    for number, name in enumerate(CHOSEN):
        assert is_photograph(shown(page.locator(".slide").nth(number).locator("img")), album[name]), name
    note = Note.objects.get()
    assert (note.status, note.body, note.place) == ("published", "The train was in a tunnel.", "Platform 2")
    assert set(Photo.objects.values_list("note", flat=True)) == {note.pk}, "Nothing came twice."


def test_an_answer_that_was_lost(visit: Visit, watch: Watch, alice: User, album: dict[str, Path]) -> None:
    """The server has the photo and the browser does not know: it sends it again, and there is one."""
    page = visit(alice, LAPTOP)
    page.goto("/notes/new/")
    answers = lose_the_first_answer(page)
    with watch.without_connection():
        choose(page, album["sk_flower.jpg"])
        expect(in_state(page, "lost").get_by_role("alert")).to_have_text("Upload failed.")
        page.get_by_role("textbox", name="Describe photo 1").fill("A dahlia")
        page.get_by_role("button", name="Try photo 1 again").press("Enter")
        expect(page.get_by_role("button", name="Cancel photo 1")).to_be_focused()
        expect(up(page)).to_have_count(1)
    expect(page.get_by_role("button", name="Remove photo 1")).to_be_focused()
    expect(page.get_by_role("textbox", name="Describe photo 1")).to_have_value("A dahlia")
    assert answers == [200, 200]
    assert Photo.objects.count() == Upload.objects.count() == 1


def test_what_is_refused_repeated_and_cancelled(
    visit: Visit, watch: Watch, alice: User, album: dict[str, Path], tmp_path: Path
) -> None:
    bad = tmp_path / "notes.jpg"
    bad.write_text("No photo.")
    heavy = tmp_path / "film.jpg"
    with heavy.open("wb") as file:
        file.truncate(26 * 2**20)
    page = visit(alice, LAPTOP)
    page.goto("/notes/new/")
    with watch.expecting(422):
        choose(page, album["sk_flower.jpg"], bad, heavy, album["sk_flower.jpg"])
        expect(page.get_by_text("“sk_flower.jpg” is already here, so it wasn’t added again.")).to_be_visible()
        expect(page.locator(".photo-item")).to_have_count(3)
        refused = in_state(page, "refused")
        expect(refused.nth(0).get_by_role("alert")).to_contain_text("“notes.jpg” is not a photo we can read.")
    expect(refused.nth(1).get_by_role("alert")).to_have_text("“film.jpg” is larger than 25 MB.")
    expect(up(page)).to_have_count(1)
    assert inaccessible(page) == []

    page.get_by_label("Title").fill("One flower")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Remove the photos that failed, then send again.")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel photo 2")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Cancel photo 2")).to_be_focused()  # that was the third
    page.keyboard.press("Enter")
    expect(page.locator(".photo-item")).to_have_count(1)

    Connection(page).slow(20_000)
    choose(page, album["orient_P6.jpg"])
    expect(in_state(page, "sending")).to_have_count(1)
    page.get_by_role("button", name="Cancel photo 2").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One flower")
    note = Note.objects.get()
    assert [photo.note for photo in Photo.objects.all()] == [note]
    assert note.photos.count() == 1


def test_two_windows_keep_each_others_work(
    visit: Visit, alice: User, album: dict[str, Path], watch: Watch
) -> None:
    one = visit(alice, LAPTOP)
    one.goto("/notes/new/")
    one.get_by_label("Title").fill("From one window")
    choose(one, album["sk_flower.jpg"])
    expect(one.locator("[data-kept]")).to_contain_text("Draft saved")
    draft = Note.objects.get()

    two = one.context.new_page()
    two.goto("/notes/new/")
    two.get_by_role("link", name="Continue").click()
    expect(two.get_by_label("Title")).to_have_value("From one window")
    two.get_by_label("Story").fill("Written in the other.")
    choose(two, album["orient_P6.jpg"])
    expect(up(two)).to_have_count(2)
    expect(two.locator("[data-kept]")).to_contain_text("Draft saved")

    with watch.expecting(409):
        one.get_by_label("Story").fill("Written in the first.")
        expect(one.locator("[data-kept]")).to_contain_text("Changed in another window")
        draft.refresh_from_db()
        assert (draft.body, draft.photos.count()) == ("Written in the other.", 2)
        one.get_by_role("button", name="Save draft").click()
        expect(one.locator("form [role=alert]").first).to_contain_text("Save again to replace those changes.")
    expect(one.get_by_label("Story")).to_have_value("Written in the first.")
    one.get_by_role("button", name="Save draft").click()
    expect(one.get_by_text("Draft saved", exact=True)).to_be_visible()
    draft.refresh_from_db()
    assert (draft.title, draft.body, draft.photos.count()) == ("From one window", "Written in the first.", 2)


def test_eighteen_large_photos_are_seen_small(visit: Visit, alice: User, tmp_path: Path) -> None:
    """No preview is a twelve megapixel picture: a phone holds eighteen of these."""
    large = picture((4000, 3000))
    photos = [tmp_path / f"{number:02}.jpg" for number in range(19)]
    for number, photo in enumerate(photos):
        photo.write_bytes(large[:2] + segment(0xFE, bytes([number])) + large[2:])
    page = visit(alice, PHONE)
    page.goto("/notes/new/")
    choose(page, *photos)
    expect(page.get_by_text("A note holds 18 photos. The others were left out.")).to_be_visible(
        timeout=90_000
    )
    expect(up(page)).to_have_count(18, timeout=90_000)
    expect(page.locator(".photo-item img[src]")).to_have_count(18, timeout=90_000)
    previews = page.locator(".photo-item img").evaluate_all(
        "(all) => Promise.all(all.map((img) => img.decode().then(() => [img.naturalWidth, img.src])))"
    )
    assert {width for width, _ in previews} == {PREVIEWS_AT_MOST}
    assert len({src for _, src in previews}) == 18
    assert Note.objects.get().photos.count() == 18


def test_a_note_that_is_out_gains_photos_when_it_is_saved(
    visit: Visit, alice: User, album: dict[str, Path]
) -> None:
    note = make_note(alice, "Out")
    first = note.cover = make_photo(alice, note=note, with_files=True)
    note.save()
    page = visit(alice, LAPTOP)
    page.goto(f"{note.get_absolute_url()}edit/")
    choose(page, album["sk_flower.jpg"], album["orient_P6.jpg"])
    expect(up(page)).to_have_count(3)
    expect(page).to_have_url(re.compile(r"/edit/$"))
    page.get_by_role("button", name="Remove photo 3").click()
    page.get_by_role("button", name="Move photo 2 earlier").click()
    assert list(note.photos.all()) == [first]
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Your changes appear as soon as the new photos are ready.")).to_be_visible()
    assert list(note.photos.all()) == [first]
    run_jobs()
    assert [photo.width for photo in note.photos.all()] == [640, first.width]
    assert note.photos.last() == first
    assert Photo.objects.count() == 2
