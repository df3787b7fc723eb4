"""Which comments a note's page shows, by its address: ?sort=, ?comments=, ?thread=, ?replies=, ?comment=, ?reply=."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from notes.comments.closed import why_closed
from notes.comments.discussion import Discussion, more_replies, more_threads
from notes.comments.threads import LATEST, TOP, comment_in, readable, reply_before, thread, threads
from notes.mentions.links import Mentions
from notes.models import Comment, Note
from profiles.models import Viewer


def shown_comments(request: HttpRequest, note: Note, answered: Comment | None = None) -> Discussion:
    """Return the comments that the address asks for; `answered` is the one to reply to, whose thread is opened.

    A comment in the address that the viewer may not read is ignored, as one that does not exist.
    """
    viewer, given = request.user, request.GET
    named = comment_in(viewer, note, given.get("comment", ""))
    opened, replies_after = _number(given.get("thread", "")), _number(given.get("replies", ""))
    if first := answered or named:
        opened, replies_after = first.parent_id or first.pk, reply_before(viewer, first)
    order = LATEST if given.get("sort") == LATEST else TOP
    page = threads(viewer, note, given.get("comments", ""), opened, replies_after=replies_after, order=order)
    people = Mentions(viewer, note, _with_replies(page.rows))
    marked = named.pk if named else 0
    return Discussion(
        note, viewer, page.rows, people, order, page.after, opened, marked, _why_closed(note, viewer)
    )


def some_not_shown(request: HttpRequest, shown: Discussion) -> bool:
    """Return whether the comments up to this last page are fewer than the note's counter."""
    counted = shown.note.comment_count
    if shown.after or any(said.replies_continue for said in shown.threads):
        return False
    if request.GET.get("comments"):
        return readable(request.user, shown.note) < counted
    return sum((said.deleted_at is None) + said.reply_count for said in shown.threads) < counted


def more_comments(request: HttpRequest, note: Note) -> HttpResponse:
    """Answer htmx with the next page of comments, or of the replies of a thread, alone."""
    if not note.is_live:
        raise Http404
    if "replies" in request.GET:
        rows, missing = more_replies(_more_of_thread(request, note)), False
    else:
        shown = shown_comments(request, note)
        rows, missing = more_threads(shown), some_not_shown(request, shown)
    response = render(request, "notes/comments/more_comments.html", {"rows": rows, "some_not_shown": missing})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _more_of_thread(request: HttpRequest, note: Note) -> Discussion:
    pk, after = _number(request.GET.get("thread", "")), _number(request.GET["replies"])
    found = thread(request.user, note, pk, after)
    if found is None:
        raise Http404
    people = Mentions(request.user, None, _with_replies([found]))
    closed = _why_closed(note, request.user)
    return Discussion(note, request.user, [found], people, opened=pk, closed=closed)


def _why_closed(note: Note, viewer: Viewer) -> str:
    return why_closed(note, viewer, follows=getattr(note, "author_followed", False))


def _with_replies(comments: list[Comment]) -> list[Comment]:
    return [*comments, *(reply for comment in comments for reply in comment.shown_replies)]


def _number(given: str) -> int:
    return int(given) if given.isdecimal() and len(given) < 19 else 0
