"""The main journey, seen by two people and a moderator: declare, post, see, respond, take down, restore."""

import os
import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from notes.models import Note, Photo
from profiles.models import User
from tests.browser.conftest import LAPTOP, PHONE, Visit, Watch
from tests.browser.pixels import is_photograph, says_nothing_of_its_camera, shown
from tests.browser.steps import confirm_address, edit_photos, sign_in_again, sign_up
from tests.servers import Process

pytestmark = pytest.mark.django_db(transaction=True)

LABEL = "Campus plog master"
TITLE = "Six hours in reading room 412"
STORY = "One leaf, no phone. #studyspot\n\nAsk @bob_reads where the window seat is."
CAMPUS = "Linhai University"
CHOSEN = ["sk_flower.jpg", "orient_P6.jpg", "gen_palette.png", "sk_china.webp"]
IN_ORDER = ["orient_P6.jpg", "sk_flower.jpg", "sk_china.webp", "gen_palette.png"]
COVER = "orient_P6.jpg"


@pytest.mark.parametrize(
    ("size", "step"),
    [
        pytest.param(PHONE, 4, id="phone, some places"),
        pytest.param(PHONE, 1, id="phone", marks=pytest.mark.long),
        pytest.param(LAPTOP, 1, id="laptop", marks=pytest.mark.long),
    ],
)
def test_two_people_and_a_moderator(
    visit: Visit,
    watch: Watch,
    worker: Process,
    album: dict[str, Path],
    mona: User,
    size: dict[str, int],
    step: int,
) -> None:
    """Once a moderator acts, look at every place where the note was found; in `make test` at three: a channel, the
    profile, what one saved.
    """
    motion = {"reduced_motion": "no-preference" if size == LAPTOP else "reduce"}
    alice, bob, moderator = visit(size=size, **motion), visit(size=size, **motion), visit(mona, LAPTOP)
    sign_up(bob, "bob_reads")
    bob.get_by_role("link", name="Finish later").click()
    sign_up(alice, "alice_an")
    declare_label(alice)
    compose(alice, album, by_drag=size == LAPTOP)
    with watch.expecting(403):
        alice.get_by_role("button", name="Publish").click()
        expect(alice.get_by_role("alert")).to_contain_text("Confirm your e-mail address to publish.")
    confirm_address(alice, "alice_an")
    path = publish_draft(alice, worker, album)

    bob.reload()
    find(bob, album)
    see(bob, album)
    walk(bob)
    answer(bob, watch)
    hear(alice, path)
    reply(alice, bob, path)
    places = find_everywhere(bob, path)[::-step]
    take_down(moderator, alice, bob, watch, path, places)
    suspend(moderator, alice, bob, watch, path, places, album)


def declare_label(page: Page) -> None:
    page.get_by_label("Label", exact=True).fill(LABEL)
    expect(page.locator("[data-count=id_label]")).to_have_text("18/32")
    expect(page.locator(".person .label")).to_contain_text(LABEL)
    page.get_by_label("What you post, and who it’s for").fill("One honest day a week, for people new here.")
    page.get_by_label("Topics").fill("plog, campus")
    page.get_by_role("radio", name="College students").check()
    page.get_by_role("button", name="Save label").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What should people call you?")
    page.get_by_role("link", name="Finish later").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Explore")


def compose(page: Page, album: dict[str, Path], *, by_drag: bool) -> None:
    """Chooses photos, sees them at once, brings them in order, chooses the cover, describes and writes."""
    page.locator("a[href='/notes/new/']").locator("visible=true").first.click()
    with page.expect_file_chooser() as chooser:
        page.locator("label.drop").click()
    chooser.value.set_files([album[name] for name in CHOSEN])
    items = page.locator(".photo-item")
    expect(items).to_have_count(4)
    expect(page.locator("[data-photo-list-count]")).to_have_text("4 / 18")
    edit_photos(page)
    for item in items.all():
        expect(item.locator("img")).not_to_have_js_property("naturalWidth", 0)
    for number, name in enumerate(CHOSEN):
        items.nth(number).get_by_role("textbox").fill(f"What {name} shows")

    bring_earlier(page, 2, by_drag=by_drag)
    button = items.nth(2).get_by_role("button", name="Move photo 3 later")
    button.focus()
    page.keyboard.press("Enter")
    expect(items.nth(3).get_by_role("button", name="Move photo 4 later")).to_be_focused()
    assert descriptions(page) == [f"What {name} shows" for name in IN_ORDER]
    expect(items.nth(1).get_by_role("radio", name="Cover")).to_be_checked()  # it stays with its photo
    items.nth(0).get_by_role("radio", name="Cover").check()

    page.get_by_label("Title").fill(TITLE)
    expect(page.locator("[data-count=id_title]")).to_have_text(f"{len(TITLE)}/40")
    page.get_by_label("Story").fill(STORY)
    page.get_by_label("Tags").fill("library, campus")
    page.get_by_label("Campus").fill(CAMPUS)
    page.get_by_label("Place").fill("Room 412")
    page.get_by_role("radio", name="Gifted").check()
    page.get_by_label("Brand’s name").fill("Leaf Tea")


