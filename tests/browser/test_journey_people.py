"""Following, approving, blocking, asking why, muting, reporting and taking a suggestion, on a phone and a laptop,
with scripts and without.
"""

import re
from dataclasses import dataclass

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from moderation.models import Report
from notes.explore.epochs import write_epoch
from notes.models import Note
from people.actions.moderators import appoint
from profiles.models import Follow, User
from tests.browser.conftest import LAPTOP, PHONE, Visit, Watch
from tests.builders import make_campus, make_comment, make_note, make_person

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "A window seat in the library"


@dataclass
class People:
    alice: Page
    bob: Page


OTHERS = [pytest.param(way, marks=pytest.mark.long) for way in ("phone, plain", "laptop", "laptop, plain")]


@pytest.fixture(params=["phone", *OTHERS])
def people(request: pytest.FixtureRequest, visit: Visit) -> People:
    """Alice and Bob, each in a browser of their own."""
    size, scripts = (PHONE if "phone" in request.param else LAPTOP), "plain" not in request.param
    alice, bob = make_person("alice", name="Alice An"), make_person("bob", name="Bob Bai")
    pages = [visit(person, size, java_script_enabled=scripts) for person in (alice, bob)]
    return People(*pages)


def of(handle: str) -> User:
    return User.objects.get(handle=handle)


def choose(page: Page, role: str, name: str) -> None:
    """From the menu of a note or a profile."""
    page.get_by_role("button", name="More", exact=True).locator("visible=true").first.click()
    page.get_by_role(role, name=name, exact=True).locator("visible=true").click()  # type: ignore[arg-type]


def test_following_with_approval(people: People, watch: Watch) -> None:
    make_note(of("alice"), TITLE)
    alice, bob = people.alice, people.bob
    alice.goto("/settings/privacy/")
    alice.get_by_label("Approve who follows me").check()
    with watch.expecting(422):
        alice.get_by_role("button", name="Save privacy").click()
        expect(
            alice.get_by_text(
                "1 public note of yours will be for followers only. Save again if you mean it.", exact=True
            )
        ).to_be_visible()
    assert Note.objects.get().visibility == "public"
    alice.get_by_role("button", name="Save privacy").click()
    expect(alice.get_by_text("Privacy saved")).to_be_visible()

    bob.goto("/@alice/")
    expect(bob.get_by_role("heading", name="For followers")).to_be_visible()
    bob.get_by_role("button", name="Follow Alice An").click()
    asked = bob.get_by_role("button", name="Requested Alice An")
    expect(asked).to_have_attribute("formaction", "/@alice/follow/delete/")
    asked.click()
    follow = bob.get_by_role("button", name="Follow Alice An")
    expect(follow).to_have_attribute("formaction", "/@alice/follow/")
    follow.click()
    expect(asked).to_have_attribute("formaction", "/@alice/follow/delete/")
    assert not Follow.objects.exists()

    alice.goto("/@alice/")
    alice.get_by_role("link", name="Requests 1").click()
    expect(alice.get_by_role("link", name="Bob Bai")).to_be_visible()
    alice.get_by_role("button", name="Approve Bob Bai").click()
    expect(alice.get_by_role("heading", name="No requests")).to_be_visible()
    for place in ("/following/", "/@alice/"):
        bob.goto(place)
        expect(bob.get_by_role("link", name=TITLE)).to_be_visible()
    expect(bob.get_by_role("button", name="Following Alice An")).to_be_visible()


def test_declining(people: People) -> None:
    User.objects.filter(handle="alice").update(approves_followers=True)
    people.bob.goto("/@alice/")
    people.bob.get_by_role("button", name="Follow Alice An").click()
    expect(people.bob.get_by_role("button", name="Requested Alice An")).to_have_attribute(
        "formaction", "/@alice/follow/delete/"
    )
    people.alice.goto("/settings/requests/")
    people.alice.get_by_role("button", name="Decline Bob Bai").click()
    expect(people.alice.get_by_role("heading", name="No requests")).to_be_visible()
    people.bob.goto("/@alice/")
    expect(people.bob.get_by_role("button", name="Follow Alice An")).to_be_visible()


