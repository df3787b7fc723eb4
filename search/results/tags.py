"""Tags by name."""

from typing import Any

from django.db.models import QuerySet
from taggit.models import Tag

from core.db.keyset import PAGE_SIZE, Page
from core.db.prepared_queries import IsAmong, compiled
from notes.models.muting import mutes_tag_alone
from notes.models.tags import shown_tags
from profiles.models import Viewer
from search.models.name import Name
from search.names.candidates import FEW, MOST, Candidate, cut, level, named, values
from search.names.typed import Conditions, closeness, conditions, sign_of


def found(viewer: Viewer, words: str, after: str = "", size: int = PAGE_SIZE) -> Page[Tag]:
    """Return tags that have the words in their name, without those that the viewer mutes: the same name first, then
    those that begin so, each with the most used first.
    """
    chosen, further = cut(_candidates(viewer, words, MOST if size == PAGE_SIZE else FEW), after, size)
    return Page([Tag(pk=pk, name=name, slug=slug) for pk, name, slug in chosen], further)


def _candidates(viewer: Viewer, words: str, most: int) -> list[Candidate[tuple[int, str, str]]]:
    """Return the tags that the words may mean, in no order."""
    sign, typed = sign_of(words)
    wanted = conditions(typed) if sign != "@" else None
    if wanted is None:
        return []
    return [
        Candidate((pk, name, slug), pk, closeness(typed, name), used)
        for pk, name, slug, used in _tags(most=most, **values(wanted))
        if not mutes_tag_alone(viewer, name)
    ]


@compiled
def _tags(*, same: Any, begun: Any, held: Any, most: Any) -> QuerySet[Tag, Any]:
    tags = shown_tags().filter(IsAmong("pk", named(Name.Kind.TAG, Conditions(same, begun, held), most)))
    return tags.annotate(level=level(Name.Kind.TAG, "taggit_tag")).values_list("pk", "name", "slug", "level")