def bring_earlier(page: Page, number: int, *, by_drag: bool) -> None:
    """The photo in this place, counted from 1, changes places with the one before it."""
    items = page.locator(".photo-item")
    if by_drag:
        items.nth(number - 1).locator("img").drag_to(items.nth(number - 2).locator("img"))
    else:
        items.nth(number - 1).get_by_role("button", name=f"Move photo {number} earlier").press("Enter")


def descriptions(page: Page) -> list[str]:
    return [item.get_by_role("textbox").input_value() for item in page.locator(".photo-item").all()]


def publish_draft(page: Page, worker: Process, album: dict[str, Path]) -> str:
    """Finds the draft as it was left, and publishes it while the worker is busy elsewhere."""
    page.get_by_role("link", name="Me", exact=True).locator("visible=true").click()
    expect(page.locator(".profile .label--display")).to_contain_text(LABEL)
    page.get_by_role("link", name="Drafts").click()
    page.get_by_role("link", name=TITLE, exact=True).click()
    expect(page.locator(".photo-item")).to_have_count(4)
    edit_photos(page)
    assert descriptions(page) == [f"What {name} shows" for name in IN_ORDER]
    expect(page.locator(".photo-item").nth(0).get_by_role("radio", name="Cover")).to_be_checked()
    expect(page.get_by_label("Brand’s name")).to_have_value("Leaf Tea")

    os.killpg(worker.popen.pid, signal.SIGSTOP)
    page.locator("input[name=photos]").set_input_files(album["orient_L6.jpg"])
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Your photos are being processed.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    os.killpg(worker.popen.pid, signal.SIGCONT)
    expect(page.get_by_text("Your photos are being processed.")).not_to_be_visible(timeout=90_000)
    expect(page.locator(".slide")).to_have_count(5)
    return page.url.removeprefix(page.evaluate("location.origin"))


def find(page: Page, album: dict[str, Path]) -> None:
    """On Explore, the card shows the cover that was chosen, and no trace of its camera."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Explore")
    card = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=TITLE))
    expect(card).to_contain_text("Gifted")
    cover = card.get_by_role("img", name=f"What {COVER} shows")
    picture = shown(cover)
    assert picture.width in {318, 480, 960}
    assert picture.height * 24 == picture.width * 32  # portrait, at the tallest a cover may be
    assert is_photograph(picture, album[COVER])
    assert not is_photograph(picture.rotate(180), album[COVER])
    assert says_nothing_of_its_camera(picture)
    card.get_by_role("link", name=TITLE).click()


def see(page: Page, album: dict[str, Path]) -> None:
    """On the note's page: the words, the label beside the author, and each photo as it was."""
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.locator(".person .label").locator("visible=true").first).to_contain_text(LABEL)
    expect(page.get_by_text("Gifted by Leaf Tea")).to_be_visible()
    expect(page.get_by_text("Room 412").last).to_be_visible()
    expect(page.get_by_role("link", name="@bob_reads")).to_have_attribute("href", "/@bob_reads/")
    for number, name in enumerate([*IN_ORDER, "orient_L6.jpg"]):
        picture = shown(page.locator(".slide").nth(number).locator("img"))
        assert is_photograph(picture, album[name]), name
        assert says_nothing_of_its_camera(picture), name
    for photo in Photo.objects.all():
        assert "original" not in {file.name for file in Path(photo_folder(photo)).iterdir()}


def photo_folder(photo: Photo) -> str:
    from django.core.files.storage import default_storage

    return default_storage.path(f"photos/{photo.folder}")


