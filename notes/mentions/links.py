"""The addresses that the @handles of a note and its comments link to."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

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
        own = Q(note=note, comment=None) if note and mentions_in(note.body) else Q(pk__in=[])
        said = [comment.pk for comment in comments if mentions_in(comment.body)]
        rows = Mention.objects.standing().filter(own | Q(comment__in=said))
        seen = rows.filter(no_block_between(viewer, "person"), person__is_active=True)
        for comment, handle, now in seen.values_list("comment", "handle", "person__handle"):
            self._addresses[comment][handle] = f"/@{now}/"

    def of(self, text: Note | Comment) -> dict[str, str]:
        return self._addresses[text.pk if isinstance(text, Comment) else None]
