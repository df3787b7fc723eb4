"""Rate limits: counted once for all processes, answered with the time to wait, without losing typed text."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from datetime import time as datetime_time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone, translation

from core import limits
from core.limits import Limit, TooMany, forget_old, left, spend, try_again
from notes.models import Comment, Like, Note
from profiles.models import User
from tests.builders import make_note, make_person, signed_in, upload

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def small_limits(settings: Any) -> None:
    settings.LIMITS_ON = True
    settings.LIMITS = dict.fromkeys(settings.LIMITS, Limit(2, 10 * MINUTE))


@pytest.fixture
def settled(db: None) -> User:
    """A person whose account is older than a day."""
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
    assert 300 < refused.value.seconds <= 360

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


def at(clock: str) -> datetime:
    """A moment on 3 March 2027 or a day after it, by the site's clock: "22:20:31" or "+1 08:04"."""
    days, _space, time = clock.rpartition(" ")
    day = date(2027, 3, 3) + timedelta(days=int(days or 0))
    return datetime.combine(day, datetime_time.fromisoformat(time), timezone.get_current_timezone())


@pytest.mark.parametrize(
    ("now", "until", "english", "chinese"),
    [
        ("21:21:30", "22:21:00", "Try again at 22:21.", "请在 22:21 再试。"),
        ("21:21:30", "22:20:01", "Try again at 22:21.", "请在 22:21 再试。"),
        ("21:21:30", "22:20:59.9", "Try again at 22:21.", "请在 22:21 再试。"),
        ("21:21:30", "21:22:30", "Try again in a minute.", "请一分钟后再试。"),
        ("21:21:30", "21:21:31", "Try again in a minute.", "请一分钟后再试。"),
        ("21:21:30", "21:22:31", "Try again at 21:23.", "请在 21:23 再试。"),
        ("23:50", "23:59:30", "Try again tomorrow at 00:00.", "请明天 00:00 再试。"),
        ("23:50", "+1 08:04:10", "Try again tomorrow at 08:05.", "请明天 08:05 再试。"),
        ("00:10", "23:30", "Try again at 23:30.", "请在 23:30 再试。"),
        ("09:00", "+2 08:05", "Try again on 5 Mar at 08:05.", "请在 3月5日 08:05 再试。"),
    ],
)
def test_when_to_try_again_is_told_by_the_clock(
    now: str, until: str, english: str, chinese: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.timezone, "now", lambda: at(now))
    assert try_again(at(until)) == english
    with translation.override("zh-hans"):
        assert try_again(at(until)) == chinese


def test_the_time_told_is_neither_too_early_nor_a_minute_late(settled: User) -> None:
    spend("likes", settled, 2)
    with pytest.raises(TooMany) as refused:
        spend("likes", settled)
    told = str(refused.value).rsplit(" ", 1)[1].rstrip(".")
    opens = timezone.localtime(refused.value.until)
    assert told in {f"{opens + MINUTE:%H:%M}", f"{opens:%H:%M}"}
    age_window(timedelta(seconds=refused.value.seconds))
    spend("likes", settled)


@pytest.mark.parametrize(
    ("window", "reached"),
    [
        (timedelta(hours=1), "You've reached this hour's limit. Try again "),
        (timedelta(days=1), "You've reached today's limit. Try again tomorrow at "),
        (timedelta(minutes=10), "You've reached the limit for now. Try again "),
    ],
)
def test_what_was_reached(window: timedelta, reached: str, settled: User, settings: Any) -> None:
    settings.LIMITS = {"likes": Limit(1, window)}
    spend("likes", settled)
    with pytest.raises(TooMany) as refused:
        spend("likes", settled)
    assert str(refused.value).startswith(reached)


def test_a_first_day_has_an_allowance_of_its_own(settings: Any, db: None) -> None:
    settings.LIMITS = {"notes": Limit(2, timedelta(hours=1), first_day=5)}
    fresh = make_person(date_joined=timezone.now() - timedelta(hours=22))
    for expected in (5, 4, 3, 2, 1):
        assert left("notes", fresh) == expected
        spend("notes", fresh)
    assert left("notes", fresh) == 0
    with pytest.raises(TooMany) as refused:
        spend("notes", fresh)
    assert str(refused.value).startswith("You've reached the limit for your first day. Try again ")
    assert 7100 < refused.value.seconds <= 7200, "when the first day ends"

    fresh.date_joined -= timedelta(hours=2)
    assert left("notes", fresh) is None
    spend("notes", fresh)


def test_the_same_words_twice_count_once(settled: User) -> None:
    for _ in range(12):
        spend("likes", settled, once="this form")
    spend("likes", settled, once="another")
    with pytest.raises(TooMany):
        spend("likes", settled, once="a third")
    with pytest.raises(TooMany):
        spend("likes", settled, once="a third")
    age_window(10 * MINUTE)
    spend("likes", settled, once="this form")


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


def test_old_windows_are_forgotten(settled: User) -> None:
    spend("likes", settled)
    age_window(timedelta(days=3))
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
    assert "You&#x27;ve reached the limit for now. Try again " in refused.text


