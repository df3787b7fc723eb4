"""Tags by name."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from taggit.models import Tag

from core.db.keyset import PAGE_SIZE, Page
from core.db.prepared_queries import IsAmong, compiled
from notes.models.muting import mutes_tag_alone
from notes.models.tags import shown_tags
from profiles.models import Viewer
from search.models.name import Name
from search.names.candidates import FEW, MOST, Candidate, Row, columns, cut, level, named, row, values
from search.names.near import distance_to, near_names
from search.names.typed import Conditions, closeness, conditions, sign_of


def found(viewer: Viewer, words: str, after: str = "", size: int = PAGE_SIZE) -> Page[Tag]:
    """Return tags that have the words in their name, without those that the viewer mutes: the same name first, then
    those that begin so, each with the most used first.
    """
    return page(viewer, words, rows(words, MOST if size == PAGE_SIZE else FEW), after, size)


def rows(words: str, most: int) -> list[Row]:
    """Return the tags that the words may mean, in no order."""
    sign, typed = sign_of(words)
    wanted = conditions(typed) if sign != "@" else None
    return [row(*each) for each in _tags(most=most, **values(wanted))] if wanted else []


def page(viewer: Viewer, words: str, rows: Sequence[Row], after: str, size: int) -> Page[Tag]:
    """Return a page of the tags among these rows, which are in no order."""
    _sign, typed = sign_of(words)
    ranked = [
        Candidate(each, each.pk, closeness(typed, each.words[0]), each.used)
        for each in rows
        if not mutes_tag_alone(viewer, each.words[0])
    ]
    chosen, further = cut(ranked, after, size)
    return Page([Tag(pk=pk, name=name, slug=slug) for _, pk, (name, slug, _), *_ in chosen], further)


def near(viewer: Viewer, words: str, size: int) -> list[Tag]:
    """Return tags near the words, the nearest first, without those that the viewer mutes."""
    wanted = near_names(words) if sign_of(words)[0] != "@" else None
    found = [row(*each) for each in _tags(most=FEW, **values(wanted))] if wanted else []
    found.sort(key=lambda each: (distance_to(words, each.words[0]), -each.used, each.pk))
    wished = [each for each in found if not mutes_tag_alone(viewer, each.words[0])]
    return [Tag(pk=pk, name=name, slug=slug) for _, pk, (name, slug, _), *_ in wished[:size]]


def query(wanted: Conditions, most: Any) -> QuerySet[Tag, Any]:
    tags = shown_tags().filter(IsAmong("pk", named(Name.Kind.TAG, wanted, most)))
    return columns(tags, Name.Kind.TAG, ("name", "slug"), level(Name.Kind.TAG, "taggit_tag"))


@compiled
def _tags(*, same: Any, begun: Any, held: Any, most: Any) -> QuerySet[Tag, Any]:
    return query(Conditions(same, begun, held), most)
