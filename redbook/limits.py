"""How often one person or one address may do a thing, counted in PostgreSQL for all web processes together."""

import math
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import ngettext

NEW_ACCOUNT = timedelta(hours=24)
IPV6_NETWORK_BITS = 64  # what a provider gives one customer at least

# Counts in one statement, or changes nothing where the window is full.
_SPEND = """
INSERT INTO limit_spent AS spent (key, since, number) VALUES (%(key)s, now(), %(number)s)
ON CONFLICT (key) DO UPDATE SET
    since = CASE WHEN spent.since <= now() - %(window)s THEN now() ELSE spent.since END,
    number = CASE WHEN spent.since <= now() - %(window)s THEN 0 ELSE spent.number END + %(number)s
WHERE spent.since <= now() - %(window)s OR spent.number + %(number)s <= %(most)s
RETURNING number
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` within `window`, which begins with the first."""

    most: int
    window: timedelta


class TooMany(Exception):
    """The limit is reached; `wait` says for how long."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait

    def __str__(self) -> str:
        """The refusal as the person reads it, with the time to wait in whole minutes or hours."""
        minutes = max(1, math.ceil(self.wait.total_seconds() / 60))
        if minutes > 90:
            hours = math.ceil(minutes / 60)
            return ngettext(
                "That was a lot at once. You can go on in %(number)d hour.",
                "That was a lot at once. You can go on in %(number)d hours.",
                hours,
            ) % {"number": hours}
        return ngettext(
            "That was a lot at once. You can go on in %(number)d minute.",
            "That was a lot at once. You can go on in %(number)d minutes.",
            minutes,
        ) % {"number": minutes}


def spend(name: str, person: Any, number: int = 1) -> None:
    """Counts `number` of what settings.LIMITS[name] limits. Raises TooMany, and then nothing was counted.

    Accounts younger than a day have half.
    """
    limit: Limit = settings.LIMITS[name]
    is_new = timezone.now() < person.date_joined + NEW_ACCOUNT
    _spend(f"{name}:{person.pk}", limit.most // 2 if is_new else limit.most, limit.window, number)


def spend_by_address(name: str, address: str) -> None:
    """The same for a network address: of IPv6 the /64 counts. Raises TooMany."""
    limit: Limit = settings.LIMITS[name]
    _spend(f"{name}:{network(address)}", limit.most, limit.window, 1)


def network(address: str) -> str:
    """What one customer of a provider has: an IPv4 address, or the first 64 bits of an IPv6 one."""
    ip = ip_address(address)
    if not isinstance(ip, IPv6Address):
        return str(ip)
    return str(ip.ipv4_mapped or IPv6Address(int(ip) >> IPV6_NETWORK_BITS << IPV6_NETWORK_BITS))


def forget_old() -> None:
    """Drops what no window can still hold."""
    longest = max(limit.window for limit in settings.LIMITS.values())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM limit_spent WHERE since < now() - %s", [longest])


def _spend(key: str, most: int, window: timedelta, number: int) -> None:
    if not settings.LIMITS_ON or number == 0:
        return
    with connection.cursor() as cursor:
        if number <= most:
            cursor.execute(_SPEND, {"key": key, "window": window, "number": number, "most": most})
            if cursor.fetchone():
                return
        cursor.execute("SELECT since + %s - now() FROM limit_spent WHERE key = %s", [window, key])
        row = cursor.fetchone()
    raise TooMany(row[0] if row else window)
