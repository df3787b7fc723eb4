"""Toasts: messages about what was just done, with an Undo button."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest, QueryDict

MESSAGES_MAX = 20  # kept until a page shows them


class NewestMessages(FallbackStorage):
    """Django's message storage in a cookie or else the session, limited to the newest MESSAGES_MAX."""

    def _store(self, messages: list[Any], response: Any, *args: Any, **options: Any) -> list[Any]:
        return super()._store(messages[-MESSAGES_MAX:], response, *args, **options)  # type: ignore[misc,no-any-return]


def say(request: HttpRequest, text: str, *, undo: str = "", more: str = "", **field: str) -> None:
    """Show a message on the next page. `undo` is the address that its Undo button posts to, with one `field`; `more` a
    page that leads on from a save.
    """
    tags = f"{undo}?{urlencode(field)}" if field else undo
    messages.success(request, text, extra_tags=f"{tags} {more}" if more else tags)


def undo_of(tags: str) -> dict[str, str]:
    """Return from a message's extra tags the `address` of its Undo button, the `name` and `value` it sends, and the
    address of `more`.
    """
    undo, _space, more = tags.partition(" ")
    address, _mark, query = undo.partition("?")
    name, value = next(iter(QueryDict(query).items()), ("", ""))
    return {"address": address, "name": name, "value": value, "more": more}
