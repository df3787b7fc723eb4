"""Limits: counted once for all processes, refused with the time to wait, and nothing typed is lost."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from notes.models import Comment, Like, Note
from profiles.models import User
from redbook.limits import Limit, TooMany, forget_old, network, spend
from tests.builders import make_note, make_person, signed_in, upload

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def small_limits(settings: Any) -> None:
    settings.LIMITS_ON = True
    settings.LIMITS = dict.fromkeys(settings.LIMITS, Limit(2, 10 * MINUTE))


@pytest.fixture
def settled(db: None) -> User:
    """Somebody whose account is older than a day."""
    return make_person("settled", date_joined=timezone.now() - timedelta(days=2))


def age_window(by: timedelta) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE limit_spent SET since = since - %s", [by])


def test_the_window_begins_with_the_first_and_ends(settled: User) -> None:
    spend("likes", settled)
    spend("likes", settled)
    age_window(4 * MINUTE)

    with pytest.raises(TooMany) as refused:
        spend("likes", settled)
    assert 5 * MINUTE < refused.value.wait <= 6 * MINUTE
    assert str(refused.value) == "That was a lot at once. You can go on in 6 minutes."

    age_window(6 * MINUTE)
    spend("likes", settled)


def test_several_at_once_are_taken_whole_or_not_at_all(settled: User) -> None:
    with pytest.raises(TooMany):
        spend("photos", settled, 3)
    spend("photos", settled, 2)
    with pytest.raises(TooMany):
        spend("photos", settled)


def test_a_new_account_has_half(db: None) -> None:
    fresh = make_person()
    spend("follows", fresh)
    with pytest.raises(TooMany):
        spend("follows", fresh)


def test_limits_and_people_are_counted_apart(settled: User, db: None) -> None:
    other = make_person(date_joined=settled.date_joined)
    for _ in range(2):
        spend("likes", settled)
    spend("follows", settled)
    spend("likes", other)


@pytest.mark.django_db(transaction=True)
def test_a_race_takes_no_more_than_the_limit(settings: Any) -> None:
    settings.LIMITS = {"likes": Limit(5, MINUTE)}
    person = make_person(date_joined=timezone.now() - timedelta(days=2))

    def attempt(_: int) -> bool:
        try:
            spend("likes", person)
        except TooMany:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(40))) == 5


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_a_customer_is_one_address(address: str, counted: str) -> None:
    assert network(address) == counted


def test_old_windows_are_forgotten(settled: User) -> None:
    spend("likes", settled)
    age_window(timedelta(days=2))
    forget_old()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM limit_spent")
        assert cursor.fetchone() == (0,)


def test_likes_answer_429_with_the_time_to_wait(settled: User, alice: User) -> None:
    browser = signed_in(settled)
    notes = [make_note(alice) for _ in range(3)]
    statuses = [browser.post(f"/notes/{note.pk}/like/").status_code for note in notes]

    assert statuses == [303, 303, 429]
    assert Like.objects.filter(person=settled).count() == 2
    refused = browser.post(f"/notes/{notes[2].pk}/like/")
    assert int(refused["Retry-After"]) > 500
    assert "You can go on in 10 minutes." in refused.text


def test_a_comment_too_many_keeps_its_words(settled: User, alice: User) -> None:
    browser, note = signed_in(settled), make_note(alice)
    for number in range(2):
        browser.post(f"/notes/{note.pk}/comments/", {"body": f"Number {number}", "key": uuid.uuid4()})
    refused = browser.post(f"/notes/{note.pk}/comments/", {"body": "One too many", "key": uuid.uuid4()})

    assert refused.status_code == 429
    assert "One too many</textarea>" in refused.text
    assert "You can go on in" in refused.text
    assert Comment.objects.count() == 2


def test_a_note_too_many_waits_as_a_draft(settled: User) -> None:
    browser = signed_in(settled)
    for number in range(2):
        assert (
            browser.post("/notes/new/", {"title": f"Number {number}", "key": uuid.uuid4()}).status_code == 303
        )
    refused = browser.post("/notes/new/", {"title": "One too many", "key": uuid.uuid4()})

    assert refused.status_code == 429
    assert 'value="One too many"' in refused.text
    assert Note.objects.get(title="One too many").status == Note.Status.DRAFT


def test_photos_too_many_keep_the_words(settled: User) -> None:
    photos = [upload(f"{number}.jpg") for number in range(3)]
    refused = signed_in(settled).post("/notes/new/", {"title": "Three photos", "photos": photos})

    assert refused.status_code == 429
    assert 'value="Three photos"' in refused.text


def test_sign_ups_from_one_address(client: Client, db: None) -> None:
    def sign_up(handle: str) -> int:
        form = {"email": f"{handle}@campus.test", "handle": handle, "password1": "a long walk home"}
        return Client().post("/accounts/signup/", form).status_code

    assert [sign_up(handle) for handle in ("first", "second", "third")] == [302, 302, 429]
    assert not User.objects.filter(handle="third").exists()
