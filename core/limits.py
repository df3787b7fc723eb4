"""Rate limits per person or network, counted in PostgreSQL for all web processes together."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from core.dates import calendar_day

NEW_ACCOUNT = timedelta(hours=24)
REPEATS = 20
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONGEST = timedelta(days=2)  # what no counter of any kind outlasts

# Counts in one statement, or changes nothing where the window is full.
_SPEND = """
INSERT INTO limit_spent AS spent (key, since, number) VALUES (%(key)s, now(), %(number)s)
ON CONFLICT (key) DO UPDATE SET
    since = CASE WHEN spent.since <= now() - %(window)s THEN now() ELSE spent.since END,
    number = CASE WHEN spent.since <= now() - %(window)s THEN 0 ELSE spent.number END + %(number)s
WHERE spent.since <= now() - %(window)s OR spent.number + %(number)s <= %(most)s
RETURNING number
"""


class Account(Protocol):
    """The person whose uses a limit counts."""

    @property
    def pk(self) -> int: ...

    @property
    def date_joined(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` within `window`, which begins with the first use. An account younger than a day has half, or
    `first_day` if given.
    """

    most: int
    window: timedelta
    first_day: int = 0


class TooMany(Exception):
    """A limit is reached until `until`. Its text tells the reader which one, and when to try again."""

    def __init__(self, until: datetime, reached: str, advice: str = "") -> None:
        super().__init__(until, reached, advice)
        self.until, self.reached, self.advice = until, reached, advice

    def __str__(self) -> str:
        said = _("%(reached)s %(again)s") % {"reached": self.reached, "again": try_again(self.until)}
        return _("%(said)s %(advice)s") % {"said": said, "advice": self.advice} if self.advice else said

    def tell(self, response: HttpResponse) -> HttpResponse:
        """Return the response with a Retry-After header."""
        response["Retry-After"] = str(self.seconds)
        return response

    @property
    def seconds(self) -> int:
        """Seconds to wait, for Retry-After; at least one."""
        return max(1, math.ceil((self.until - timezone.now()).total_seconds()))


def try_again(until: datetime) -> str:
    """Return when to try again, in site time, rounded up to the minute."""
    now = timezone.now()
    if until <= now + timedelta(minutes=1):
        return _("Try again in a minute.")
    local = timezone.localtime(until + timedelta(seconds=59.999999)).replace(second=0, microsecond=0)
    days = (local.date() - timezone.localdate(now)).days
    said = {"time": f"{local:%H:%M}"}
    if days == 0:
        return _("Try again at %(time)s.") % said
    if days == 1:
        return _("Try again tomorrow at %(time)s.") % said
    said["day"] = calendar_day(local)
    return _("Try again on %(day)s at %(time)s.") % said


def spend(name: str, person: Account, number: int = 1, *, once: str = "") -> None:
    """Count `number` uses of the limit settings.LIMITS[name]. Raise TooMany without counting.

    With `once`, the same text again within the window counts nothing, up to REPEATS times: a form that is sent twice.
    """
    if not settings.LIMITS_ON or number == 0:
        return
    limit: Limit = settings.LIMITS[name]
    key, most, window = _allowance(name, limit, person)
    with transaction.atomic():
        if once and 1 < tally(f"{key}:once:{hashed(once)}", limit.window) <= REPEATS:
            return
        _spend(key, most, window, number, person)


def spend_from(name: str, places: Sequence[tuple[str, int]]) -> None:
    """Count a use of the limit settings.LIMITS[name] by whoever is not signed in: of each network they come from, which
    may have as many as its customers together (`core.backoff.networks`). Raise TooMany.
    """
    if not settings.LIMITS_ON:
        return
    limit: Limit = settings.LIMITS[name]
    for network, customers in places:
        _spend(f"{name}:{hashed(network)}", limit.most * customers, limit.window, 1)


def left(name: str, person: Account) -> int | None:
    """Return how much is left of the first day's allowance; None after the first day, or if limits are off."""
    limit: Limit = settings.LIMITS[name]
    if not (settings.LIMITS_ON and limit.first_day and _is_new(person)):
        return None
    key, most, window = _allowance(name, limit, person)
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM limit_spent WHERE key = %s AND since > now() - %s", [key, window])
        row = cursor.fetchone()
    return max(0, most - (row[0] if row else 0))


def tally(key: str, window: timedelta) -> int:
    """Count one use of `key`, and return the count in this window."""
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, {"key": key, "window": window, "number": 1, "most": 2**30})
        return int(cursor.fetchone()[0])


def hashed(*words: str) -> str:
    """Return a hash for use in a key: the table holds neither e-mail nor network addresses."""
    return salted_hmac("core.limits", "\0".join(words), algorithm="sha256").hexdigest()[:40]


def forget_old() -> None:
    """Delete counters whose window is over."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM limit_spent WHERE greatest(since, until) < now() - %s", [LONGEST])


def _is_new(person: Account) -> bool:
    return bool(timezone.now() < person.date_joined + NEW_ACCOUNT)


def _allowance(name: str, limit: Limit, person: Account) -> tuple[str, int, timedelta]:
    """Return the counter's key, its maximum and its window."""
    if not _is_new(person):
        return f"{name}:{person.pk}", limit.most, limit.window
    if limit.first_day:
        return f"{name}:first:{person.pk}", limit.first_day, NEW_ACCOUNT
    return f"{name}:{person.pk}", max(1, limit.most // 2), limit.window


def _spend(key: str, most: int, window: timedelta, number: int, person: Account | None = None) -> None:
    with connection.cursor() as cursor:
        if number <= most:
            cursor.execute(_SPEND, {"key": key, "window": window, "number": number, "most": most})
            if cursor.fetchone():
                return
        cursor.execute("SELECT since + %s FROM limit_spent WHERE key = %s", [window, key])
        row = cursor.fetchone()
    until = row[0] if row else timezone.now() + window
    if person and _is_new(person):  # the day ends, and with it the smaller allowance
        until = min(until, person.date_joined + NEW_ACCOUNT)
    raise TooMany(until, _reached(window, ":first:" in key))


def _reached(window: timedelta, is_first_day: bool) -> str:
    if is_first_day:
        return _("You've reached the limit for your first day.")
    if window == HOUR:
        return _("You've reached this hour's limit.")
    if window == DAY:
        return _("You've reached today's limit.")
    return _("You've reached the limit for now.")
