"""A person's recent searches: remembered after the page, for them alone, and forgotten when they say so."""

from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from leaving.contents import PARTS
from leaving.contents.searches import searches as archived_searches
from notes.readers import write_buffer
from profiles.models import User
from search.models import RecentChoice, RecentSearch
from search.models.recent import KEPT
from search.recent.actions import (
    Searched,
    forget,
    forget_all,
    forget_forgotten,
    keep,
    record_searches,
    remember,
)
from search.recent.queries import keeps_searches, searches
from tests.search.test_names import HOSTILE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_buffer() -> None:
    write_buffer.clear()


def visit(person: Any, words: str, method: str = "get", **headers: str) -> None:
    request = getattr(RequestFactory(), method)("/search/", headers={"User-Agent": "Firefox"} | headers)
    request.user = person
    remember(request, words)
    write_buffer.flush()


def record(person: User, *words: str, at: datetime | None = None) -> None:
    at = at or timezone.now()
    lines = [
        Searched(person.pk, each, at + timedelta(microseconds=place)) for place, each in enumerate(words)
    ]
    record_searches(searches=lines)


def test_the_latest_comes_first_and_the_same_words_once(alice: User, bob: User) -> None:
    for words in ("图书馆", "Quiet Desk", "图书馆", "ｑｕｉｅｔ  desk"):
        visit(alice, words)
    assert searches(alice) == ["ｑｕｉｅｔ desk", "图书馆"]
    assert searches(bob) == searches(AnonymousUser()) == []


def test_a_visitor_leaves_nothing() -> None:
    visit(AnonymousUser(), "desk")
    assert not RecentSearch.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"User-Agent": "Googlebot/2.1"},
        {"HX-Request": "true"},
    ],
)
def test_what_nobody_typed_is_not_remembered(alice: User, headers: dict[str, str]) -> None:
    visit(alice, "desk", **headers)
    visit(alice, "desk", method="post")
    assert searches(alice) == []
    visit(alice, "desk", **{"Sec-Fetch-Site": "same-origin"})
    assert searches(alice) == ["desk"]


def test_the_page_itself_writes_nothing(alice: User, django_assert_num_queries: Any) -> None:
    request = RequestFactory().get("/search/", headers={"User-Agent": "Firefox"})
    request.user = alice
    with django_assert_num_queries(0):
        remember(request, "desk")


def test_only_the_latest_are_kept(alice: User, bob: User) -> None:
    record(bob, "bob’s own", at=timezone.now() - timedelta(days=400))
    record(alice, *(f"words {number}" for number in range(KEPT + 5)))
    assert searches(alice) == [f"words {number}" for number in reversed(range(5, KEPT + 5))]
    assert RecentSearch.objects.filter(person=alice).count() == KEPT
    assert searches(bob) == ["bob’s own"]


def test_writing_twice_or_late_changes_nothing(alice: User) -> None:
    now = timezone.now()
    record(alice, "desk", at=now)
    record(alice, "lamp", at=now + timedelta(seconds=1))
    record(alice, "DESK", at=now - timedelta(seconds=1))
    record(alice, "desk", at=now)
    assert searches(alice) == ["lamp", "desk"]


def test_one_is_forgotten_however_it_is_written(alice: User, bob: User) -> None:
    for person in (alice, bob):
        record(person, "Quiet desk", "图书馆")
    for _twice in range(2):
        forget(person=alice, words=" ｑｕｉｅｔ DESK ")
    assert searches(alice) == ["图书馆"]
    assert searches(bob) == ["图书馆", "Quiet desk"]


def test_what_was_not_written_yet_is_forgotten_too(alice: User) -> None:
    request = RequestFactory().get("/search/", headers={"User-Agent": "Firefox"})
    request.user = alice
    remember(request, "desk")
    forget(person=alice, words="desk")
    write_buffer.flush()
    assert searches(alice) == []
    remember(request, "lamp")
    forget_all(person=alice)
    write_buffer.flush()
    assert searches(alice) == []
    visit(alice, "chair")
    assert searches(alice) == ["chair"]