def walk(page: Page) -> None:
    """Through the photos by keys, then back by arrows, where there are arrows."""
    track = page.locator(".stage__track")
    track.focus()
    for number, keys in [
        (1, "Home"),
        (2, "ArrowRight"),
        (4, "ArrowRight ArrowRight"),
        (3, "ArrowLeft"),
        (5, "End"),
    ]:
        for key in keys.split():
            page.keyboard.press(key)
        expect(slide(page, number)).to_be_in_viewport(ratio=0.9)
        expect(page.locator(".thumbs [data-step]").nth(number - 1)).to_have_attribute("aria-current", "true")
    if page.viewport_size == LAPTOP:
        for number, name in [(4, "Previous photo"), (5, "Next photo")]:
            track.hover()
            page.get_by_role("button", name=name).click()
            expect(slide(page, number)).to_be_in_viewport(ratio=0.9)
    page.get_by_role("link", name="Photo 3", exact=True).click()
    # The line that asks a newcomer to confirm their address leaves a phone less room.
    expect(slide(page, 3)).to_be_in_viewport(ratio=0.6)


def slide(page: Page, number: int) -> Locator:
    return page.locator(".slide").nth(number - 1)


def answer(page: Page, watch: Watch) -> None:
    """Likes, saves, follows, and comments, for which the address has to be confirmed first."""
    note = page.url
    actions = page.locator(".actions__react")
    for name in ("Like", "Save"):
        actions.get_by_role("button", name=re.compile(name)).click()
        expect(actions.get_by_role("button", name=re.compile(f"^{name}: .+, 1$"))).to_have_attribute(
            "aria-pressed", "true"
        )
    follow = page.get_by_role("button", name=re.compile("^Follow")).locator("visible=true").first
    follow.click()
    expect(follow).to_have_attribute("aria-pressed", "true")

    with watch.expecting(403):
        say(page, "Is the window seat taken at nine?")
        expect(page.locator("#comment-error")).to_contain_text("Confirm your e-mail address")
    expect(page.get_by_label("Comment", exact=True)).to_have_value("Is the window seat taken at nine?")
    confirm_address(page, "bob_reads")
    page.goto(note)
    expect(actions.get_by_role("button", name=re.compile("^Like: .+, 1$"))).to_have_attribute(
        "aria-pressed", "true"
    )
    say(page, "Is the window seat taken at nine?")
    expect(page.get_by_role("heading", name="1 comment")).to_be_visible()


def say(page: Page, words: str) -> None:
    page.get_by_label("Comment", exact=True).fill(words)
    page.get_by_role("button", name="Send", exact=True).click()


def hear(page: Page, path: str) -> None:
    """Alice sees it all, in her own browser."""
    page.goto(path)
    actions = page.locator(".actions__react")
    expect(actions.get_by_role("button", name=re.compile("^Like: .+, 1$"))).to_have_attribute(
        "aria-pressed", "false"
    )
    expect(actions.get_by_role("button", name=re.compile("^Save: .+, 1$"))).to_have_attribute(
        "aria-pressed", "false"
    )
    expect(page.locator(".person .label").locator("visible=true").first).to_contain_text(LABEL)
    expect(page.locator(".comment")).to_contain_text("Is the window seat taken at nine?")
    page.goto("/@alice_an/")
    page.get_by_role("link", name="1 follower").click()
    expect(page.locator(".rows .person__name")).to_have_text("bob_reads")


def reply(alice: Page, bob: Page, path: str) -> None:
    alice.goto(path)
    alice.get_by_role("link", name="Reply bob_reads").click()
    expect(alice.get_by_text("Replying to bob_reads")).to_be_visible()
    say(alice, "Never before ten.")
    expect(alice.locator(".comment__replies .comment")).to_contain_text("Never before ten.")
    bob.goto(path)
    expect(bob.locator(".comment__replies .tag-author")).to_have_text("Author")
    bob.get_by_role("link", name="Reply alice_an").click()
    say(bob, "Then I will be there at nine.")
    replies = bob.locator(".comment__replies .comment")
    expect(replies).to_have_count(2)
    expect(replies.last).to_contain_text("Then I will be there at nine.")
    expect(bob.get_by_role("heading", name="3 comments")).to_be_visible()


