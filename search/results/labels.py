"""Labels by their wording."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from core.db.keyset import PAGE_SIZE, Page
from core.db.prepared_queries import IsAmong, compiled
from profiles.models import Label, Positioning, User, Viewer
from search.models.name import Name
from search.names.candidates import FEW, MOST, Candidate, Row, columns, cut, level, named, row, values
from search.names.typed import Conditions, closeness, conditions, sign_of


def found(viewer: Viewer, words: str, after: str = "", size: int = PAGE_SIZE) -> Page[Label]:
    """Return labels that are declared now by a person the viewer may see: the same wording first, then those that begin
    so, each with the most declared first.
    """
    return page(words, rows(viewer, words, MOST if size == PAGE_SIZE else FEW), after, size)


def rows(viewer: Viewer, words: str, most: int) -> list[Row]:
    """Return the labels that the words may mean, in no order."""
    sign, typed = sign_of(words)
    wanted = None if sign else conditions(typed)
    return [row(*each) for each in _labels(viewer=viewer, most=most, **values(wanted))] if wanted else []


def page(words: str, rows: Sequence[Row], after: str, size: int) -> Page[Label]:
    """Return a page of the labels among these rows, which are in no order."""
    ranked = [Candidate(each, each.pk, closeness(words.strip(), each.words[0]), each.used) for each in rows]
    chosen, further = cut(ranked, after, size)
    return Page(
        [Label(pk=pk, wording=wording, slug=slug) for _, pk, (wording, slug, _), *_ in chosen], further
    )


def query(viewer: Any, wanted: Conditions, most: Any) -> QuerySet[Label, Any]:
    declared = Positioning.objects.current().filter(
        label=OuterRef("pk"), person__in=User.objects.visible_to(viewer).confirmed()
    )
    labels = Label.objects.shown().filter(
        IsAmong("pk", named(Name.Kind.LABEL, wanted, most)), Exists(declared)
    )
    return columns(labels, Name.Kind.LABEL, ("wording", "slug"), level(Name.Kind.LABEL, "profiles_label"))


@compiled
def _labels(*, viewer: Any, same: Any, begun: Any, held: Any, most: Any) -> QuerySet[Label, Any]:
    return query(viewer, Conditions(same, begun, held), most)