def test_blocking_and_letting_go(people: People, watch: Watch) -> None:
    note = make_note(of("alice"), TITLE)
    make_comment(of("bob"), note, "Rude words")
    Follow.objects.create(follower=of("bob"), followed=of("alice"))
    alice, bob = people.alice, people.bob
    alice.goto(note.get_absolute_url())
    expect(alice.get_by_text("Rude words").first).to_be_visible()
    alice.get_by_role("link", name="Bob Bai").first.click()
    choose(alice, "link", "Block")
    alice.get_by_role("button", name="Block", exact=True).click()
    expect(alice).to_have_url(re.compile("/settings/privacy/blocked/$"))
    expect(alice.get_by_text("You and Bob Bai no longer see each other.")).to_be_visible()

    with watch.expecting(404):
        for page, path in ((bob, note.get_absolute_url()), (bob, "/@alice/"), (alice, "/@bob/")):
            answer = page.goto(path)
            assert answer
            assert answer.status == 404
    bob.goto("/")
    expect(bob.get_by_role("link", name=TITLE)).to_have_count(0)
    alice.goto(note.get_absolute_url())
    expect(alice.get_by_text("Rude words")).to_have_count(0)
    expect(alice.get_by_role("heading", name="1 comment")).to_be_visible()
    expect(alice.get_by_text("Some comments are not shown.")).to_be_visible()

    alice.goto("/settings/privacy/")
    alice.get_by_role("link", name="Manage People you have blocked").click()
    alice.get_by_role("button", name="Unblock Bob Bai").click()
    expect(alice.get_by_role("heading", name="No blocked people")).to_be_visible()
    bob.goto("/@alice/")
    expect(bob.get_by_role("button", name="Follow Alice An")).to_be_visible()


def test_asking_why_then_muting_and_hearing_again(people: People) -> None:
    note = make_note(of("alice"), TITLE)
    Follow.objects.create(follower=of("bob"), followed=of("alice"))
    write_epoch(made_at=timezone.now())
    people.alice.goto(note.get_absolute_url())
    expect(people.alice.get_by_role("link", name="Opened by 0 of its first 100 readers")).to_be_visible()
    bob = people.bob
    bob.goto("/")
    bob.get_by_role("link", name=TITLE).click()
    choose(bob, "link", "Why am I seeing this?")
    expect(bob.get_by_role("heading", level=1)).to_have_text("Why am I seeing this?")
    expect(bob.get_by_text("You follow Alice An.")).to_be_visible()
    *parts, total = (int(said.replace(".", "")) for said in bob.locator(".why__number").all_text_contents())
    assert sum(parts) == total > 0
    bob.get_by_role("link", name=TITLE).click()
    expect(bob.get_by_role("heading", level=1)).to_have_text(TITLE)
    bob.goto("/@alice/")
    choose(bob, "button", "Mute")
    expect(bob.get_by_text("You won’t see Alice An in your lists any more.")).to_be_visible()
    bob.goto("/")
    expect(bob.get_by_role("link", name=TITLE)).to_have_count(0)
    bob.goto(note.get_absolute_url())
    expect(bob.get_by_role("heading", level=1)).to_have_text(TITLE)
    bob.goto("/settings/privacy/muted/")
    bob.get_by_role("button", name="Unmute Alice An").click()
    expect(bob.get_by_text("People you mute are listed here")).to_be_visible()
    bob.goto("/")
    expect(bob.get_by_role("link", name=TITLE)).to_be_visible()

    bob.goto("/settings/privacy/muted/")
    bob.get_by_label("Words or #tags").fill("LIBRARY")
    bob.get_by_role("button", name="Mute", exact=True).click()
    expect(bob.get_by_text("“LIBRARY” won’t appear in your lists any more.")).to_be_visible()
    bob.goto("/")
    expect(bob.get_by_role("link", name=TITLE)).to_have_count(0)
    bob.goto("/settings/privacy/muted/")
    bob.get_by_role("button", name="Unmute LIBRARY").click()
    expect(bob.get_by_role("button", name="Unmute LIBRARY")).to_have_count(0)
    bob.goto("/")
    expect(bob.get_by_role("link", name=TITLE)).to_be_visible()