def find_everywhere(page: Page, path: str) -> list[str]:
    """The lists in which Bob finds the note, following the links a reader has."""
    card = page.get_by_role("link", name=TITLE)
    places = []
    for names in (["Following"], ["Me", "Saved"]):  # on phones Saved is a tab of one's own profile
        page.goto("/")
        for name in names:
            page.get_by_role("link", name=name, exact=True).locator("visible=true").first.click()
        expect(card).to_be_visible()
        places.append(page.url)
    for open_ in (
        lambda: page.locator(".prose").get_by_role("link", name="#studyspot").click(),
        lambda: page.get_by_role("link", name="#library").click(),
        lambda: page.get_by_role("link", name=CAMPUS).click(),
    ):
        page.goto(path)
        open_()
        expect(card).to_be_visible()
        places.append(page.url)
    page.goto("/@alice_an/")
    expect(card).to_be_visible()
    places.append(page.url)
    page.locator(".profile__label").get_by_role("link", name=LABEL).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(LABEL)
    expect(page.locator(".rows .person__name")).to_have_text("alice_an")
    expect(card).to_be_visible()
    return [*places, page.url, "/", "/?sort=latest", "/?channel=studyspot"]


def take_down(moderator: Page, alice: Page, bob: Page, watch: Watch, path: str, places: list[str]) -> None:
    """A moderator hides the note with a reason: gone for Bob everywhere, at the next request; then restores it."""
    files = media(bob)
    moderator.goto("/admin/notes/note/")
    moderator.get_by_role("link", name=TITLE).click()
    moderator.get_by_role("button", name="Hide").click()
    moderator.get_by_label("Reason").fill("It does not say what was gifted.")
    moderator.get_by_role("button", name="Hide").click()
    expect(moderator.get_by_text("Hidden: 1")).to_be_visible()

    with watch.expecting(404):
        assert bob.goto(path).status == 404
    with watch.expecting(404):  # tags and a campus that nothing public names have no page
        for place in places:
            bob.goto(place)
            expect(bob.get_by_role("heading", level=1)).to_be_attached()
            expect(bob.get_by_role("link", name=TITLE)).to_have_count(0)
    assert {bob.request.get(file).status for file in files} == {404}

    alice.goto(path)
    expect(alice.get_by_role("status").filter(has_text="hidden")).to_contain_text(
        "It does not say what was gifted."
    )
    expect(alice.locator(".slide img").first).not_to_have_js_property("naturalWidth", 0)

    moderator.get_by_role("button", name="Restore").click()
    expect(moderator.get_by_text("Restored: 1")).to_be_visible()
    back_everywhere(bob, places)
    assert {bob.request.get(file).status for file in files} == {404}


def suspend(
    moderator: Page,
    alice: Page,
    bob: Page,
    watch: Watch,
    path: str,
    places: list[str],
    album: dict[str, Path],
) -> None:
    """A moderator suspends Alice: all of it is gone, her session too; then restores her."""
    files = media(bob)
    moderator.goto("/admin/profiles/user/")
    moderator.get_by_role("link", name="alice_an").first.click()
    moderator.get_by_role("button", name="Suspend").click()
    moderator.get_by_label("Reason").fill("Three warnings in a week.")
    moderator.get_by_role("button", name="Suspend").click()
    expect(moderator.get_by_text("Suspended: 1")).to_be_visible()

    profile = next(place for place in places if "/@alice_an/" in place)
    with watch.expecting(404):
        assert bob.goto(path).status == 404
        assert bob.goto(profile).status == 404
    with watch.expecting(404):
        for place in set(places) - {profile}:
            bob.goto(place)
            expect(bob.get_by_role("heading", level=1)).to_be_attached()
            expect(bob.get_by_role("link", name=TITLE)).to_have_count(0)
            expect(bob.get_by_text("alice_an")).to_have_count(0)
    assert {bob.request.get(file).status for file in files} == {404}
    alice.goto("/settings/profile/")
    expect(alice.get_by_role("heading", level=1)).to_have_text("Welcome back")

    moderator.get_by_role("button", name="Restore").click()
    expect(moderator.get_by_text("Restored: 1")).to_be_visible()
    sign_in_again(alice, "alice_an")
    back_everywhere(bob, places)
    cover = bob.goto("/") and bob.get_by_role("img", name=f"What {COVER} shows")
    assert is_photograph(shown(cover), album[COVER])
    note = Note.objects.get()
    assert (note.like_count, note.collect_count, note.comment_count) == (1, 1, 3)


def media(page: Page) -> list[str]:
    """Addresses of the cover and of a photo, as Bob's browser has them."""
    page.goto("/")
    return [page.locator(".card__media img").get_attribute("src"), *renditions()]


def renditions() -> list[str]:
    return [f"{photo.base}{photo.roles[0]}.avif" for photo in Photo.objects.all()]


def back_everywhere(page: Page, places: list[str]) -> None:
    for place in places:
        page.goto(place)
        expect(page.get_by_role("link", name=TITLE)).to_be_visible()
