"""What the person searched for lately."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from leaving.contents.part import Part
from profiles.models import User
from search.models import RecentSearch
from search.models.recent import FORGOTTEN


def searches(person: User) -> Iterator[dict[str, Any]]:
    for row in (
        RecentSearch.objects.filter(person=person).exclude(words=FORGOTTEN).order_by("searched_at", "pk")
    ):
        yield {"words": row.words, "searched_at": row.searched_at}


PARTS = [Part("searches", _("what you searched for lately"), searches, ["search.RecentSearch.person"])]
