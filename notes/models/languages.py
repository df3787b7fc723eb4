"""The note languages a viewer chose: a filter on lists of many people's notes, which does not reorder them."""

from django.db.models import Q

from core.db.keyset import REACH
from core.languages import UNKNOWN
from notes.models.muting import without_muted
from profiles.models import Viewer

FILTERED_REACH = 8  # pages of rows that one page is filtered from: a language may be rare


def languages_of(viewer: Viewer) -> tuple[str, ...]:
    """Return the languages the viewer chose; empty for all languages, and for visitors."""
    return tuple(viewer.languages) if viewer.is_authenticated else ()


def in_languages(viewer: Viewer) -> Q | None:
    """Match notes in the viewer's languages, without a known language, or their own. None if all languages are
    wanted.
    """
    wanted = languages_of(viewer)
    return Q(author=viewer) | Q(language__in=[UNKNOWN, *wanted]) if wanted else None


def wanted_in_lists(viewer: Viewer) -> tuple[Q | None, int]:
    """Return the filter for what a viewer's lists leave out beyond people, as `keyset` takes it, and how many rows a
    page examines.
    """
    language, muted = in_languages(viewer), without_muted(viewer)
    if language is None:
        return muted, REACH
    return (language & muted if muted else language), FILTERED_REACH
