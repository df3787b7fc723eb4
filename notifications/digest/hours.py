"""On which day and when a digest is due, through clock changes and travels."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

LATE = timedelta(hours=6)  # after this a digest that was not sent is left to the next day's
APART = timedelta(hours=18)  # two digests at least, when a person travels or chooses another hour


class Due(NamedTuple):
    """A day by the clock of a person's zone, and the time at which its digest is due."""

    day: date
    at: datetime


def next_due(hour: int, zone: ZoneInfo, *, after: datetime, last: Due | None = None) -> Due:
    """Return the first time after this one at which a person gets a digest, whose last was that."""
    day = after.astimezone(zone).date()
    while True:
        at = time_of(day, hour, zone)
        if at > after and (last is None or (day > last.day and at - last.at >= APART)):
            return Due(day, at)
        day += timedelta(days=1)


def time_of(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """Return when it is this hour: where the clock shows it twice, the first time; where it leaves it out, the hour
    after.
    """
    return datetime.combine(day, time(hour), zone).astimezone(UTC)