def test_following_a_suggestion(visit: Visit) -> None:
    campus = make_campus()
    bob = visit(make_person("bob", name="Bob Bai", campus=campus), PHONE)
    for handle, name in (("alice", "Alice An"), ("other", "Otto Other")):
        make_note(make_person(handle, name=name, campus=campus), TITLE, campus=campus)
    bob.goto("/following/")
    expect(bob.get_by_role("heading", name="People you might like to follow")).to_be_visible()
    bob.get_by_role("link", name="Find people").click()
    expect(bob.get_by_role("listitem").filter(has_text="Alice An")).to_contain_text("On your campus")
    bob.get_by_role("button", name="Not interested Otto Other").click()
    expect(bob.get_by_text("Otto Other is not suggested to you again.")).to_be_visible()
    expect(bob.get_by_role("link", name="Otto Other")).to_have_count(0)
    bob.get_by_role("button", name="Follow Alice An").click()
    expect(bob.get_by_role("button", name="Following Alice An")).to_have_attribute(
        "formaction", "/@alice/follow/delete/"
    )
    bob.goto("/following/")
    expect(bob.get_by_role("link", name=TITLE)).to_have_count(1)


def test_reporting(people: People, visit: Visit, watch: Watch) -> None:
    note = make_note(of("alice"), TITLE, visibility="followers")
    Follow.objects.create(follower=of("bob"), followed=of("alice"))
    make_comment(of("alice"), note, "Buy my phones")
    bob = people.bob
    bob.goto(note.get_absolute_url())
    choose(bob, "link", "Report")
    heading = bob.get_by_role("heading", name="Report this note")
    expect(heading).to_be_visible()
    if dialog := bob.locator("dialog[open]").count():
        expect(heading).to_be_focused()
        bob.keyboard.press("Escape")
        expect(heading).to_have_count(0)
        choose(bob, "link", "Report")
    bob.get_by_label("Anything we should know?").fill("She sells phones.")
    bob.get_by_label("Spam or a scam").check()
    bob.get_by_role("button", name="Send report").click()
    expect(bob.get_by_text("Thank you. A moderator will read it.")).to_be_visible()
    bob.get_by_role("button", name="More about the comment by Alice An").click()
    bob.get_by_role("link", name="Report Alice An").click()
    expect(bob.get_by_role("blockquote")).to_have_text("Alice An Buy my phones")
    if dialog:
        expect(bob).to_have_url(re.compile(note.get_absolute_url()))
        bob.get_by_label("Anything we should know?").fill("x" * 501)
        bob.get_by_label("Something else").check()
        with watch.expecting(422):
            bob.get_by_role("button", name="Send report").click()
            expect(bob.get_by_text("This is 1 character too long.")).to_be_visible()
        bob.get_by_label("Anything we should know?").fill("")
    bob.get_by_label("Something else").check()
    bob.get_by_role("button", name="Send report").click()
    expect(bob.get_by_role("blockquote")).to_have_count(0)
    expect(bob.get_by_role("heading", level=1)).to_have_text(TITLE)
    assert Report.objects.open().count() == 2

    mona = make_person("mona", name="Mona Mao")
    appoint(person=mona)
    desk = visit(mona)
    desk.goto("/admin/moderation/report/?closed=no")
    desk.get_by_role("link", name=f"note {note.pk}").click()
    expect(desk.get_by_text(TITLE).first).to_be_visible()
    desk.goto("/admin/moderation/report/?closed=no")
    desk.locator("#result_list").get_by_role("link", name="Spam or a scam").click()
    desk.get_by_role("button", name="Close report").click()
    desk.get_by_label("Reason").fill("The note is about a chair.")
    desk.get_by_role("button", name="Close report").click()
    assert Report.objects.open().count() == 1
