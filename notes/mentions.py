"""Whom an @handle in a text means: the person who had it when it was written, under whatever handle they are now."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model

from redbook.text import mentions_in


class Mentions:
    """The people whom some texts mention and the viewer may see, read in one query; in none where there are none."""

    def __init__(self, texts: Iterable[str], viewer: Any) -> None:
        handles = {handle.lower() for text in texts for handle in mentions_in(text)}
        self._tenures: dict[str, list[Any]] = {}
        for tenure in get_user_model().objects.tenures(handles, viewer) if handles else ():
            self._tenures.setdefault(tenure.handle, []).append(tenure)

    def at(self, written: datetime, changed: datetime | None = None) -> dict[str, str]:
        """Addresses by lower-case handle, for a text of this time that was last changed at another.

        A handle that somebody had, or that rested for them, when the text was begun means that person, whatever was
        changed later. One that nobody had had until then means the first who took it before the last change.
        """
        meant = {handle: _meant(rows, written, changed or written) for handle, rows in self._tenures.items()}
        return {handle: f"/@{now}/" for handle, now in meant.items() if now}


def _meant(tenures: list[Any], written: datetime, changed: datetime) -> str:
    then = [
        each for each in tenures if each.since <= written and (each.until is None or written < each.until)
    ]
    if then:
        return str(max(then, key=lambda each: each.since).now)
    later = [each for each in tenures if written < each.since <= changed]
    return str(min(later, key=lambda each: each.since).now) if later else ""
