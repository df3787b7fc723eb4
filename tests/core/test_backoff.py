"""Backoff: waits grow with failures, end and fade, counted once for all processes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.backoff import Backoff, Waiting, charge, check, clear, networks, refund
from core.limits import forget_old

MINUTE = timedelta(minutes=1)
BACKOFF = Backoff(free=2, first=MINUTE, longest=6 * MINUTE, fades=30 * MINUTE)


def pass_time(by: timedelta) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE limit_spent SET since = since - %s, until = until - %s", [by, by])


def wait_of(key: str = "door") -> timedelta:
    try:
        check(key)
    except Waiting as waiting:
        return waiting.until - timezone.now()
    return timedelta()


def minutes(wait: timedelta) -> float:
    return round(wait / MINUTE, 1)


def test_waits_double_up_to_the_longest(db: None) -> None:
    waits = []
    for _ in range(7):
        charge(BACKOFF, "door")
        waits.append(minutes(wait_of()))
        pass_time(wait_of())
    assert waits == [0, 0, 1, 2, 4, 6, 6]


def test_a_try_during_a_wait_counts_nothing(db: None) -> None:
    for _ in range(3):
        charge(BACKOFF, "door")
    for _ in range(5):
        with pytest.raises(Waiting):
            charge(BACKOFF, "door")
    assert minutes(wait_of()) == 1


def test_failures_fade_one_by_one_however_often_one_tries(db: None) -> None:
    """A try every 20 minutes, one forgotten every 30: what is left of a step counts towards the next."""
    for _ in range(2):
        charge(BACKOFF, "door")
    waits = []
    for _ in range(3):
        pass_time(20 * MINUTE)
        charge(BACKOFF, "door")
        waits.append(minutes(wait_of()))
    assert waits == [1, 1, 1]


def test_a_success_takes_one_back_and_ends_the_wait(db: None) -> None:
    for _ in range(3):
        charge(BACKOFF, "door")
    refund(BACKOFF, "door")
    assert wait_of() == timedelta()
    charge(BACKOFF, "door")
    assert minutes(wait_of()) == 1


def test_credit_is_held_up_to_its_bound(db: None) -> None:
    trusting = replace(BACKOFF, credit=3)
    refund(trusting, "door", 10)
    for _ in range(5):
        charge(trusting, "door")
        assert wait_of() == timedelta()
    charge(trusting, "door")
    assert minutes(wait_of()) == 1


def test_cleared_and_forgotten(db: None) -> None:
    for key in ("door", "gate"):
        charge(BACKOFF, key, 9)
    clear("door")
    assert wait_of("door") == timedelta()
    assert wait_of("gate") > timedelta()
    pass_time(timedelta(days=3))
    forget_old()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM limit_spent")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_a_race_takes_no_more_than_is_free() -> None:
    def attempt(_: int) -> bool:
        try:
            charge(BACKOFF, "door")
        except Waiting:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(40))) == 3, "the one that begins the wait has been let in"
    clear("door")


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", [("203.0.113.7", 1)]),
        ("::ffff:203.0.113.7", [("203.0.113.7", 1)]),
        ("2001:db8:1:2:aaaa::1", [("2001:db8:1:2::/64", 1), ("2001:db8:1::/48", 4)]),
        ("2001:db8:1:3:bbbb::2", [("2001:db8:1:3::/64", 1), ("2001:db8:1::/48", 4)]),
    ],
)
def test_networks_of_an_address(address: str, counted: list[tuple[str, int]]) -> None:
    assert networks(address) == counted
