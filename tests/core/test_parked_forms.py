"""A form whose session ended or whose token is stale comes back with its text, to its own person only."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from core.models import ParkedForm
from core.parked_forms import ALL_MAX, BROWSER_MAX
from notes.models import Comment, Note, Photo
from profiles.models import User
from tests.builders import PASSWORD, make_note, upload
from tests.markup import form_in, words

pytestmark = pytest.mark.django_db

SAID = "You were signed out before this was sent."
STALE = "This page was open for a while. Check what you wrote and send it again."


def sign_in(client: Client, person: User, onward: str = "") -> Any:
    form = form_in(client.get("/accounts/login/", {"next": onward} if onward else {}), "/accounts/login/")
    sent = form.filled(login=person.email, password=PASSWORD)
    return client.post("/accounts/login/", sent)


@pytest.fixture
def client(alice: User) -> Client:
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, alice)
    return browser


@pytest.fixture
def note(charlie: User) -> Note:
    return make_note(charlie)


def comment_form(client: Client, note: Note, body: str) -> tuple[str, dict[str, Any]]:
    path = f"{note.get_absolute_url()}comments/"
    return path, form_in(client.get(note.get_absolute_url()), path).filled(body=body)


def after_signing_in(client: Client, response: Any, person: User) -> Any:
    page = client.get(response["Location"])
    sent = form_in(page, "/accounts/login/").filled(login=person.email, password=PASSWORD)
    answer = client.post("/accounts/login/", sent)
    assert answer.status_code == 302
    return client.get(answer["Location"])


def test_a_comment_comes_back_after_signing_in(client: Client, alice: User, note: Note) -> None:
    path, sent = comment_form(client, note, "Half an hour of words.\r\nAnd more.")
    Session.objects.all().delete()
    answer = client.post(path, sent)
    assert answer["Location"].startswith(f"/accounts/login/?next={note.get_absolute_url()}")
    page = after_signing_in(client, answer, alice)
    assert SAID in words(page)
    form = form_in(page, path)
    assert [body.replace("\r\n", "\n") for body in form.fields["body"]] == [
        "Half an hour of words.\nAnd more."
    ]
    assert not Comment.objects.exists(), "nothing is sent by itself"
    for _ in range(2):
        assert client.post(path, form.filled()).status_code == 303
    assert Comment.objects.get().author == alice


def test_another_account_on_the_same_browser_sees_nothing(client: Client, charlie: User, note: Note) -> None:
    path, sent = comment_form(client, note, "Private words.")
    Session.objects.all().delete()
    page = after_signing_in(client, client.post(path, sent), charlie)
    assert "Private words." not in page.text
    assert SAID not in page.text


def test_another_browser_sees_nothing(client: Client, alice: User, note: Note) -> None:
    path, sent = comment_form(client, note, "Private words.")
    Session.objects.all().delete()
    answer = client.post(path, sent)
    for person in (alice, None):
        other = Client()
        if person:
            other.force_login(person)
        address = f"{note.get_absolute_url()}?words={ParkedForm.objects.get().name}"
        assert "Private words." not in other.get(address).text
    assert "Private words." in after_signing_in(client, answer, alice).text


def test_nobody_signed_in_sees_nothing(client: Client, note: Note) -> None:
    path, sent = comment_form(client, note, "Private words.")
    Session.objects.all().delete()
    client.post(path, sent)
    assert (
        "Private words."
        not in client.get(f"{note.get_absolute_url()}?words={ParkedForm.objects.get().name}").text
    )


def test_after_an_hour_it_is_gone(client: Client, alice: User, note: Note) -> None:
    path, sent = comment_form(client, note, "Old words.")
    Session.objects.all().delete()
    answer = client.post(path, sent)
    ParkedForm.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert "Old words." not in after_signing_in(client, answer, alice).text
    ParkedForm.objects.over().delete()
    assert not ParkedForm.objects.exists()


def test_a_note_comes_back_and_says_which_photos_to_choose_again(client: Client, alice: User) -> None:
    form = form_in(client.get("/notes/new/"), "compose").filled(
        title="x" * 60, body="Words", action="publish"
    )
    Session.objects.all().delete()
    answer = client.post("/notes/new/", form | {"photos": [upload("one.jpg"), upload("two.jpg")]})
    page = after_signing_in(client, answer, alice)
    assert "Choose these files again: one.jpg, two.jpg" in words(page)
    again = form_in(page, "compose").fields
    assert (again["title"], again["body"], again["key"]) == (["x" * 60], ["Words"], form["key"])
    assert not Note.objects.exists()
    assert not Photo.objects.exists()


def test_secrets_are_never_parked(client: Client, alice: User) -> None:
    Session.objects.all().delete()
    secret = {"password": "hunter2hunter2", "oldpassword": "old secret", "csrfmiddlewaretoken": "T" * 64}
    token = form_in(client.get("/accounts/login/"), "/accounts/login/").fields["csrfmiddlewaretoken"]
    client.post("/settings/profile/", secret | {"csrfmiddlewaretoken": token, "name": "Alice"})
    parked = ParkedForm.objects.get()
    assert "Alice" in parked.words
    assert not re.search("hunter2|old secret|csrf", parked.words)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Referer": "https://evil.test/form"},
    ],
)
def test_what_another_site_sends_is_neither_parked_nor_shown(
    client: Client, alice: User, note: Note, headers: dict[str, str]
) -> None:
    path = f"{note.get_absolute_url()}comments/"
    client.get(note.get_absolute_url())
    answer = client.post(path, {"body": "Words in her mouth."}, headers=headers)
    assert (answer.status_code, "Words in her mouth." in answer.text) == (403, False)
    Session.objects.all().delete()
    for browser in (client, Client()):
        browser.post(path, {"body": "Words in her mouth."}, headers=headers)
    assert not ParkedForm.objects.exists()


def test_a_browser_on_which_nobody_was_signed_in_parks_nothing(note: Note) -> None:
    Client().post(f"{note.get_absolute_url()}comments/", {"body": "Flood."})
    assert not ParkedForm.objects.exists()


def test_what_waits_is_bounded(
    client: Client, alice: User, note: Note, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, sent = comment_form(client, note, "")
    Session.objects.all().delete()
    for number in range(BROWSER_MAX + 2):
        client.post(path, sent | {"body": f"Number {number}"})
    assert ParkedForm.objects.count() == BROWSER_MAX
    client.post(path, sent | {"body": "x" * 270_000})
    assert "xxx" not in ParkedForm.objects.latest("pk").words
    ParkedForm.objects.update(browser="another")
    monkeypatch.setattr("core.parked_forms.ALL_MAX", 3)
    client.post(path, sent | {"body": "One more"})
    assert ParkedForm.objects.count() == 3
    assert ALL_MAX == 2000


def test_a_stale_token_brings_the_page_back(client: Client, alice: User, note: Note) -> None:
    path, sent = comment_form(client, note, "Words of an hour.")
    client.post("/accounts/logout/", sent)
    sign_in(client, alice)
    page = client.post(path, sent)
    assert page.status_code == 403
    assert STALE in words(page)
    again = form_in(page, path).filled()
    assert again["body"] == ["Words of an hour."]
    assert client.post(path, again).status_code == 303
    assert Comment.objects.get().body == "Words of an hour."


def test_a_stale_token_of_another_account_s_page_shows_and_sends_nothing(
    client: Client, charlie: User, note: Note
) -> None:
    path, sent = comment_form(client, note, "Words of Alice.")
    client.post("/accounts/logout/", sent)
    sign_in(client, charlie)
    client.get("/")
    page = client.post(path, sent)
    assert (page.status_code, "Words of Alice." in page.text) == (403, False)
    assert not Comment.objects.exists()


def test_a_second_sign_in_page_leads_on(client: Client, alice: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    pages = [
        form_in(browser.get("/accounts/login/?next=/settings/label/"), "/accounts/login/") for _ in range(2)
    ]
    answers = [
        browser.post("/accounts/login/", page.filled(login=alice.email, password=PASSWORD)) for page in pages
    ]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/settings/label/")] * 2


def test_scripts_are_told_instead_of_led_away(client: Client, alice: User, note: Note) -> None:
    script = {"headers": {"X-Requested-With": "fetch"}}
    path, sent = comment_form(client, note, "Words.")
    stale = client.post(path, sent | {"csrfmiddlewaretoken": "T" * 64}, **script)
    assert stale.status_code == 403
    fresh = sent | {"csrfmiddlewaretoken": stale["X-CSRF-Token"]}
    taken = client.post(path, fresh, **script)
    assert (taken.status_code, "#comment-" in taken["HX-Redirect"]) == (204, True)
    Session.objects.all().delete()
    answer = client.post(path, fresh, **script)
    assert answer.status_code == 401
    assert "Sign in in a new tab" in answer.text
    assert not ParkedForm.objects.exists(), "the page still has the words"
