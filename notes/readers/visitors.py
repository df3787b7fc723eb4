"""Detect a visitor's first look at something today, without storing anything that identifies them.

Uses a keyed hash of address, browser and subject; the key lives in this process only and is deleted each day with its
hashes. Several web processes may each see the same visitor as new: visits enter no rate and no ranking.
"""

import hmac
from datetime import date
from secrets import token_bytes
from threading import Lock

from core.zones import site_day

MOST = 100_000  # hashes kept, about 10 MB; beyond that the oldest are dropped and may count again


class _Today:
    def __init__(self, day: date) -> None:
        self.day = day
        self.key = token_bytes(32)
        self.seen: dict[bytes, None] = {}


_lock = Lock()
_today = _Today(date.min)


def is_first_visit(address: str, agent: str, seen: object) -> bool:
    """Return whether this process sees this visitor and subject for the first time today (the site's day)."""
    with _lock:
        _turn_page()
        said = f"{address}\n{seen}\n{agent}".encode(errors="replace")
        mark, marks = hmac.digest(_today.key, said, "sha256")[:16], _today.seen
        if mark in marks:
            return False
        if len(marks) >= MOST:
            del marks[next(iter(marks))]
        marks[mark] = None
        return True


def forget_yesterday() -> None:
    """Delete the key and hashes of a past day, even without further visits."""
    with _lock:
        _turn_page()


def _turn_page() -> None:
    global _today
    day = site_day()
    if day != _today.day:
        _today = _Today(day)
