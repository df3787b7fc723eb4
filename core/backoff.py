"""Exponential backoff: repeated failures make the next try wait, twice as long each time, and fade with time.

Counters are rows in the table of core/limits.py, so that no counter evicts another.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Any

from django.db import connection

# In one statement: forgets what time has taken, counts, and sets the wait; or changes nothing during a wait.
_COUNT = """
INSERT INTO limit_spent AS spent (key, since, number, until)
VALUES (
    %(key)s, clock_timestamp(), greatest(%(units)s, %(lowest)s),
    clock_timestamp() + CASE WHEN %(units)s > %(free)s THEN
        least(%(longest)s::interval, %(first)s::interval * power(2, least(%(units)s - %(free)s - 1, 30))) END
)
ON CONFLICT (key) DO UPDATE SET (number, since, until) = (
    SELECT
        least(greatest(level + %(units)s, %(lowest)s), %(highest)s),
        CASE WHEN level = 0 THEN clock_timestamp() ELSE spent.since + steps * %(fades)s::interval END,
        clock_timestamp() + CASE WHEN %(units)s > 0 AND level + %(units)s > %(free)s THEN
            least(
                %(longest)s::interval,
                %(first)s::interval * power(2, least(level + %(units)s - %(free)s - 1, 30))
            ) END
    FROM (
        SELECT least(
            floor(extract(epoch FROM clock_timestamp() - spent.since) / extract(epoch FROM %(fades)s::interval)),
            1000000
        )::int AS steps
    ) AS passed, LATERAL (
        SELECT CASE
            WHEN spent.number > 0 THEN greatest(spent.number - steps, 0) ELSE least(spent.number + steps, 0)
        END AS level
    ) AS faded
)
WHERE %(units)s < 0 OR spent.until IS NULL OR spent.until <= clock_timestamp()
RETURNING number
"""
_UNTIL = "SELECT until FROM limit_spent WHERE key = %s AND until > clock_timestamp()"

IPV6_CUSTOMER_BITS, IPV6_SITE_BITS = 64, 48  # what a provider gives one customer at least, and often
SITE_IS = 4  # how many customers a site counts as


@dataclass(frozen=True, slots=True)
class Backoff:
    """`free` failures cost nothing. After each further one the next try has to wait: `first`, then twice as long each
    time, at most `longest`.

    One failure is forgotten every `fades`. Up to `credit` tries may be saved up in advance.
    """

    free: int
    first: timedelta
    longest: timedelta
    fades: timedelta
    credit: int = 0

    @property
    def highest(self) -> int:
        """The number of failures beyond which the wait no longer grows."""
        doublings = int(self.longest / self.first).bit_length()
        return self.free + 1 + doublings


class Waiting(Exception):
    """Raised during a wait, which ends at `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


def charge(backoff: Backoff, key: str, units: int = 1) -> None:
    """Count failures. Raise Waiting during a wait, without counting."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _values(backoff, key, units))
        counted = cursor.fetchone()
    if not counted:
        check(key)
        charge(backoff, key, units)  # the wait has just passed


def refund(backoff: Backoff, key: str, units: int = 1) -> None:
    """Subtract failures, down to the credit, and end the wait."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _values(backoff, key, -units))


def check(key: str) -> None:
    """Raise Waiting during a wait."""
    with connection.cursor() as cursor:
        cursor.execute(_UNTIL, [key])
        row = cursor.fetchone()
    if row:
        raise Waiting(row[0])


def clear(*keys: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM limit_spent WHERE key = ANY(%s)", [list(keys)])


def networks(address: str) -> list[tuple[str, int]]:
    """Return the networks that an address belongs to, and how many customers each may have: an IPv4 address one; the
    first 64 bits of an IPv6 address one, its first 48 several.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if not isinstance(ip, IPv6Address):
        return [(str(ip), 1)]
    return [(_first_bits(ip, IPV6_CUSTOMER_BITS), 1), (_first_bits(ip, IPV6_SITE_BITS), SITE_IS)]


def times(backoff: Backoff, customers: int) -> Backoff:
    """Return the same for so many customers together."""
    return replace(backoff, free=backoff.free * customers, fades=backoff.fades / customers)


def _first_bits(ip: IPv6Address, bits: int) -> str:
    return f"{IPv6Address(int(ip) >> (128 - bits) << (128 - bits))}/{bits}"


def _values(backoff: Backoff, key: str, units: int) -> dict[str, Any]:
    return {
        "key": key,
        "units": units,
        "free": backoff.free,
        "first": backoff.first,
        "longest": backoff.longest,
        "fades": backoff.fades,
        "lowest": -backoff.credit,
        "highest": backoff.highest,
    }
