"""Render the rows of the inbox once per content, and cache the HTML by that content, as notes/cards.py does cards."""

from datetime import timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core.templatetags.redbook import day
from notifications.queries import SHOWN, Item
from profiles.models import User

CACHE_SIZE = 2048  # entries of about 3 kB each
_DAYS_IN_WORDS = timedelta(days=2)  # `day` says them as "5 min ago" or "Yesterday"
_RELATIONS = ("actor", "note", "note__cover", "comment", "label")
_PATHS = [path.rpartition("__") for path in SHOWN]
_of_told = attrgetter("pk", "followed", "asked", *(name for through, _, name in _PATHS if not through))
_of = {
    relation: attrgetter("pk", *(name for through, _, name in _PATHS if through == relation))
    for relation in _RELATIONS
}


class RowKey:
    """The content of a row, compared by all values that are fetched for it, and by what the time makes of them.

    A new fact on a row is a new entry of SHOWN and a line of the template. The item is let go once it is rendered.
    """

    __slots__ = ("item", "values")

    def __init__(self, item: Item) -> None:
        self.item: Item | None = item
        told = item.told
        when = day(told.created_at) if timezone.now() - told.created_at < _DAYS_IN_WORDS else ""
        zone = timezone.get_current_timezone_name()
        values = [item.others, item.is_unread, item.today, zone, when, *_of_told(told)]
        for relation in _RELATIONS:
            about = _related(told, relation)
            values += _of[relation](about) if about else [None]
        self.values = tuple(tuple(value) if isinstance(value, list) else value for value in values)

    def __hash__(self) -> int:
        return hash(self.values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RowKey) and self.values == other.values


def _related(told: Any, relation: str) -> Any:
    if relation == "note__cover":
        return told.note and told.note.cover
    return getattr(told, relation)


def row(item: Item, viewer: User) -> SafeString:
    """Render one row of the viewer's inbox."""
    return _rendered(RowKey(item), viewer.handle, get_language())


@lru_cache(CACHE_SIZE)
def _rendered(key: RowKey, handle: str, language: str | None) -> SafeString:
    item, key.item = key.item, None
    assert item
    told = item.told
    context = {"item": item, "told": told, "note": told.note, "comment": told.comment, "handle": handle}
    return render_to_string("notifications/item.html", context)