def test_a_comment_too_many_keeps_its_words(settled: User, alice: User) -> None:
    browser, note = signed_in(settled), make_note(alice)
    for number in range(2):
        browser.post(f"/notes/{note.pk}/comments/", {"body": f"Number {number}", "key": uuid.uuid4()})
    refused = browser.post(f"/notes/{note.pk}/comments/", {"body": "One too many", "key": uuid.uuid4()})

    assert refused.status_code == 429
    assert "One too many</textarea>" in refused.text
    assert "Try again " in refused.text
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


def spent(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(number), 0) FROM limit_spent WHERE key LIKE %s AND key NOT LIKE '%%once%%'",
            [f"{name}:%"],
        )
        return int(cursor.fetchone()[0])


Act = Callable[[Client, Note], Any]
KEY = "5d8f3c52-7a4e-4c5e-9a53-0d7f0f5f2b11"

TWICE: dict[str, tuple[str, Act]] = {
    "a note": ("notes", lambda browser, _: browser.post("/notes/new/", {"title": "Once", "key": KEY})),
    "a draft": (
        "drafts",
        lambda browser, _: browser.post("/notes/new/", {"title": "Once", "key": KEY, "action": "draft"}),
    ),
    "photos of a form": (
        "photos",
        lambda browser, _: browser.post(
            "/notes/new/", {"title": "Once", "key": KEY, "photos": [upload()], "action": "draft"}
        ),
    ),
    "a photo ahead of its note": (
        "photos",
        lambda browser, _: browser.post("/uploads/", {"photos": upload(), "key": KEY}),
    ),
    "a comment": (
        "comments",
        lambda browser, note: browser.post(f"/notes/{note.pk}/comments/", {"body": "Once", "key": KEY}),
    ),
    "a like": ("likes", lambda browser, note: browser.post(f"/notes/{note.pk}/like/")),
    "a follow": ("follows", lambda browser, note: browser.post(f"/@{note.author.handle}/follow/")),
}


@pytest.mark.parametrize(("name", "act"), TWICE.values(), ids=TWICE)
def test_what_is_sent_twelve_times_counts_once(
    name: str, act: Act, settled: User, alice: User, settings: Any
) -> None:
    settings.LIMITS = dict.fromkeys(settings.LIMITS, Limit(5, 10 * MINUTE))
    browser, note = signed_in(settled), make_note(alice)
    answers = {act(browser, note).status_code for _ in range(12)}
    assert answers <= {200, 303}
    assert spent(name) == 1


@pytest.mark.django_db(transaction=True)
def test_a_note_sent_twelve_times_at_once_counts_once(settings: Any) -> None:
    settings.LIMITS = dict.fromkeys(settings.LIMITS, Limit(5, 10 * MINUTE))
    person = make_person(date_joined=timezone.now() - timedelta(days=2))

    def send(_: int) -> int:
        try:
            return signed_in(person).post("/notes/new/", {"title": "Once", "key": KEY}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(send, range(12))) == {303}
    assert Note.objects.filter(author=person).count() == 1
    assert (spent("notes"), spent("drafts")) == (1, 0)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM limit_spent")


def test_drafts_are_limited_and_keep_their_words(settled: User) -> None:
    browser = signed_in(settled)
    sent = [
        browser.post("/notes/new/", {"title": f"Draft {number}", "key": uuid.uuid4(), "action": "draft"})
        for number in range(3)
    ]
    assert [answer.status_code for answer in sent] == [303, 303, 429]
    assert 'value="Draft 2"' in sent[2].text
    assert int(sent[2]["Retry-After"]) > 500
    assert Note.objects.filter(author=settled).count() == 2
    ahead = browser.post("/uploads/", {"photos": upload(), "key": uuid.uuid4(), "note": uuid.uuid4()})
    assert ahead.status_code == 429, "a photo that begins a draft is one too"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "On your first day you can publish 5 notes. {left} left."),
        ("zh-hans", "注册首日可以发布 5 篇笔记。 还剩 {left} 篇。"),
    ],
)
def test_the_first_day_is_said_before_its_limit_is_met(
    language: str, said: str, alice: User, settings: Any
) -> None:
    settings.LIMITS |= {"notes": Limit(2, 10 * MINUTE, first_day=5), "drafts": Limit(50, 10 * MINUTE)}
    browser = signed_in(alice, headers={"accept-language": language})
    for left_now in (5, 4, 3, 2, 1):
        page = " ".join(browser.get("/notes/new/").text.split())
        assert said.format(left=left_now) in page
        assert browser.post("/notes/new/", {"title": "One", "key": uuid.uuid4()}).status_code == 303
    assert browser.post("/notes/new/", {"title": "Six", "key": uuid.uuid4()}).status_code == 429
    alice.date_joined -= timedelta(days=1)
    alice.save()
    assert said[:10] not in browser.get("/notes/new/").text
    assert browser.post("/notes/new/", {"title": "Next day", "key": uuid.uuid4()}).status_code == 303
