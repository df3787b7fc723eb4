"""When a digest is due: by the clock of a person's zone, once a day, through clock changes and travels."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from notifications.digest.hours import APART, Due, next_due, time_of


def days(zone: str, hour: int, start: datetime, number: int) -> list[Due]:
    """Return the first digests after this time."""
    found: list[Due] = []
    while len(found) < number:
        last = found[-1] if found else None
        found.append(next_due(hour, ZoneInfo(zone), after=last.at if last else start, last=last))
    return found


@pytest.mark.parametrize(
    ("zone", "hour", "day", "before", "then", "after"),
    [
        # The hour that a clock leaves out: the hour after, that day alone.
        ("America/New_York", 2, date(2026, 3, 8), "07:00", "07:00", "06:00"),
        ("Europe/Paris", 2, date(2026, 3, 29), "01:00", "01:00", "00:00"),
        ("America/Sao_Paulo", 0, date(2018, 11, 4), "03:00", "03:00", "02:00"),
        ("Africa/Cairo", 0, date(2026, 4, 24), "22:00", "22:00", "21:00"),
        ("Africa/Casablanca", 2, date(2026, 3, 22), "02:00", "02:00", "01:00"),
        ("Australia/Lord_Howe", 2, date(2026, 10, 4), "15:30", "15:30", "15:00"),
        # The hour that it shows twice: the first of both.
        ("America/New_York", 1, date(2026, 11, 1), "05:00", "05:00", "06:00"),
        ("Europe/London", 1, date(2026, 10, 25), "00:00", "00:00", "01:00"),
        ("Australia/Lord_Howe", 1, date(2026, 4, 5), "14:00", "14:00", "14:30"),
        # Hours that are there once, on days of 23 and 25 hours, and where clocks do not change.
        ("Europe/Paris", 18, date(2026, 3, 29), "17:00", "16:00", "16:00"),
        ("Europe/Paris", 18, date(2026, 10, 25), "16:00", "17:00", "17:00"),
        ("Asia/Shanghai", 18, date(2026, 3, 29), "10:00", "10:00", "10:00"),
        ("Asia/Kathmandu", 18, date(2026, 3, 29), "12:15", "12:15", "12:15"),
    ],
)
def test_each_day_has_one(zone: str, hour: int, day: date, before: str, then: str, after: str) -> None:
    start = time_of(day - timedelta(days=1), hour, ZoneInfo(zone)) - timedelta(minutes=1)
    found = days(zone, hour, start, 3)
    assert [each.day for each in found] == [day + timedelta(days=number) for number in (-1, 0, 1)]
    assert [f"{each.at:%H:%M}" for each in found] == [before, then, after]


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize(
    "zone",
    [
        "Asia/Shanghai",
        "America/New_York",
        "Europe/London",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Asia/Gaza",
    ],
)
def test_a_year_has_a_digest_each_day(zone: str, hour: int) -> None:
    found = days(zone, hour, datetime(2026, 1, 1, 12, tzinfo=UTC), 366)
    assert [(later.day - each.day).days for each, later in pairwise(found)] == [1] * 365


def test_a_day_that_a_place_left_out_has_none() -> None:
    found = days("Pacific/Apia", 18, datetime(2011, 12, 28, tzinfo=UTC), 4)
    gaps = [later.at - each.at for each, later in pairwise(found)]
    assert max(gaps) <= timedelta(days=1), "the 30th of December 2011 was not there"
    assert min(gaps) >= APART


CITIES = [
    *("Asia/Shanghai", "America/Los_Angeles", "Europe/London", "Pacific/Auckland", "America/New_York"),
    *("Asia/Kolkata", "Asia/Dubai", "Africa/Lagos", "America/Sao_Paulo", "Asia/Tokyo", "Pacific/Honolulu"),
]


@pytest.mark.parametrize("origin", CITIES)
@pytest.mark.parametrize("goal", CITIES)
def test_travellers_get_one_a_day_and_never_wait_two(origin: str, goal: str) -> None:
    """Whenever between two digests they arrive, at each hour of the day."""
    last = next_due(18, ZoneInfo(origin), after=datetime(2026, 6, 1, tzinfo=UTC))
    planned = next_due(18, ZoneInfo(origin), after=last.at, last=last)
    arrival = last.at
    while arrival < planned.at:
        found = next_due(18, ZoneInfo(goal), after=arrival, last=last)
        assert found.day > last.day
        assert APART <= found.at - last.at < timedelta(hours=48), (arrival, found)
        arrival += timedelta(hours=1)


@pytest.mark.parametrize("hour", range(24))
def test_another_hour_brings_no_second_one_within_a_day(hour: int) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    last = next_due(18, zone, after=datetime(2026, 6, 1, tzinfo=UTC))
    for passed in range(24):
        found = next_due(hour, zone, after=last.at + timedelta(hours=passed), last=last)
        assert APART <= found.at - last.at < timedelta(hours=48)
