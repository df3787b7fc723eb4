"""Tells a visitor's first look at a note today from the next ones, and keeps nothing that leads back to them.

A keyed hash of address, browser and note, under a key that lives in this process alone and is thrown away with the
day's hashes. Several web processes may each take the same visitor for new: visits enter no rate and no ranking.
"""

import hmac
from datetime import date
from secrets import token_bytes
from threading import Lock

from django.utils import timezone

MOST = 100_000  # hashes kept, about 10 MB; from then on the oldest are forgotten, and may count again


class _Today:
    def __init__(self, day: date) -> None:
        self.day = day
        self.key = token_bytes(32)
        self.seen: dict[bytes, None] = {}


_lock = Lock()
_today = _Today(date.min)


def is_first_visit(address: str, agent: str, note: int) -> bool:
    """Whether this process has not answered so for them today; the site's day."""
    global _today
    day = timezone.localdate()
    with _lock:
        if day != _today.day:
            _today = _Today(day)
        seen = _today.seen
        mark = hmac.digest(_today.key, f"{address}\n{note}\n{agent}".encode(errors="replace"), "sha256")[:16]
        if mark in seen:
            return False
        if len(seen) >= MOST:
            del seen[next(iter(seen))]
        seen[mark] = None
        return True
