"""Comments of a note as its page shows them: threads, newest first, each with its first replies."""

from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber

from core.db.keyset import Page, keyset
from core.db.prepared_queries import compiled
from notes.models import Comment, Note
from notes.models.visibility import AUTHOR_AVATAR, AUTHOR_HANDLE, AUTHOR_NAME

THREADS, REPLIES, OPEN_REPLIES = 20, 2, 200
MOST = 2 * THREADS  # said to a note whose comments are one page, with what was deleted
ON_PAGE = [
    "note_id",
    "parent_id",
    "body",
    "created_at",
    "deleted_at",
    AUTHOR_HANDLE,
    AUTHOR_NAME,
    AUTHOR_AVATAR,
]


def threads(viewer: Any, note: Note, after: str = "", opened: int | None = None) -> Page[Comment]:
    """Return first-level comments with `shown_replies`, `reply_count` (visible) and `reply_total`.

    The thread `opened` shows all its replies, and comes first if it is not on the page anyway.
    """
    if not after and note.comment_count <= THREADS and (only := _only_page(viewer, note, opened)):
        return only
    rows = _first_level(viewer, note)
    page = keyset(rows, "pk", after, THREADS)
    _answer(viewer, page.rows, REPLIES)
    found = rows.filter(pk=opened).first() if opened else None
    if found is None:
        return page
    _answer(viewer, [found], OPEN_REPLIES)
    others = [found if row.pk == opened else row for row in page.rows]
    return Page(others if found in page.rows else [found, *others], page.after)


def comment_to_answer(viewer: Any, note: Note, pk: str) -> Comment | None:
    """Return the comment a reply form is for, if the viewer may read it."""
    if not pk.isdecimal() or len(pk) > 18:
        return None
    readable = Comment.objects.visible_to(viewer).filter(note=note, deleted_at__isnull=True)
    return readable.select_related("author").filter(pk=pk).first()


def readable(viewer: Any, note: Note) -> int:
    """Return how many of the note's comments this viewer can find on its pages."""
    seen = _said_to(viewer)
    found = seen.filter(note=note, deleted_at__isnull=True)
    return found.filter(Q(parent__isnull=True) | Q(parent__in=seen)).count()


def _only_page(viewer: Any, note: Note, opened: int | None) -> Page[Comment] | None:
    """Return all threads in one query if they fit on one page; else None."""
    said = sorted(_latest(viewer=viewer, note=note.pk), key=lambda comment: comment.pk)
    replies = [each for each in said if each.parent_id and each.deleted_at is None]
    answered = {reply.parent_id for reply in replies}
    first = [each for each in said if not each.parent_id and (not each.deleted_at or each.pk in answered)]
    if len(said) > MOST or len(first) > THREADS:
        return None
    for comment in first:
        own = [reply for reply in replies if reply.parent_id == comment.pk]
        comment.shown_replies = own[: OPEN_REPLIES if comment.pk == opened else REPLIES]
        comment.reply_count = len(own)
    return Page(first[::-1], "")


@compiled
def _latest(*, viewer: Any, note: Any) -> QuerySet[Comment]:
    return _with_reply_total(_on_page(_said_to(viewer).filter(note=note))).order_by("-created_at")[: MOST + 1]


def _first_level(viewer: Any, note: Note) -> QuerySet[Comment]:
    """Return comments with text, and the gaps that deletion left above replies."""
    answered = Exists(Comment.objects.counted().filter(parent=OuterRef("pk")))
    rows = _said_to(viewer).filter(note=note, parent__isnull=True)
    return _with_reply_total(_on_page(rows.filter(Q(deleted_at__isnull=True) | answered)))


def _answer(viewer: Any, comments: list[Comment], most: int) -> None:
    """Attach first replies and the number of visible replies to comments, in one query."""
    replies = _said_to(viewer).filter(parent__in=comments, deleted_at__isnull=True)
    numbered = replies.annotate(
        place=Window(RowNumber(), partition_by=F("parent"), order_by="pk"),
        number=Window(Count("pk"), partition_by=F("parent")),
    )
    found: list[Any] = list(_on_page(numbered.filter(place__lte=most)).order_by("pk"))
    for comment in comments:
        own = [reply for reply in found if reply.parent_id == comment.pk]
        comment.shown_replies, comment.reply_count = own, own[0].number if own else 0


def _said_to(viewer: Any) -> QuerySet[Comment]:
    return Comment.objects.visible_to(viewer).wanted_by(viewer)


def _with_reply_total(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """Annotate `reply_total`: how many replies each comment has, visible or not."""
    replies = Comment.objects.counted().filter(parent=OuterRef("pk")).order_by()
    total = replies.values("parent").annotate(total=Count("pk")).values("total")
    return comments.annotate(reply_total=Coalesce(Subquery(total), 0))


def _on_page(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    return comments.select_related("author").only(*ON_PAGE).fetch_mode(settings.LAZY_FETCH_MODE)
