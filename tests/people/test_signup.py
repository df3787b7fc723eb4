"""Signing up: address, handle, password; then a label, which can be skipped; then confirming the address."""

import re
from datetime import date
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError
from django.test import Client

from people import account_forms
from people.account_adapter import AccountAdapter
from profiles.models import User
from tests.builders import PASSWORD, signed_in
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db
WORDS = {"email": "Lin.Xia@Campus.test", "handle": "Lin_Xia", "password1": PASSWORD, "birth_year": "2004"}


def sign_up(client: Client, path: str = "/accounts/signup/", **changed: str) -> Any:
    return client.post(path, WORDS | changed)


@pytest.fixture
def june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_forms, "localdate", lambda: date(2026, 6, 1))


def test_the_page_links_to_what_is_agreed_to(client: Client) -> None:
    page = client.get("/accounts/signup/").content.decode()
    for path in ("/terms/", "/privacy/", "/rules/"):
        assert f'href="{path}"' in page
        assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("year", "message"),
    [
        ("", "required"),
        ("soon", "four digits"),
        ("07", "four digits"),
        ("1905", "four digits"),
        ("2027", "four digits"),
        ("-2004", "four digits"),
        ("9" * 400, "four digits"),
        ("2013", "for people of 14 and older"),
    ],
)
def test_who_is_too_young_or_gives_no_year_has_no_account(
    client: Client, june: None, year: str, message: str
) -> None:
    response = sign_up(client, birth_year=year)
    assert response.status_code == 422
    assert message in response.text
    assert 'value="Lin_Xia"' in response.text
    assert not User.objects.exists()


@pytest.mark.parametrize("year", ["2012", "２０１２", " 1960 "])
def test_of_the_year_only_the_yes_is_kept(client: Client, june: None, year: str) -> None:
    assert sign_up(client, birth_year=year).status_code == 302
    person = User.objects.get()
    assert person.is_old_enough
    assert year.strip() not in str(vars(person))


def test_a_new_person_is_signed_in_and_asked_for_a_label(client: Client) -> None:
    response = sign_up(client)
    assert response.status_code == 302
    assert response["Location"] == "/settings/label/?welcome=1"
    person = User.objects.get()
    assert (person.email, person.handle, person.name) == ("lin.xia@campus.test", "Lin_Xia", "Lin_Xia")
    assert not person.is_verified
    assert client.session["_auth_user_id"] == str(person.pk)


def test_the_label_step_says_where_the_link_went_and_can_be_skipped(client: Client, settings: Any) -> None:
    settings.MAIL_DIR = ".data/mail"
    sign_up(client)
    page = client.get("/settings/label/?welcome=1").content.decode()
    assert "lin.xia@campus.test" in page
    assert ".data/mail" in page
    assert re.search(r'href="/welcome/profile/"[^>]*>\s*Skip for now', page)


def test_the_steps_lead_to_where_the_person_was_going(client: Client) -> None:
    response = sign_up(client, "/accounts/signup/?next=/about/", next="/about/")
    assert response["Location"] == "/settings/label/?welcome=1&next=%2Fabout%2F"
    page = client.get(response["Location"]).content.decode()
    assert re.search(r'href="/about/"[^>]*>\s*Finish later', page)
    saved = client.post(response["Location"], {"label": "Film on campus", "topics": "film"})
    assert (saved.status_code, saved["Location"]) == (303, "/welcome/profile/?next=%2Fabout%2F")


def test_another_site_is_nowhere_to_go(client: Client) -> None:
    sign_up(client)
    saved = client.post(
        "/settings/label/?welcome=1&next=https://evil.test/", {"label": "Film", "topics": "film"}
    )
    assert saved["Location"] == "/welcome/profile/"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("email", "nobody", "not an e-mail address"),
        ("email", "", "required"),
        ("handle", "lin xia", "try lin_xia"),
        ("handle", "admin", "reserved"),
        ("handle", "li", "3 to 30"),
        ("handle", "李夏夏", "3 to 30"),
        ("handle", "lin\x00xia", "try lin_xia"),
        ("password1", "12345", "too short"),
        ("password1", "", "required"),
    ],
)
def test_bad_input_comes_back_with_a_message_and_without_the_password(
    client: Client, field: str, value: str, message: str
) -> None:
    response = sign_up(client, **{field: value})
    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert PASSWORD not in page
    assert field == "email" or "Lin.Xia@Campus.test" in page
    assert not User.objects.exists()


def test_address_and_handle_are_taken_in_any_case(client: Client, alice: User) -> None:
    page = sign_up(client, email="ALICE@campus.test", handle="ALICE")
    assert page.status_code == 422
    assert b"already in use" in page.content
    assert b"This handle is taken" in page.content


def test_a_handle_taken_at_the_same_moment_is_a_message(
    client: Client, alice: User, monkeypatch: Any
) -> None:
    """The form's own look comes before the other person's row; the constraint decides."""
    monkeypatch.setattr(User.objects.__class__, "by_handle", lambda self, handle: self.none())

    def lost(*args: Any, **kwargs: Any) -> None:
        monkeypatch.undo()
        raise IntegrityError("user_handle_unique")

    monkeypatch.setattr(AccountAdapter, "save_user", lost)
    response = sign_up(client, handle="alice")
    assert response.status_code == 422
    assert b"This handle is taken" in response.content


def test_the_link_shows_a_button_and_the_button_confirms(client: Client) -> None:
    sign_up(client)
    assert mail.outbox == [], "none goes out in the request"
    run_jobs()
    (message,) = mail.outbox
    assert message.to == ["lin.xia@campus.test"]
    assert "@Lin_Xia" in message.body
    path = re.search(r"http://testserver(/accounts/confirm-email/\S+)", message.body)[1]  # type: ignore[index]

    visitor = Client()
    assert "Yes, confirm" in visitor.get(path).content.decode()
    assert not EmailAddress.objects.get().verified, (
        "opening the link changes nothing: mail scanners do it too"
    )
    visitor.post(path)
    assert EmailAddress.objects.get().verified
    assert User.objects.get().is_verified
    assert "used already" in client.post(path).content.decode(), "twice changes nothing"


def test_a_spoilt_link_says_so_and_confirms_nothing(client: Client) -> None:
    assert "This link has expired" in client.get("/accounts/confirm-email/spoilt/").content.decode()
    assert "This link has expired" in client.post("/accounts/confirm-email/spoilt/").content.decode()


def test_the_link_can_be_sent_again(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    sign_up(client)
    assert "Send the link again" in client.get("/accounts/email/").content.decode()
    client.post("/accounts/email/", {"action_send": ""})
    run_jobs()
    assert len(mail.outbox) == 2


def test_a_signed_in_person_is_sent_on(alice: User) -> None:
    assert signed_in(alice).get("/accounts/signup/").status_code == 302
