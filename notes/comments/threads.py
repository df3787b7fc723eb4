"""Comments of a note as its page shows them: threads by likes or by time, each with its first replies."""

from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, JSONObject, RowNumber

from core.db.keyset import Page, is_cursor, keyset
from core.db.prepared_queries import compiled
from notes.models import Comment, Note
from notes.models.comment import IS_PINNED
from profiles.models import Viewer

THREADS, REPLIES, OPEN_REPLIES = 20, 2, 20
MOST = 2 * THREADS  # rows of a note whose comments fit on one page, deleted ones included
TOP, LATEST = "top", "latest"
ORDERS = {TOP: "like_count", LATEST: "pk"}
ON_PAGE = [
    "note_id",
    "parent_id",
    "body",
    "like_count",
    "created_at",
    "edited_at",
    "deleted_at",
    "pinned_at",
    "author__handle",
    "author__name",
    "author__avatar_token",
]


def threads(
    viewer: Viewer,
    note: Note,
    after: str = "",
    opened: int = 0,
    *,
    replies_after: int = 0,
    order: str = TOP,
) -> Page[Comment]:
    """Return first-level comments with `shown_replies`, `replies_left`, `reply_count` (visible) and `reply_total`.

    The pinned comment comes first. The thread `opened` shows up to OPEN_REPLIES replies, those after the reply
    `replies_after`, and comes next if the first page does not hold it anyway. Later pages leave both out.
    """
    if after and not is_cursor(Comment.objects.all(), ORDERS[order], after):
        after = ""
    if not after and note.comment_count <= THREADS:
        only = _only_page(viewer, note, opened, replies_after, order)
        if only:
            return only
    rows = _first_level(viewer, note)
    others = rows.exclude(IS_PINNED)
    page = keyset(others.exclude(pk=opened) if after else others, ORDERS[order], after, THREADS)
    shown = page.rows if after else [*rows.filter(IS_PINNED), *page.rows]
    _answer(viewer, shown, REPLIES)
    found = thread(viewer, note, opened, replies_after) if opened and not after else None
    if found is None:
        return Page(shown, page.after)
    if found in shown:
        return Page([found if row == found else row for row in shown], page.after)
    return Page(sorted([found, *shown], key=lambda row: not row.is_pinned), page.after)


def thread(viewer: Viewer, note: Note, pk: int, replies_after: int = 0) -> Comment | None:
    """Return one first-level comment with the replies that follow the reply `replies_after`, as `threads` does."""
    found = _first_level(viewer, note).filter(pk=pk).first()
    if found:
        _answer(viewer, [found], OPEN_REPLIES, replies_after)
    return found


def reply_before(viewer: Viewer, comment: Comment) -> int:
    """Return the id after which an opened thread shows replies, so that this comment is among them; 0 for the first."""
    if comment.parent_id is None:
        return 0
    earlier = _said_to(viewer).filter(parent=comment.parent_id, deleted_at__isnull=True, pk__lt=comment.pk)
    return comment.pk - 1 if earlier[:OPEN_REPLIES].count() == OPEN_REPLIES else 0


def comment_in(viewer: Viewer, note: Note, pk: str) -> Comment | None:
    """Return the comment of the note with this id, if the viewer may read it."""
    if not pk.isdecimal() or len(pk) > 18:
        return None
    readable = Comment.objects.readable_by(viewer).filter(note=note)
    return readable.select_related("author").filter(pk=pk).first()


def readable(viewer: Viewer, note: Note) -> int:
    """Return how many of the note's comments this viewer can find on its pages."""
    seen = _said_to(viewer)
    found = seen.filter(note=note, deleted_at__isnull=True)
    return found.filter(Q(parent__isnull=True) | Q(parent__in=seen)).count()


def _only_page(
    viewer: Viewer, note: Note, opened: int, replies_after: int, order: str
) -> Page[Comment] | None:
    """Return all threads in one query if they fit on one page; else None."""
    said = sorted(_latest(viewer=viewer, note=note.pk), key=lambda comment: comment.pk)
    replies = [each for each in said if each.parent_id and each.deleted_at is None]
    answered = {reply.parent_id for reply in replies}
    first = [each for each in said if not each.parent_id and (not each.deleted_at or each.pk in answered)]
    if len(said) > MOST or len(first) > THREADS:
        return None
    for comment in first:
        own = [reply for reply in replies if reply.parent_id == comment.pk]
        if comment.pk == opened:
            _attach(comment, [reply for reply in own if reply.pk > replies_after], OPEN_REPLIES)
            comment.replies_continue = bool(replies_after)
        else:
            _attach(comment, own, REPLIES)
        comment.reply_count = len(own)
    field = ORDERS[order]
    first.sort(key=lambda comment: (comment.is_pinned, getattr(comment, field), comment.pk), reverse=True)
    return Page(first, "")


@compiled
def _latest(*, viewer: Viewer, note: Note) -> QuerySet[Comment]:
    return _with_reply_total(_on_page(_said_to(viewer).filter(note=note), viewer)).order_by("-created_at")[
        : MOST + 1
    ]


def _first_level(viewer: Viewer, note: Note) -> QuerySet[Comment]:
    """Return comments with text, and the gaps that deletion left above replies."""
    answered = Exists(Comment.objects.counted().filter(parent=OuterRef("pk")))
    rows = _said_to(viewer).filter(note=note, parent__isnull=True)
    return _with_reply_total(_on_page(rows.filter(Q(deleted_at__isnull=True) | answered), viewer))


def _answer(viewer: Viewer, comments: list[Comment], most: int, after: int = 0) -> None:
    """Attach up to `most` replies after the reply `after`, and the numbers of visible ones, in one query."""
    replies = _said_to(viewer).filter(parent__in=comments, deleted_at__isnull=True)
    numbered = replies.annotate(
        place=Window(RowNumber(), partition_by=F("parent"), order_by="pk"),
        number=Window(Count("pk"), partition_by=F("parent")),
    )
    shown = numbered.filter(pk__gt=after) if after else numbered
    found: list[Any] = list(_on_page(shown.filter(place__lte=most), viewer).order_by("pk"))
    for comment in comments:
        own = [reply for reply in found if reply.parent_id == comment.pk]
        _attach(comment, own, most)
        comment.reply_count = own[0].number if own else 0
        comment.replies_left = comment.reply_count - len(own)
        comment.replies_continue = bool(after)


def _attach(comment: Comment, replies: list[Comment], most: int) -> None:
    comment.shown_replies, comment.replies_left = replies[:most], len(replies[most:])


def _said_to(viewer: Viewer) -> QuerySet[Comment]:
    return Comment.objects.visible_to(viewer).wanted_by(viewer)


def _with_reply_total(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """Annotate `reply_total`: how many replies each comment has, visible or not."""
    replies = Comment.objects.counted().filter(parent=OuterRef("pk")).order_by()
    total = replies.values("parent").annotate(total=Count("pk")).values("total")
    return comments.annotate(reply_total=Coalesce(Subquery(total), 0))


def _on_page(comments: Any, viewer: Viewer) -> QuerySet[Comment]:
    """Fetch what a page shows of comments, with `addressee`: the name and handle of the person a reply answers."""
    answered = _said_to(viewer).filter(pk=OuterRef("in_reply_to"), deleted_at__isnull=True)
    named = answered.values(named=JSONObject(name="author__name", handle="author__handle"))
    rows = comments.with_likes_of(viewer).annotate(addressee=Subquery(named))
    return rows.select_related("author").only(*ON_PAGE).fetch_mode(settings.LAZY_FETCH_MODE)
