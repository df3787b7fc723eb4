"""Local times and clock changes: which moment a typed time is, in which zone, and what is refused."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from notes.schedule.times import check_range, moment_of, of_doubled

# zone, as typed, the moment in UTC, whether clocks show it twice
TABLE = [
    ("Asia/Shanghai", "2026-12-01T10:00", "2026-12-01T02:00", False),
    ("UTC", "2026-12-01 10:00", "2026-12-01T10:00", False),
    ("Asia/Kolkata", "2026-12-01T10:00", "2026-12-01T04:30", False),
    ("Asia/Kathmandu", "2026-12-01T10:00", "2026-12-01T04:15", False),
    ("Pacific/Kiritimati", "2026-12-01T10:00", "2026-11-30T20:00", False),
    ("America/Los_Angeles", "2026-12-01T10:00", "2026-12-01T18:00", False),
    # Berlin: forward on 29 March at 2:00, back on 25 October at 3:00.
    ("Europe/Berlin", "2026-03-29T01:59", "2026-03-29T00:59", False),
    ("Europe/Berlin", "2026-03-29T02:00", None, False),
    ("Europe/Berlin", "2026-03-29T02:30", None, False),
    ("Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00", False),
    ("Europe/Berlin", "2026-10-25T01:59", "2026-10-24T23:59", False),
    ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30", True),
    ("Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00", False),
    # New York: forward on 8 March at 2:00, back on 1 November at 2:00.
    ("America/New_York", "2026-03-08T02:15", None, False),
    ("America/New_York", "2026-11-01T01:15", "2026-11-01T05:15", True),
    # Lord Howe: by half an hour.
    ("Australia/Lord_Howe", "2026-10-04T02:10", None, False),
    ("Australia/Lord_Howe", "2026-04-05T01:40", "2026-04-04T14:40", True),
    # A day that Samoa skipped, and midnight that Cuba skips.
    ("Pacific/Apia", "2011-12-30T12:00", None, False),
    ("America/Havana", "2026-03-08T00:30", None, False),
]


@pytest.mark.parametrize(("zone", "typed", "moment", "is_doubled"), TABLE)
def test_zones_and_clock_changes(zone: str, typed: str, moment: str | None, is_doubled: bool) -> None:
    if moment is None:
        with pytest.raises(ValidationError, match="does not exist on that day"):
            moment_of(typed, zone)
        return
    found = moment_of(typed, zone)
    assert found.at == datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert found.is_doubled == is_doubled
    assert bool(of_doubled(found)) == is_doubled


def test_a_doubled_time_is_the_first_and_says_so() -> None:
    found = moment_of("2026-10-25T02:30", "Europe/Berlin")
    assert found.at.astimezone(ZoneInfo("Europe/Berlin")).utcoffset() == timedelta(hours=2)
    assert (
        of_doubled(found) == "Clocks show 02:30 twice that day, because they go back. The first one counts."
    )
    assert str(found) == "25 Oct, 02:30, Berlin time (UTC+2)"


@pytest.mark.parametrize(
    "zone",
    ["", "Mars/Olympus", "../../etc/passwd", "Asia", "UTC+25", "Asia/Shanghai\x00", "亚洲/上海", "x" * 5000],
)
def test_a_zone_that_does_not_exist_is_refused(zone: str) -> None:
    with pytest.raises(ValidationError, match="is not a time zone we know"):
        moment_of("2026-12-01T10:00", zone)


@pytest.mark.parametrize(
    "typed",
    [
        *("tomorrow", "2026-12-01", "10:00", "2026-13-01T10:00", "2026-02-30T10:00", "2026-12-01T24:00"),
        *("2026-12-01T10:60", "0000-01-01T00:00", "٢٠٢٦-١٢-٠١T١٠:٠٠", "2026-12-01T10:00Z"),
        *("2026-12-01T10:00+08:00", "\x00", "9" * 10_000, "2026-12-01T10:00:30"),
    ],
)
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="Enter a day and a time"):
        moment_of(typed, "Asia/Shanghai")


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "9999-12-31T23:59"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_ends_of_the_calendar_are_refused(typed: str, zone: str) -> None:
    with pytest.raises(ValidationError):
        check_range(moment_of(typed, zone))


@pytest.mark.parametrize(
    ("ahead", "is_taken"),
    [
        (timedelta(days=-1), False),
        (timedelta(minutes=-1), False),
        (timedelta(minutes=58), False),
        (timedelta(minutes=62), True),
        (timedelta(days=13, hours=23), True),
        (timedelta(days=14, minutes=2), False),
        (timedelta(days=730), False),
    ],
)
def test_from_an_hour_to_14_days(ahead: timedelta, is_taken: bool) -> None:
    at = (timezone.now() + ahead).astimezone(ZoneInfo("Asia/Shanghai"))
    moment = moment_of(f"{at:%Y-%m-%dT%H:%M}", "Asia/Shanghai")
    if is_taken:
        check_range(moment)
    else:
        with pytest.raises(ValidationError, match="from one hour to 14 days from now"):
            check_range(moment)
