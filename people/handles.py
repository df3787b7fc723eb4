"""Reserved handles."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

# Who speaks for the place, and what it may be mistaken for.
OFFICIAL = frozenset(
    {
        "admin",
        "administrator",
        "anonymous",
        "everyone",
        "former_moderator",
        "help",
        "me",
        "mod",
        "moderation",
        "moderator",
        "moderators",
    }
    | {
        "official",
        "red_book",
        "redbook",
        "root",
        "security",
        "staff",
        "superuser",
        "support",
        "system",
        "team",
    }
    | {"user", "webmaster", "you"}
)


@cache
def reserved() -> frozenset[str]:
    """Return the lower-case handles that are reserved: official words and first URL segments of the site."""
    return OFFICIAL | frozenset(_first_segments(get_resolver().url_patterns))


def suggestion(typed: str) -> str:
    """Return a valid handle close to the input; "" if too little of it is left."""
    plain = unicodedata.normalize("NFKD", typed.casefold()).encode("ascii", "ignore").decode()
    handle = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:30]
    return handle if len(handle) >= 3 and handle not in reserved() else ""


def _first_segments(patterns: list[Any]) -> Iterator[str]:
    for entry in patterns:
        if not isinstance(entry, URLPattern | URLResolver):
            continue
        segment = str(entry.pattern).partition("/")[0].partition("<")[0].strip("^@-")
        if segment:
            yield segment.lower()
        elif isinstance(entry, URLResolver):
            yield from _first_segments(entry.url_patterns)
