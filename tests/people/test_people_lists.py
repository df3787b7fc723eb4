"""Followers, following, and saved notes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from notes.reactions.actions import collect
from people.actions.people import suspend_person
from profiles.models import Follow, User
from tests.builders import make_label, make_note, make_person, signed_in


def names(response: Any) -> list[str]:
    return [person.handle for person in response.context["page"].rows]


def test_followers_latest_first_with_label_and_button(alice: User, bob: User, charlie: User) -> None:
    make_label(bob, "Night library")
    Follow.objects.create(follower=charlie, followed=alice)
    response = signed_in(charlie).get("/@alice/followers/")
    assert names(response) == ["charlie", "bob"]
    page = response.content.decode()
    assert "Night library" in page
    assert 'formaction="/@bob/follow/"' in page
    assert 'formaction="/@charlie/follow' not in page, "one cannot follow oneself"


def test_following(client: Client, alice: User, bob: User) -> None:
    assert names(client.get("/@bob/following/")) == ["alice"]
    assert names(client.get("/@alice/following/")) == []
    assert "Nobody yet" in client.get("/@alice/following/").content.decode()
    assert "No followers yet" in client.get("/@bob/followers/").content.decode()


def test_the_suspended_are_in_no_list(client: Client, alice: User, bob: User, mona: User) -> None:
    suspend_person(person=bob, by=mona, reason="Spam")
    assert names(client.get("/@alice/followers/")) == []


@pytest.mark.parametrize(
    ("path", "make"),
    [
        ("/@alice/followers/", lambda alice, other: {"follower": other, "followed": alice}),
        ("/@alice/following/", lambda alice, other: {"follower": alice, "followed": other}),
    ],
)
def test_the_next_page_goes_on_where_this_one_ends(
    client: Client, alice: User, path: str, make: Callable[[User, User], dict[str, User]]
) -> None:
    people = [make_person() for _ in range(30)]
    for person in people:
        Follow.objects.create(**make(alice, person))
    first = client.get(path)
    cursor = first.context["page"].after
    assert f'href="?after={cursor}"' in first.content.decode()
    second = client.get(f"{path}?after={cursor}")
    assert names(first) + names(second) == [person.handle for person in reversed(people)]
    assert second.context["page"].after == ""


def test_a_spoilt_cursor_starts_at_the_top(client: Client, alice: User, bob: User) -> None:
    for cursor in ("x", "i1", "i1_", "t5_5", "i99999999999999999999_1"):
        assert names(client.get("/@alice/followers/", {"after": cursor})) == ["bob"]


def test_saved_notes_are_their_owners_business(client: Client, alice: User, bob: User) -> None:
    collect(person=bob, note=make_note(alice, "A window seat"))
    assert "A window seat" in signed_in(bob).get("/@bob/collections/").content.decode()
    for viewer in (None, alice):
        page = signed_in(viewer).get("/@bob/collections/")
        assert "A window seat" not in page.text
        assert "No collections here" in page.text
    assert "Nothing saved yet" in signed_in(alice).get("/@alice/collections/").content.decode()
