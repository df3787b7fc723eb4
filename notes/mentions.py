"""Resolve an @handle in a text to the person who had it when the text was written, under their current handle."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from core.text import mentions_in
from profiles.models import User, Viewer


class Mentions:
    """The people mentioned in some texts, if the viewer may see them: one query, or none without mentions."""

    def __init__(self, texts: Iterable[str], viewer: Viewer) -> None:
        handles = {handle.lower() for text in texts for handle in mentions_in(text)}
        self._tenures: dict[str, list[Any]] = {}
        for tenure in User.objects.tenures(handles, viewer) if handles else ():
            self._tenures.setdefault(tenure.handle, []).append(tenure)

    def at(self, written: datetime, changed: datetime | None = None) -> dict[str, str]:
        """Return profile addresses by lower-case handle, for a text written and last changed at these times.

        A handle that a person had, or that was reserved for them, when the text was written means that person, whatever
        changed later. A handle that was free then means the first person who took it before the last change.
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
