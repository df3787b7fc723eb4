"""A person who asks for deletion is gone from every page at the next request, and back unchanged if they cancel."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from core.dates import calendar_day
from leaving.actions.leaving import cancel_deletion
from leaving.actions.removal import remove_leavers
from people.actions.people import restore_person, suspend_person
from profiles.models import User
from tests.builders import PASSWORD, make_note, make_photo, signed_in, status
from tests.leaving.asking import DATA, KEEP, LEAVING, let_two_weeks_pass, press, sign_in
from tests.markup import words
from tests.people.test_suspension import scene, shown
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db
__all__ = ["scene"]


def test_gone_and_back(alice: User, bob: User, scene: dict[str, str]) -> None:
    assert shown(bob, scene) == set(scene)
    client = signed_in(alice)
    assert press(client, LEAVING).status_code == 303
    assert shown(bob, scene) == shown(None, scene) == set()
    assert client.post(KEEP)["Location"] == "/"
    assert shown(bob, scene) == set(scene)
    page = client.get("/settings/profile/")
    assert page.status_code == 200, "they are signed in again"
    assert "Everything is as it was." in page.text


def test_one_condition_says_who_is_there() -> None:
    """Who asks `suspended_at` alone shows those who are leaving."""
    asks = re.compile(r"suspended_at|leaving_at")
    files = [
        str(path.relative_to(settings.BASE_DIR))
        for app in (
            "core",
            "imaging",
            "notes",
            "profiles",
            "people",
            "insights",
            "notifications",
            "moderation",
            "leaving",
            "redbook",
        )
        for path in (settings.BASE_DIR / app).rglob("*.py")
        if "migrations" not in path.parts and asks.search(path.read_text())
    ]
    assert sorted(file for file in files if not file.startswith("leaving/")) == [
        "moderation/admin/people.py",
        "moderation/cases/adopting.py",  # who was suspended before there were decisions
        "moderation/decisions/effects.py",  # suspends and restores
        *(f"moderation/prove/{name}.py" for name in ("limits", "lists", "rows")),  # asks by itself
        "moderation/standing/limits.py",  # tells its owner
        "people/account_adapter.py",  # which page to lead them to
        "people/actions/moderators.py",  # nobody, who is never there
        "people/actions/people.py",  # suspends and restores
        "profiles/models/user.py",
    ]


def test_signing_in_leads_to_one_page_alone(alice: User) -> None:
    press(signed_in(alice), LEAVING)
    alice.refresh_from_db()
    client, answer = sign_in(alice)
    assert answer["Location"] == LEAVING
    page = words(client.get(LEAVING))
    assert (
        f"Your account will be deleted on {calendar_day(timezone.localdate() + timedelta(days=14))}" in page
    )
    assert "Keep my account" in page
    for path in ("/following/", "/notes/new/", "/settings/profile/"):
        assert client.get(path)["Location"].startswith("/accounts/login/")
    assert client.get("/@alice/").status_code == 404
    assert client.get(DATA).status_code == 200
    assert "Delete my account" not in words(client.get(DATA))
    assert Client().get(LEAVING)["Location"].startswith("/accounts/login/")
    assert Client().post(KEEP)["Location"].startswith("/accounts/login/")


def test_every_session_ends_and_photos_get_new_names(alice: User, mona: User) -> None:
    photo = make_photo(alice, note=make_note(alice), with_files=True)
    old = f"{photo.base}320.jpg"
    there, _answer = sign_in(alice)
    here = signed_in(alice)
    press(here, LEAVING)
    assert there.get("/settings/profile/").status_code == here.get("/settings/profile/").status_code == 302
    photo.refresh_from_db()
    assert [status(Client(), name) for name in (old, f"{photo.base}320.jpg")] == [404, 404]
    cancel_deletion(person=alice)
    assert [status(Client(), name) for name in (old, f"{photo.base}320.jpg")] == [404, 200]


def test_asked_twice_the_first_counts(alice: User, mailoutbox: list[Any]) -> None:
    client = signed_in(alice)
    asked = client.post(LEAVING)
    client.post(asked["Location"], {"password": PASSWORD, "next": LEAVING})
    first = User.objects.get(pk=alice.pk).leaving_at
    assert client.post(LEAVING).status_code == 303
    assert User.objects.get(pk=alice.pk).leaving_at == first
    run_jobs()
    (mail,) = mailoutbox
    assert mail.subject.startswith("Your Red Book account will be deleted on ")
    assert "http://testserver/accounts/login/" in mail.body
    assert [client.post(KEEP)["Location"] for _ in "ab"] == ["/", "/"]


def test_no_letter_about_what_was_taken_back(alice: User, mailoutbox: list[Any]) -> None:
    client = signed_in(alice)
    press(client, LEAVING)
    client.post(KEEP)
    run_jobs()
    assert mailoutbox == []


def test_a_forgotten_password_is_no_reason_to_go(alice: User, mailoutbox: list[Any]) -> None:
    press(signed_in(alice), LEAVING)
    run_jobs()
    Client().post("/accounts/password/reset/", {"email": alice.email})
    run_jobs()
    link = re.search(r"http://testserver(\S+)", mailoutbox[-1].body)
    assert link
    assert "/password/reset/key/" in link[1]
    client = Client()
    form = client.get(link[1])["Location"]
    assert client.post(form, {"password1": "another long walk home"}).status_code == 302
    assert client.get("/settings/profile/").status_code == 302, "that alone does not sign in"
    answer = client.post("/accounts/login/", {"login": alice.email, "password": "another long walk home"})
    assert answer["Location"] == LEAVING
    assert client.post(KEEP)["Location"] == "/"


def test_a_pass_ends_with_the_password_it_was_given_for(alice: User) -> None:
    press(signed_in(alice), LEAVING)
    thief, answer = sign_in(alice)
    assert answer["Location"] == LEAVING
    assert status(thief, DATA) == 200
    alice.refresh_from_db()
    alice.set_password("another long walk home")
    alice.save()
    assert thief.get(DATA)["Location"].startswith("/accounts/login/")
    assert thief.post(KEEP)["Location"].startswith("/accounts/login/")
    alice.refresh_from_db()
    assert alice.leaving_at


def test_too_late_is_too_late(alice: User, mailoutbox: list[Any]) -> None:
    press(signed_in(alice), LEAVING)
    let_two_weeks_pass(alice)
    client, _answer = sign_in(alice)
    assert client.post(KEEP)["Location"] == "/", "nothing has been deleted yet"
    User.objects.filter(pk=alice.pk).update(leaving_at=timezone.now())
    let_two_weeks_pass(alice)
    client, _answer = sign_in(alice)
    remove_leavers()
    assert client.post(KEEP)["Location"] == LEAVING
    assert "cannot be taken back" in words(client.get(LEAVING))
    assert not cancel_deletion(person=alice)


def test_the_suspended_may_leave_and_stay_suspended(alice: User, mona: User) -> None:
    suspend_person(person=alice, by=mona, reason="Spam")
    client, answer = sign_in(alice)
    assert answer["Location"] == "/accounts/inactive/"
    assert client.post(LEAVING).status_code == 303
    assert client.post(KEEP)["Location"] == "/accounts/inactive/"
    assert "_auth_user_id" not in client.session
    alice.refresh_from_db()
    assert (alice.leaving_at, alice.is_active) == (None, False)
    client.post(LEAVING)
    restore_person(person=alice)
    alice.refresh_from_db()
    assert not alice.is_active, "to be restored is not to come back"


def test_moderators_see_who_is_leaving(alice: User, bob: User, mona: User) -> None:
    press(signed_in(alice), LEAVING)
    desk = signed_in(mona)
    listed = desk.get("/admin/profiles/user/?leaving=yes").text
    assert "@alice" in listed or ">alice<" in listed
    assert ">bob<" not in listed
    page = desk.get(f"/admin/profiles/user/{alice.pk}/change/").text
    assert "Will be deleted" in page
    assert 'name="leaving_at' not in page
