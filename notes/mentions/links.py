"""The addresses that the @handles of a note and its comments link to."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from core.db.prepared_queries import IsAmong, compiled
from core.text import mentions_in
from notes.models import Comment, Mention, Note
from profiles.models import Viewer
from profiles.models.relations import no_block_between


class Mentions:
    """Profile addresses by lower-case handle: of the people a note and some comments mention, if the viewer may see
    them. One query, or none without a handle.
    """

    def __init__(self, viewer: Viewer, note: Note | None, comments: Iterable[Comment]) -> None:
        self._addresses: dict[int | None, dict[str, str]] = defaultdict(dict)
        own = note.pk if note and _names_anyone(note.body) else 0
        said = [comment.pk for comment in comments if _names_anyone(comment.body)]
        if own or said:
            for comment, handle, now in _seen(viewer=viewer, note=own, comments=said):
                self._addresses[comment][handle] = f"/@{now}/"

    def of(self, text: Note | Comment) -> dict[str, str]:
        return self._addresses.get(text.pk if isinstance(text, Comment) else None, {})


def _names_anyone(text: str) -> bool:
    return ("@" in text or "＠" in text) and bool(mentions_in(text))


@compiled
def _seen(*, viewer: Viewer, note: Any, comments: Any) -> QuerySet[Mention, Any]:
    of_texts = Q(note=note, comment=None) | Q(IsAmong("comment", comments))
    people = Q(no_block_between(viewer, "person"), person__is_active=True)
    rows = Mention.objects.standing().filter(of_texts, people)
    return rows.values_list("comment", "handle", "person__handle")
