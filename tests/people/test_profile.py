import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notes.models import Note
from notes.moderation import hide_note
from notes.reactions.actions import collect, like
from people.actions.labels import hide_label
from people.actions.people import suspend_person
from profiles.models import User
from tests.builders import make_campus, make_draft, make_label, make_note, signed_in

PATH = "/@alice/"


def page(person: User | None, path: str = PATH) -> str:
    response = signed_in(person).get(path)
    assert response.status_code == 200
    return re.sub(r"\s+>", ">", response.content.decode())


def test_what_it_says_to_everybody(client: Client, alice: User, bob: User, charlie: User) -> None:
    User.objects.filter(pk=alice.pk).update(
        bio="Second-year.\nTea.", campus=make_campus(), stage="high_school"
    )
    make_label(alice, "Campus plog", topics=["café"], statement="Where to sit", audience="college")
    note = make_note(alice, "A window seat")
    like(person=bob, note=note)
    like(person=charlie, note=note)
    collect(person=bob, note=note)
    seen = page(None)
    for part in (
        "Alice An",
        "@alice",
        'href="/labels/campus-plog/"',
        "Where to sit",
        "Second-year.<br>Tea.",
        'href="/campuses/linhai-university/"',
        'href="/tags/caf%C3%A9/"',
        "For: College students",
        "<b>1</b><span>follower</span>",
        "<b>3</b><span>likes and saves</span>",
        "A window seat",
    ):
        assert part in seen, part
    assert "High school" not in seen, "a stage is never shown"
    assert alice.email not in seen


def test_a_handle_in_another_case_leads_to_the_page(client: Client, alice: User) -> None:
    response = client.get("/@ALICE/?after=i1_1")
    assert (response.status_code, response["Location"]) == (302, "/@alice/?after=i1_1")
    assert client.get("/@Alice/followers/")["Location"] == "/@alice/followers/"


@pytest.mark.parametrize("path", ["/@nobody_here/", "/@a/", "/@李夏夏/"])
def test_nobody(client: Client, alice: User, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_suspended_have_no_page(alice: User, bob: User, mona: User) -> None:
    suspend_person(person=alice, by=mona, reason="Spam")
    for viewer in (None, bob, mona):
        for path in (PATH, "/@alice/followers/", "/@alice/following/"):
            assert signed_in(viewer).get(path).status_code == 404


def test_follow_is_offered_to_others_alone(alice: User, bob: User, charlie: User) -> None:
    assert 'formaction="/@alice/follow/delete/"' in page(bob)
    assert 'formaction="/@alice/follow/"' in page(charlie)
    assert 'formaction="/@alice/follow/"' in page(None)
    own = page(alice)
    assert "/@alice/follow/" not in own
    assert "Edit profile" in own
    assert "Edit profile" not in page(bob)


def test_who_sees_which_notes(alice: User, bob: User, charlie: User, mona: User) -> None:
    for visibility in Note.Visibility.values:
        make_note(alice, f"For {visibility}", visibility=visibility)
    hide_note(note=make_note(alice, "A hidden one"), by=mona, reason="Spam")
    make_draft(alice, "A draft")
    sees = {
        None: ["For public"],
        charlie: ["For public"],
        bob: ["For public", "For followers"],
        alice: ["For public", "For followers", "For private", "A hidden one"],
    }
    titles = ["For public", "For followers", "For private", "A hidden one", "A draft"]
    for viewer, wanted in sees.items():
        seen = page(viewer)
        assert [title for title in titles if title in seen] == wanted, viewer


def test_labels_over_time_without_hidden_ones(alice: User, mona: User) -> None:
    now = timezone.now()
    for days, wording in ((700, "Lost fresher"), (500, "Rude words"), (300, "Canteen diary")):
        make_label(alice, wording, topics=[wording], declared_at=now - timedelta(days=days))
    hide_label(label=alice.positionings.get(wording="Rude words").label, by=mona, reason="Insults")
    make_note(alice, positioning=alice.positionings.current().get())
    seen = page(None)
    assert seen.index("Canteen diary") < seen.index("Lost fresher")
    assert "Rude words" not in seen
    assert "1 note</span>" in seen


def test_the_next_page_comes_by_cursor(alice: User) -> None:
    now = timezone.now()
    for number in range(30):
        make_note(alice, f"Number {number:02}", published_at=now - timedelta(minutes=number))
    client = Client()
    first = client.get(PATH)
    assert first.content.decode().count('class="card__link') == 24
    more = first.context["more_url"]
    second = client.get(PATH + more).content.decode()
    assert "Number 24" in second
    assert "Number 23" not in second
    fragment = client.get(PATH + more, headers={"HX-Request": "true"}).content.decode()
    assert "Number 29" in fragment
    assert "<html" not in fragment


def test_empty_pages_say_what_will_be_here(alice: User, bob: User) -> None:
    assert "Your first note goes here" in page(alice)
    assert "No notes yet" in page(bob)


def test_posting_is_405(alice: User) -> None:
    assert signed_in(alice).post(PATH).status_code == 405
