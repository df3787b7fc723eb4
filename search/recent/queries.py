"""A person's own recent searches."""

from profiles.models import Viewer
from search.models import RecentChoice, RecentSearch
from search.models.recent import FORGOTTEN, KEPT


def searches(viewer: Viewer) -> list[str]:
    """Return what the viewer searched for, the latest first."""
    if not viewer.is_authenticated:
        return []
    rows = (
        RecentSearch.objects.filter(person=viewer.pk).exclude(words=FORGOTTEN).order_by("-searched_at", "-pk")
    )
    return list(rows.values_list("words", flat=True)[:KEPT])


def keeps_searches(viewer: Viewer) -> bool:
    """Return whether what the viewer searches for is kept."""
    if not viewer.is_authenticated:
        return False
    return not RecentChoice.objects.filter(person=viewer.pk, is_kept=False).exists()