def test_what_another_process_has_not_written_yet_does_not_come_back(alice: User, bob: User) -> None:
    earlier = timezone.now() - timedelta(seconds=1)
    for person in (alice, bob):
        record(person, "lamp", "desk", at=earlier - timedelta(minutes=1))
    forget(person=alice, words="desk")
    for person in (alice, bob):
        record(person, "desk", at=earlier)
    assert searches(alice) == ["lamp"]
    assert searches(bob) == ["desk", "lamp"]
    record(alice, "desk")
    assert searches(alice) == ["desk", "lamp"]


def test_all_are_forgotten_and_none_remembered_while_it_is_off(alice: User, bob: User) -> None:
    for person in (alice, bob):
        record(person, "desk")
    for _twice in range(2):
        keep(person=alice, is_kept=False)
    visit(alice, "lamp")
    assert searches(alice) == []
    assert not keeps_searches(alice)
    assert not keeps_searches(AnonymousUser())
    assert keeps_searches(bob)
    assert searches(bob) == ["desk"]
    keep(person=alice, is_kept=True)
    visit(alice, "chair")
    assert searches(alice) == ["chair"]
    assert RecentChoice.objects.count() == 1


def test_nothing_is_written_of_who_is_away_or_gone(alice: User, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(suspended_at=timezone.now())
    record_searches(searches=[Searched(who, "desk", timezone.now()) for who in (bob.pk, 2**40, alice.pk)])
    assert list(RecentSearch.objects.values_list("person__handle", flat=True)) == ["alice"]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_typed_breaks_it(alice: User, typed: str) -> None:
    visit(alice, typed)
    kept = searches(alice)
    assert len(kept) <= 1
    forget(person=alice, words=typed)
    assert searches(alice) == []


@pytest.mark.django_db(transaction=True)
def test_many_processes_at_once_keep_the_latest(alice: User, bob: User) -> None:
    people = [User.objects.get(handle=handle) for handle in ("alice", "bob")]
    start = timezone.now()

    def write(number: int) -> None:
        try:
            for turn in range(10):
                at = start + timedelta(seconds=turn)
                lines = [
                    Searched(person.pk, f"words {(number + turn * 7 + each) % 30}", at)
                    for each in range(8)
                    for person in people[:: 1 if number % 2 else -1]
                ]
                record_searches(searches=lines)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    errors: list[Exception] = []
    threads = [Thread(target=write, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert [RecentSearch.objects.filter(person=person).count() for person in people] == [KEPT, KEPT]


def test_the_archive_has_ones_own(alice: User, bob: User) -> None:
    record(alice, "desk")
    record(bob, "lamp")
    (part,) = [part for part in PARTS if part.name == "searches"]
    assert [row["words"] for row in part.rows(alice)] == ["desk"]


def test_a_new_search_stays_when_another_is_forgotten_at_the_same_moment(alice: User) -> None:
    record(alice, "desk")
    at = timezone.now()
    forget(person=alice, words="desk")
    record(alice, "lamp", at=at)  # which another process writes later
    assert searches(alice) == ["lamp"]


def test_what_was_forgotten_stays_away_however_late_it_is_written_and_comes_back_when_searched_again(
    alice: User,
) -> None:
    record(alice, "desk")
    at = timezone.now()
    forget(person=alice, words="desk")
    record(alice, "Desk", at=at)
    assert searches(alice) == []
    assert list(archived_searches(alice)) == []
    record(alice, "Desk")
    assert searches(alice) == ["Desk"]


def test_nothing_is_left_of_it_after_the_night_and_it_takes_no_place(alice: User) -> None:
    record(alice, *(f"words {number}" for number in range(KEPT)))
    for number in range(3):
        forget(person=alice, words=f"words {number}")
    record(alice, "one", "two", "three")
    assert len(searches(alice)) == KEPT
    forget_forgotten()
    assert RecentSearch.objects.filter(person=alice).count() == KEPT + 3, "it may still be written"
    RecentSearch.objects.filter(words="").update(searched_at=timezone.now() - timedelta(hours=2))
    forget_forgotten()
    assert RecentSearch.objects.filter(person=alice).count() == KEPT
