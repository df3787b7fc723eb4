"""Campuses by name, short form and city."""

from typing import Any

from django.db.models import QuerySet

from core.db.keyset import PAGE_SIZE, Page
from core.db.prepared_queries import IsAmong, compiled
from notes.models.public_names import shown_campuses
from profiles.models import Campus, Viewer
from search.models.name import Name
from search.names.candidates import FEW, MOST, Candidate, cut, level, named, values
from search.names.typed import Closeness, Conditions, closeness, conditions, sign_of


def found(viewer: Viewer, words: str, after: str = "", size: int = PAGE_SIZE) -> Page[Campus]:
    """Return campuses whose name or city has the words, or for which they are short, as 青屿美院 for 青屿美术学院: the
    same name first, then those that begin so, each with the most used first.
    """
    chosen, further = cut(candidates(viewer, words, MOST if size == PAGE_SIZE else FEW), after, size)
    return Page([Campus(pk=pk, name=name, city=city, slug=slug) for pk, name, city, slug in chosen], further)


def candidates(viewer: Viewer, words: str, most: int) -> list[Candidate[tuple[int, str, str, str]]]:
    """Return the campuses that the words may mean, in no order: each id with its name, city and address."""
    sign, typed = sign_of(words)
    wanted = None if sign else conditions(typed, short=True)
    if wanted is None:
        return []
    ranked = (
        Candidate((pk, name, city, slug), pk, _closeness(typed, name, city), used)
        for pk, name, city, slug, used in _campuses(most=most, **values(wanted))
    )
    return [each for each in ranked if each.closeness < Closeness.APART]


def _closeness(typed: str, name: str, city: str) -> Closeness:
    """Return how close the name comes; its city only holds what is typed."""
    return min(closeness(typed, name), max(Closeness.HOLDS, closeness(typed, city)))


@compiled
def _campuses(*, same: Any, begun: Any, held: Any, most: Any) -> QuerySet[Campus, Any]:
    campuses = shown_campuses().filter(
        IsAmong("pk", named(Name.Kind.CAMPUS, Conditions(same, begun, held), most))
    )
    campuses = campuses.annotate(level=level(Name.Kind.CAMPUS, "profiles_campus"))
    return campuses.values_list("pk", "name", "city", "slug", "level")
