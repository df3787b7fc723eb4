import re
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from profiles.models import User
from tests.builders import PASSWORD, make_note, signed_in

pytestmark = pytest.mark.django_db


def sign_in(client: Client, login: str = "alice@campus.test", password: str = PASSWORD, **more: str) -> Any:
    return client.post("/accounts/login/", {"login": login, "password": password, **more})


def test_signing_in_by_address_in_any_case(client: Client, alice: User) -> None:
    response = sign_in(client, "ALICE@campus.test")
    assert (response.status_code, response["Location"]) == (302, "/")


def test_the_signed_out_come_back_to_where_they_pressed_like(client: Client, alice: User) -> None:
    note = make_note(alice)
    refused = client.post(f"/notes/{note.pk}/like/", {"next": note.get_absolute_url()})
    assert refused.status_code in {302, 303}
    page = client.get(refused["Location"]).content.decode()
    onward = re.search(r'name="next" value="([^"]+)"', page.split("<main")[1])[1]  # type: ignore[index]
    assert sign_in(client, next=onward)["Location"] == f"{note.get_absolute_url()}#note-{note.pk}"


def test_another_site_is_nowhere_to_go(client: Client, alice: User) -> None:
    assert sign_in(client, next="https://evil.test/")["Location"] == "/"


def test_what_does_not_match_is_422_with_the_address_kept(client: Client, alice: User) -> None:
    response = sign_in(client, password="wrong words here")
    page = response.content.decode()
    assert response.status_code == 422
    assert "do not match" in page
    assert "alice@campus.test" in page
    assert "wrong words here" not in page


def test_too_many_failures_are_429(client: Client, alice: User, settings: Any) -> None:
    settings.LIMITS_ON = True
    answers = [sign_in(client, password="wrong").status_code for _ in range(7)]
    assert answers == [422] * 6 + [429]
    assert sign_in(client).status_code == 429, "the right password waits too"


def test_the_suspended_are_told_so(client: Client, alice: User, mona: User) -> None:
    from people.actions.people import suspend_person

    suspend_person(person=alice, by=mona, reason="Spam")
    response = client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD}, follow=True)
    assert "suspended" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_the_persons_language_comes_with_them(client: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(language="zh-hans")
    assert sign_in(client).cookies["language"].value == "zh-hans"


def test_signing_out_asks_first(alice: User) -> None:
    client = signed_in(alice)
    assert "Sign out" in client.get("/accounts/logout/").content.decode()
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_sessions_are_listed_and_the_others_ended(alice: User) -> None:
    here, there = Client(), Client()
    for client, name in ((here, "Android Chrome/141.0"), (there, "iPhone Safari/604.1")):
        client.post(
            "/accounts/login/", {"login": alice.email, "password": PASSWORD}, headers={"User-Agent": name}
        )
    page = here.get("/accounts/sessions/").content.decode()
    assert "Chrome on Android" in page
    assert "Safari on iPhone" in page
    assert "This browser" in page
    here.post("/accounts/sessions/")
    assert UserSession.objects.count() == 1
    assert there.get("/settings/profile/").status_code == 302
    assert here.get("/settings/profile/").status_code == 200
