import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from profiles.models import User
from tests.builders import PASSWORD
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db
FRESH = "another long walk"


@pytest.fixture
def at_home(alice: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    return client


def ask_for_link(client: Client, email: str) -> Any:
    return client.post("/accounts/password/reset/", {"email": email})


def link_in(body: str) -> str:
    return re.search(r"http://testserver(/accounts/password/reset/key/\S+)", body)[1]  # type: ignore[index]


def test_forgotten_password(client: Client, alice: User) -> None:
    assert ask_for_link(client, "Alice@Campus.test")["Location"] == "/accounts/password/reset/done/"
    assert mail.outbox == [], "none goes out in the request"
    run_jobs()
    assert "@alice" in mail.outbox[0].body
    link = link_in(mail.outbox[0].body)

    form = client.get(link, follow=True)
    path = form.redirect_chain[-1][0]
    bad = client.post(path, {"password1": "short"})
    assert bad.status_code == 422
    assert client.post(path, {"password1": FRESH})["Location"] == "/accounts/password/reset/key/done/"
    alice.refresh_from_db()
    assert alice.check_password(FRESH)
    assert "This link has expired" in Client().get(link).content.decode(), "a link works once"


def test_no_mail_goes_to_an_address_without_an_account(client: Client, alice: User) -> None:
    known, unknown = ask_for_link(client, alice.email), ask_for_link(client, "nobody@campus.test")
    assert known["Location"] == unknown["Location"]
    run_jobs()
    assert [message.to for message in mail.outbox] == [[alice.email]]


def test_bad_address_is_422(client: Client) -> None:
    response = ask_for_link(client, "nobody")
    assert response.status_code == 422
    assert b'value="nobody"' in response.content


def test_the_page_after_it_names_the_mail_folder(client: Client, settings: Any) -> None:
    settings.MAIL_DIR = ".data/mail"
    assert b".data/mail" in client.get("/accounts/password/reset/done/").content
    settings.MAIL_DIR = ""
    assert b"development" not in client.get("/accounts/password/reset/done/").content


def test_changing_a_password_asks_for_the_old_one_and_ends_other_sessions(
    alice: User, at_home: Client
) -> None:
    elsewhere = Client()
    elsewhere.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    bad = at_home.post("/accounts/password/change/", {"oldpassword": "wrong", "password1": FRESH})
    assert bad.status_code == 422
    assert b"This is not your current password" in bad.content
    good = at_home.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": FRESH})
    assert (good.status_code, good["Location"]) == (302, "/settings/profile/")
    alice.refresh_from_db()
    assert alice.check_password(FRESH)
    assert at_home.get("/settings/profile/").status_code == 200
    assert elsewhere.get("/settings/profile/").status_code == 302


def test_visitors_sign_in_first(client: Client) -> None:
    for path in (
        "/accounts/password/change/",
        "/accounts/email/",
        "/accounts/sessions/",
        "/accounts/reauthenticate/",
    ):
        assert client.get(path)["Location"].startswith("/accounts/login/"), path


def test_a_new_address_needs_the_password_and_takes_over_once_confirmed(alice: User, at_home: Client) -> None:
    asked = at_home.post("/accounts/email/", {"action_add": "", "email": "new@campus.test"})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    page = at_home.get(asked["Location"]).content.decode()
    assert "Enter your password" in page
    wrong = at_home.post(asked["Location"], {"password": "wrong", "next": "/accounts/email/"})
    assert wrong.status_code == 422
    at_home.post(asked["Location"], {"password": PASSWORD, "next": "/accounts/email/"})
    alice.refresh_from_db()
    assert alice.email == "alice@campus.test"

    run_jobs()
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+)", mail.outbox[0].body)[1]  # type: ignore[index]
    assert mail.outbox[0].to == ["new@campus.test"]
    at_home.post(link)
    alice.refresh_from_db()
    assert alice.email == "new@campus.test"


def test_an_address_of_ones_own_is_no_new_one(alice: User, at_home: Client) -> None:
    response = at_home.post("/accounts/email/", {"action_add": "", "email": alice.email})
    assert response.status_code == 422
    assert b"This is your address already" in response.content
