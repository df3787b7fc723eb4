from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import IntegrityError
from django.test import Client

from people.actions.people import suspend_person
from profiles.models import Follow, User
from tests.builders import make_person, signed_in

FOLLOW, UNFOLLOW = "/@alice/follow/", "/@alice/follow/delete/"
HTMX = {"HX-Request": "true"}


def counts(person: User) -> tuple[int, int]:
    person.refresh_from_db()
    return person.follower_count, person.following_count


def test_following_twice_is_once(alice: User, charlie: User) -> None:
    client = signed_in(charlie)
    for _ in range(2):
        response = client.post(FOLLOW)
        assert (response.status_code, response["Location"]) == (303, "/@alice/")
    assert Follow.objects.get().follower == charlie
    assert (counts(alice), counts(charlie)) == ((1, 0), (0, 1))


def test_unfollowing_twice_is_once(alice: User, bob: User) -> None:
    client = signed_in(bob)
    for _ in range(2):
        assert client.post(UNFOLLOW).status_code == 303
    assert (counts(alice), counts(bob)) == ((0, 0), (0, 0))


def test_back_to_the_page_the_button_stood_on(alice: User, charlie: User) -> None:
    response = signed_in(charlie).post(FOLLOW, {"next": "/@alice/followers/?after=i9_9"})
    assert response["Location"] == f"/@alice/followers/?after=i9_9#person-{alice.pk}", "at their row"


def test_people_in_rows_can_be_come_back_to(alice: User, bob: User, charlie: User) -> None:
    assert f'id="person-{bob.pk}"' in signed_in(charlie).get("/@alice/followers/").text


def test_htmx_gets_the_button_alone(alice: User, charlie: User) -> None:
    client = signed_in(charlie)
    pressed = client.post(FOLLOW, headers=HTMX).content.decode()
    assert 'aria-pressed="true"' in pressed
    assert 'formaction="/@alice/follow/delete/"' in pressed
    assert "<html" not in pressed
    assert 'aria-pressed="false"' in client.post(UNFOLLOW, headers=HTMX).content.decode()


def test_visitors_sign_in_and_come_back(client: Client, alice: User) -> None:
    response = client.post(FOLLOW, {"next": "/@alice/"})
    assert parse_qs(urlsplit(response["Location"]).query)["next"][0].startswith("/@alice/?pressed=")
    assert not Follow.objects.exists()


@pytest.mark.parametrize("path", [FOLLOW, UNFOLLOW])
def test_reading_follows_nobody(alice: User, charlie: User, path: str) -> None:
    assert signed_in(charlie).get(path).status_code == 405
    assert not Follow.objects.exists()


def test_nobody_follows_themselves_or_nobody(alice: User) -> None:
    client = signed_in(alice)
    assert client.post(FOLLOW).status_code == 404
    assert client.post("/@nobody_here/follow/").status_code == 404
    assert not Follow.objects.exists()


def test_the_suspended_cannot_be_followed(alice: User, charlie: User, mona: User) -> None:
    suspend_person(person=alice, by=mona, reason="Spam")
    assert signed_in(charlie).post(FOLLOW).status_code == 404


def test_a_person_who_was_just_deleted_is_404(alice: User, charlie: User) -> None:
    with patch("people.actions.follows.follow", side_effect=IntegrityError):
        assert signed_in(charlie).post(FOLLOW).status_code == 404


def test_a_handle_in_another_case_follows_too(alice: User, charlie: User) -> None:
    assert signed_in(charlie).post("/@ALICE/follow/").status_code == 303
    assert Follow.objects.count() == 1


def test_without_the_forms_token_nothing_happens(alice: User, charlie: User) -> None:
    client = signed_in(charlie, enforce_csrf_checks=True)
    assert client.post(FOLLOW).status_code == 403
    page = client.get("/@alice/")
    assert 'formaction="/@alice/follow/"' in page.content.decode()
    token: Any = page.context["csrf_token"]
    assert client.post(FOLLOW, {"csrfmiddlewaretoken": str(token)}).status_code == 303


def test_deleting_a_person_mends_the_counters(alice: User, bob: User) -> None:
    other = make_person()
    Follow.objects.create(follower=other, followed=alice)
    bob.delete()
    assert counts(alice) == (1, 0)
