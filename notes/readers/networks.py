"""Tell apart the networks that readers of one note come from, without storing anything that identifies them.

A reader's row holds a keyed hash of note and network. The key is random, belongs to one week, and is deleted three
weeks later; after that the hash only shows that some readers of a note shared a network, not which one.
"""

import hmac
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from secrets import token_bytes
from typing import NamedTuple

from django.db import connection

from core.zones import site_day
from notes.models.readers import NetworkKey

IPV4_BITS, IPV6_BITS = 24, 64
KEPT_WEEKS = 4


def network_of(address: str) -> str:
    """Return the /24 of an IPv4 address or the /64 of an IPv6 address; anything else is returned unchanged."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, IPv6Address):
        ip = ip.ipv4_mapped or ip
    bits = IPV6_BITS if isinstance(ip, IPv6Address) else IPV4_BITS
    return str(ip_network(f"{ip.exploded}/{bits}", strict=False))


def labels(opened: Iterable[tuple[int, datetime | None, str]]) -> list[int | None]:
    """Return the label to store for each (note, time of publication, network); None without a network.

    A note uses the key of the week in which it was published, so that a crowd does not look like several by coming on
    several days; an older note uses the oldest key that is kept.
    """
    rows = list(opened)
    oldest = _week(site_day()) - timedelta(weeks=KEPT_WEEKS - 1)
    weeks = [max(oldest, _week(site_day(at)) if at else oldest) for _, at, _ in rows]
    keys = _keys({week for week, (_, _, network) in zip(weeks, rows, strict=True) if network})
    return [
        _label(keys[week], note, network) if network else None
        for week, (note, _, network) in zip(weeks, rows, strict=True)
    ]


def forget_old_keys() -> None:
    """Delete the keys of weeks that no label is made with any more."""
    oldest = _week(site_day()) - timedelta(weeks=KEPT_WEEKS - 1)
    NetworkKey.objects.filter(week__lt=oldest).delete()


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _keys(weeks: Collection[date]) -> dict[date, bytes]:
    """Return the key of each week, created where missing."""
    found = dict(NetworkKey.objects.filter(week__in=weeks).values_list("week", "key"))
    if missing := set(weeks) - set(found):
        fresh = [NetworkKey(week=week, key=token_bytes(32)) for week in sorted(missing)]
        NetworkKey.objects.bulk_create(fresh, ignore_conflicts=True)
        found = dict(NetworkKey.objects.filter(week__in=weeks).values_list("week", "key"))
    return {week: bytes(key) for week, key in found.items()}


def _label(key: bytes, note: int, network: str) -> int:
    digest = hmac.digest(key, f"{note}\n{network}".encode(errors="replace"), "sha256")
    return int.from_bytes(digest[:8], signed=True)


class Crowd(NamedTuple):
    """Several readers of a note who share a network, and how many of them engaged with it."""

    readers: int
    engaged: int


_CROWDS = """
SELECT note_id, count(*), count(engaged_day) FROM notes_notereader
WHERE note_id = ANY(%s) AND network IS NOT NULL AND is_counted
GROUP BY note_id, network HAVING count(*) > 1
"""


def crowds_of(notes: Collection[int]) -> dict[int, list[Crowd]]:
    """Return the crowds of each of these notes, one for each network that several of its readers share."""
    with connection.cursor() as cursor:
        cursor.execute(_CROWDS, [list(notes)])
        rows = cursor.fetchall()
    found: dict[int, list[Crowd]] = {}
    for note, readers, engaged in rows:
        found.setdefault(note, []).append(Crowd(readers, engaged))
    return found
