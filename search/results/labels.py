"""Labels by their wording."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from core.db.keyset import PAGE_SIZE, Page
from core.db.prepared_queries import IsAmong, compiled
from profiles.models import Label, Positioning, User, Viewer
from search.models.name import Name
from search.names.candidates import FEW, MOST, Candidate, cut, level, named, values
from search.names.typed import Conditions, closeness, conditions, sign_of


def found(viewer: Viewer, words: str, after: str = "", size: int = PAGE_SIZE) -> Page[Label]:
    """Return labels that someone declares now whom the viewer may see: the same wording first, then those that begin
    so, each with the most declared first.
    """
    chosen, further = cut(_candidates(viewer, words, MOST if size == PAGE_SIZE else FEW), after, size)
    return Page([Label(pk=pk, wording=wording, slug=slug) for pk, wording, slug in chosen], further)


def _candidates(viewer: Viewer, words: str, most: int) -> list[Candidate[tuple[int, str, str]]]:
    """Return the labels that the words may mean, in no order."""
    sign, typed = sign_of(words)
    wanted = None if sign else conditions(typed)
    if wanted is None:
        return []
    return [
        Candidate((pk, wording, slug), pk, closeness(typed, wording), used)
        for pk, wording, slug, used in _labels(viewer=viewer, most=most, **values(wanted))
    ]


@compiled
def _labels(*, viewer: Any, same: Any, begun: Any, held: Any, most: Any) -> QuerySet[Label, Any]:
    declared = Positioning.objects.current().filter(
        label=OuterRef("pk"), person__in=User.objects.visible_to(viewer).confirmed()
    )
    labels = Label.objects.shown().filter(
        IsAmong("pk", named(Name.Kind.LABEL, Conditions(same, begun, held), most))
    )
    labels = labels.filter(Exists(declared)).annotate(level=level(Name.Kind.LABEL, "profiles_label"))
    return labels.values_list("pk", "wording", "slug", "level")
