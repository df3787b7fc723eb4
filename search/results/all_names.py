"""People, tags, labels and campuses by the same words, in one query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from taggit.models import Tag

from core.db.keyset import Page
from core.db.prepared_queries import compiled
from profiles.models import Campus, Label, User, Viewer
from search.models.name import Name
from search.names.candidates import FEW, Row, row, values
from search.names.typed import Conditions, conditions, sign_of
from search.results import campuses, labels, people, tags


@dataclass(frozen=True, slots=True)
class Named:
    """What words may name: few rows of each kind, in no order."""

    viewer: Viewer
    words: str
    rows: Mapping[str, Sequence[Row]]

    def people(self, size: int) -> Page[User]:
        return people.page(self.viewer, self.words, self.rows.get(Name.Kind.PERSON, ()), "", size)

    def first_people(self, size: int) -> list[User]:
        return people.first(self.words, self.rows.get(Name.Kind.PERSON, ()), size)

    def tags(self, size: int) -> Page[Tag]:
        return tags.page(self.viewer, self.words, self.rows.get(Name.Kind.TAG, ()), "", size)

    def labels(self, size: int) -> Page[Label]:
        return labels.page(self.words, self.rows.get(Name.Kind.LABEL, ()), "", size)

    def campuses(self, size: int) -> Page[Campus]:
        return campuses.page(self.words, self.rows.get(Name.Kind.CAMPUS, ()), "", size)


def named(viewer: Viewer, words: str) -> Named:
    """Find what the words name: people alone after @, tags alone after #, otherwise all kinds."""
    sign, typed = sign_of(words)
    if sign == "@":
        return Named(viewer, words, {Name.Kind.PERSON: people.rows(viewer, words, FEW)})
    if sign:
        return Named(viewer, words, {Name.Kind.TAG: tags.rows(words, FEW)})
    names, short = conditions(typed), conditions(typed, short=True)
    if not names or not short:
        return Named(viewer, words, {})
    rows: dict[str, list[Row]] = {}
    of_short = {f"short_{name}": condition for name, condition in values(short).items()}
    for each in _all(viewer=viewer, most=FEW, **values(names), **of_short):
        found = row(*each)
        rows.setdefault(found.kind, []).append(found)
    return Named(viewer, words, rows)


@compiled
def _all(
    *,
    viewer: Any,
    same: Any,
    begun: Any,
    held: Any,
    short_same: Any,
    short_begun: Any,
    short_held: Any,
    most: Any,
) -> QuerySet[Any, Any]:
    wanted = Conditions(same, begun, held)
    others = (
        tags.query(wanted, most),
        labels.query(viewer, wanted, most),
        campuses.query(Conditions(short_same, short_begun, short_held), most),
    )
    return people.query(viewer, wanted, most).union(*others, all=True)
