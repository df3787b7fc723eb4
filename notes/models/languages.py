"""The languages that a viewer wants notes in: a filter over lists of many people's notes, which moves none."""

from typing import Any

from django.db.models import Q

from notes.models.muting import free_of_muted
from redbook.languages import UNKNOWN
from redbook.pages import REACH

FILTERED_REACH = 8  # pages' worth of rows that one page is chosen from: a language may be a small part of all


def languages_of(viewer: Any) -> tuple[str, ...]:
    """What they chose; nothing where they want all, and for visitors."""
    return tuple(viewer.languages) if viewer.is_authenticated else ()


def in_languages(viewer: Any) -> Q | None:
    """That a note is the viewer's own, in a language they want, or in none that is known. None where they want all."""
    wanted = languages_of(viewer)
    return Q(author=viewer) | Q(language__in=[UNKNOWN, *wanted]) if wanted else None


def wanted_in_lists(viewer: Any) -> tuple[Q | None, int]:
    """What a list leaves out for its viewer beyond people, as `keyset` takes it, and how far a page looks for it."""
    language, muted = in_languages(viewer), free_of_muted(viewer)
    if language is None:
        return muted, REACH
    return (language & muted if muted else language), FILTERED_REACH
