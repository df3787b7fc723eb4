"""Who is suggested while an @mention is typed."""

from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Lower
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.limits import Limit
from notes.mentions.suggestions import SUGGESTED
from notes.models import Note
from people.actions.blocks import block, mute
from people.actions.people import suspend_person
from profiles.models import Follow, User
from tests.builders import make_comment, make_note, make_person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(bob: User) -> Client:
    """Of Bob, who follows Alice."""
    return signed_in(bob)


def suggested(browser: Client, typed: str = "", note: Note | None = None) -> list[str]:
    query = {"typed": typed} | ({"note": str(note.pk)} if note else {})
    answer = browser.get("/mentions/", query)
    assert answer.status_code in {200, 204}
    return [part.split('"')[0] for part in answer.content.decode().split('data-handle="')[1:]]


def test_those_who_take_part_and_those_one_follows_come_first(
    browser: Client, alice: User, charlie: User
) -> None:
    dana, other = make_person("dana", name="林夏"), make_person("dana_zhou")
    note = make_note(dana)
    make_comment(charlie, note)
    assert suggested(browser) == ["alice"]
    assert suggested(browser, note=note) == ["charlie", "dana", "alice"]
    assert suggested(browser, "d") == []
    assert suggested(browser, "DA") == ["dana", "dana_zhou"]
    assert suggested(browser, "da", note) == ["dana", "dana_zhou"]
    assert suggested(browser, "林", note) == ["dana"], "by name, those who are near"
    assert suggested(browser, "Alice") == ["alice"]
    assert suggested(browser, "bo") == [], "not oneself"
    assert "@dana_zhou" in browser.get("/mentions/?typed=dana_").content.decode()
    Follow.objects.create(follower=other, followed=make_person())


@pytest.mark.parametrize("why", ["blocked", "blocks", "muted", "suspended", "opted_out", "unanswered"])
def test_those_who_cannot_be_mentioned_are_never_suggested(
    browser: Client, alice: User, bob: User, mona: User, why: str
) -> None:
    dana = make_person("dana")
    Follow.objects.create(follower=bob, followed=dana)
    note = make_note(alice)
    make_comment(dana, note)
    assert suggested(browser, "dana", note) == ["dana"]
    match why:
        case "blocked":
            block(blocker=bob, blocked=dana)
        case "blocks":
            block(blocker=dana, blocked=bob)
        case "muted":
            mute(muter=bob, muted=dana)
        case "suspended":
            suspend_person(person=dana, by=mona, reason="Spam.")
        case "opted_out":
            User.objects.filter(pk=dana.pk).update(mentioners="nobody")
        case "unanswered":
            make_note(bob, body="@dana")
    assert suggested(browser, "dana", note) == []


def test_a_note_that_one_may_not_see_tells_nothing(browser: Client, alice: User, charlie: User) -> None:
    note = make_note(charlie, visibility="private")
    make_comment(charlie, note)
    for number in (str(note.pk), "0", "x", str(2**80)):
        assert browser.get("/mentions/", {"note": number}).content == browser.get("/mentions/").content


@pytest.mark.parametrize("typed", ["%", "a b", "'", "\\", "a" * 31, "@", "\u0300"])
def test_what_begins_no_handle_or_name_finds_no_one(browser: Client, alice: User, typed: str) -> None:
    assert suggested(browser, typed) == []


def test_eight_at_most_with_as_many_queries_as_for_one(
    browser: Client, alice: User, bob: User, charlie: User
) -> None:
    note = make_note(alice)
    make_comment(charlie, note)
    with CaptureQueriesContext(connection) as few:
        suggested(browser, "cr", note)
    for number in range(24):
        person = make_person(f"crowd_{number}")
        make_comment(person, note)
        Follow.objects.create(follower=bob, followed=person)
    with CaptureQueriesContext(connection) as many:
        assert len(suggested(browser, "cr", note)) == SUGGESTED
    assert len(many) <= len(few) + 3, "those of answers, where anyone is found"
    assert len(many) <= 12


def test_strangers_are_found_by_an_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    found = User.objects.alias(lower=Lower("handle")).filter(lower__startswith="da")
    assert "user_handle_" in found.explain()


def test_visitors_sign_in_and_the_rate_is_limited(browser: Client, settings: Any) -> None:
    assert Client().get("/mentions/").status_code == 302
    assert Client().get("/mentions/", headers={"X-Requested-With": "fetch"}).status_code == 401
    assert browser.post("/mentions/").status_code == 405
    settings.LIMITS_ON = True
    settings.LIMITS = {**settings.LIMITS, "suggestions": Limit(4, settings.LIMITS["suggestions"].window)}
    answers = [browser.get("/mentions/").status_code for _ in range(5)]
    assert answers[-1] == 429
