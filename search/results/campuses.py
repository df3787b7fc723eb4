"""Campuses by name, short form and city."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from core.db.keyset import PAGE_SIZE, Page
from core.db.prepared_queries import IsAmong, compiled
from notes.models.public_names import shown_campuses
from profiles.models import Campus, Viewer
from search.models.name import Name
from search.names.candidates import FEW, MOST, Candidate, Row, columns, cut, level, named, row, values
from search.names.typed import Closeness, Conditions, closeness, conditions, sign_of


def found(viewer: Viewer, words: str, after: str = "", size: int = PAGE_SIZE) -> Page[Campus]:
    """Return campuses whose name or city has the words, or for which they are short, as 青屿美院 for 青屿美术学院: the
    same name first, then those that begin so, each with the most used first.
    """
    return page(words, rows(words, MOST if size == PAGE_SIZE else FEW), after, size)


def rows(words: str, most: int) -> list[Row]:
    """Return the campuses that the words may mean, in no order."""
    sign, typed = sign_of(words)
    wanted = None if sign else conditions(typed, short=True)
    return [row(*each) for each in _campuses(most=most, **values(wanted))] if wanted else []


def page(words: str, rows: Sequence[Row], after: str, size: int) -> Page[Campus]:
    """Return a page of the campuses among these rows, which are in no order."""
    chosen, further = cut(_ranked(words, rows), after, size)
    return Page(
        [Campus(pk=pk, name=name, city=city, slug=slug) for _, pk, (name, city, slug), *_ in chosen], further
    )


def candidates(words: str, most: int) -> list[Candidate[Row]]:
    """Return the campuses that the words may mean, in no order: name, city and address of each."""
    return _ranked(words, rows(words, most))


def query(wanted: Conditions, most: Any) -> QuerySet[Campus, Any]:
    campuses = shown_campuses().filter(IsAmong("pk", named(Name.Kind.CAMPUS, wanted, most)))
    used = level(Name.Kind.CAMPUS, "profiles_campus")
    return columns(campuses, Name.Kind.CAMPUS, ("name", "city", "slug"), used)


def _ranked(words: str, rows: Sequence[Row]) -> list[Candidate[Row]]:
    typed = words.strip()
    ranked = (Candidate(each, each.pk, _closeness(typed, *each.words[:2]), each.used) for each in rows)
    return [each for each in ranked if each.closeness < Closeness.APART]


def _closeness(typed: str, name: str, city: str) -> Closeness:
    """Return how close the name comes; its city only holds what is typed."""
    return min(closeness(typed, name), max(Closeness.HOLDS, closeness(typed, city)))


@compiled
def _campuses(*, same: Any, begun: Any, held: Any, most: Any) -> QuerySet[Campus, Any]:
    return query(Conditions(same, begun, held), most)
