"""A note's comments as its page reads them: threads, newest first, each with its first replies."""

from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from notes.models import Comment, Note
from redbook.pages import Page, keyset

THREADS, REPLIES, OPEN_REPLIES = 20, 2, 200


def threads(viewer: Any, note: Note, after: str = "", opened: int | None = None) -> Page[Comment]:
    """First-level comments, each with `shown_replies` and `reply_count`.

    The thread `opened` shows all its replies, and stands first where the page would not hold it.
    """
    page = keyset(_first_level(viewer, note, REPLIES), "pk", after, THREADS)
    if opened is None:
        return page
    found = _first_level(viewer, note, OPEN_REPLIES).filter(pk=opened).first()
    if found is None:
        return page
    rows = [found if row.pk == opened else row for row in page.rows]
    return Page(rows if found in page.rows else [found, *rows], page.after)


def comment_to_answer(viewer: Any, note: Note, pk: str) -> Comment | None:
    """The comment a reply form is for, if the viewer may read it."""
    if not pk.isdecimal() or len(pk) > 18:
        return None
    readable = Comment.objects.visible_to(viewer).filter(note=note, deleted_at__isnull=True)
    return readable.select_related("author").filter(pk=pk).first()


def readable(viewer: Any, note: Note) -> int:
    """How many of the note's comments this viewer finds on its pages."""
    seen = Comment.objects.visible_to(viewer).wanted_by(viewer)
    found = seen.filter(note=note, deleted_at__isnull=True)
    return found.filter(Q(parent__isnull=True) | Q(parent__in=seen)).count()


def _first_level(viewer: Any, note: Note, replies: int) -> QuerySet[Comment]:
    """Comments with words, and the gaps that deletion left above replies."""
    readable = Comment.objects.visible_to(viewer).wanted_by(viewer)
    answers = readable.filter(deleted_at__isnull=True, parent__isnull=False)
    under = answers.filter(parent=OuterRef("pk")).order_by()
    count = Subquery(under.values("parent").annotate(number=Count("pk")).values("number"))
    shown = answers.select_related("author").order_by("pk")[:replies].fetch_mode(settings.LAZY_FETCH_MODE)
    return (
        readable.filter(note=note, parent__isnull=True)
        .filter(Q(deleted_at__isnull=True) | Exists(under))
        .annotate(reply_count=Coalesce(count, 0))
        .select_related("author")
        .prefetch_related(Prefetch("replies", shown, to_attr="shown_replies"))
        .fetch_mode(settings.LAZY_FETCH_MODE)
    )
