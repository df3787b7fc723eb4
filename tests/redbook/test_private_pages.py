"""Caching headers of responses to a browser with a session."""

import pytest
from django.conf import settings
from django.test import Client

from profiles.models import User
from tests.builders import make_note, signed_in

pytestmark = pytest.mark.django_db
SCRIPT = ({"HX-Request": "true"}, {"Sec-Fetch-Dest": "empty"})


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/@alice/",
        "/settings/profile/",
        "/accounts/email/",
        "/notes/new/",
        "/nowhere/",
        "/about/",
        "/@ALICE/",
    ],
)
def test_pages_of_the_signed_in_are_kept_nowhere(alice: User, path: str) -> None:
    control = signed_in(alice).get(path)["Cache-Control"]
    assert {"private", "no-store"} <= set(control.split(", "))


@pytest.mark.parametrize("headers", SCRIPT, ids=str)
def test_an_answer_to_a_script_does_not_keep_its_page_from_back(alice: User, headers: dict[str, str]) -> None:
    answer = signed_in(alice).get("/", headers=headers)
    assert answer["Cache-Control"] == "private, no-cache"


def test_visitors_pages_say_nothing(client: Client, alice: User) -> None:
    note = make_note(alice)
    for path in ("/", note.get_absolute_url(), "/about/"):
        assert "Cache-Control" not in client.get(path)


def test_the_token_is_sent_once(alice: User) -> None:
    client = signed_in(alice)
    assert settings.CSRF_COOKIE_NAME in client.get("/").cookies
    assert settings.CSRF_COOKIE_NAME not in client.get("/").cookies
    client.post("/accounts/logout/")
    client.get("/accounts/login/")
    assert settings.CSRF_COOKIE_NAME in client.cookies
