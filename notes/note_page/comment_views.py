import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.confirmation import ask
from core.http import HtmxRequest, back, leads_to, signed_in
from core.limits import TooMany, spend
from core.messages import say
from core.text import isolated
from notes.comments.actions import CommentsClosed, ReplyRefused, add_comment, delete_comment
from notes.comments.closed import why_closed
from notes.forms import CommentForm
from notes.mentions.told import say_if_some_stay_text
from notes.models import Comment, Note
from notes.note_page.views import note_page
from profiles.models import User, Viewer
from profiles.pauses import COMMENTING, pause
from profiles.requests import SignedInRequest

WORDS_ASKED_ABOUT = 140  # characters of a comment quoted in the question


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Post a comment. The page of a rejected comment has this address too; a GET redirects to the note."""
    if request.method != "POST":
        return redirect("note", pk)
    note = get_object_or_404(Note.objects.live().visible_to(request.user), pk=pk)
    form = CommentForm(request.POST)
    if refusal := _refusal(request.user, note):
        form.add_error(None, refusal)
        return note_page(request, pk, form, status=403)
    if not form.is_valid():
        return note_page(request, pk, form, status=422)
    data = form.cleaned_data
    words = {"note": note, "body": data["body"], "key": data["key"] or uuid.uuid4()}
    parent = _parent(request.user, note, data["parent"]) if data["parent"] else None
    if data["parent"] and parent is None:
        return _reply_refused(request, pk)
    sent = {"author": request.user, "parent": parent, **words}
    try:
        spend("comments", request.user, once=_sent_as(pk, data))
        comment = add_comment(**sent)
    except TooMany as error:
        form.add_error(None, str(error))
        return error.tell(note_page(request, pk, form, status=429))
    except ReplyRefused:
        return _reply_refused(request, pk)
    except CommentsClosed:  # at the same moment; or the note was deleted, and its page answers 404
        form.add_error(None, why_closed(note, request.user, follows=False))
        return note_page(request, pk, form, status=403)
    say_if_some_stay_text(request, note=note, comment=comment)
    return leads_to(request, comment.get_absolute_url())


def _refusal(person: User, note: Note) -> str:
    """Return why the person cannot comment on this note; "" if they can."""
    if not person.is_verified:
        return _("Confirm your e-mail address to comment.")
    if paused := pause(person, COMMENTING):
        return paused
    if Note.objects.commentable_by(person).filter(pk=note.pk).exists():
        return ""
    return why_closed(note, person, follows=False)


def _sent_as(pk: int, data: dict[str, Any]) -> str:
    """Return the idempotency key of a form, for its limit."""
    return f"{pk}/{data['parent']}/{data['key']}/{data['body']}" if data["key"] else ""


def _reply_refused(request: HtmxRequest, pk: int) -> HttpResponse:
    """Answer 404 with the form as a first-level comment, whatever the reason: the comment is deleted or hidden, a block
    stands between its author and this person, or the author has not answered this person's last reply.
    """
    sent = request.POST.copy()
    sent["parent"] = ""
    form = CommentForm(sent)
    form.add_error(None, _("You can’t reply to this comment now. Send again to post yours as a new comment."))
    return note_page(request, pk, form, status=404)


def _parent(viewer: Viewer, note: Note, pk: int) -> Comment | None:
    return Comment.objects.readable_by(viewer).filter(note=note, pk=pk).first()


def _ask_to_delete(request: HttpRequest, comment: Comment) -> HttpResponse:
    says = _("“%(words)s” will be deleted for good.")
    if comment.parent_id is None:
        says = _("“%(words)s” will be deleted for good. Replies to it stay.")
    return ask(
        request,
        question=_("Delete this comment?"),
        says=says % {"words": isolated(Truncator(comment.body).chars(WORDS_ASKED_ABOUT))},
        act=_("Delete comment"),
        keep=_("Keep it"),
        fallback=comment.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then delete a comment, as its author or the note's."""
    notes = Note.objects.visible_to(request.user)
    readable = Comment.objects.visible_to(request.user).filter(note__in=notes)
    comment = get_object_or_404(readable.select_related("note"), pk=pk)
    if request.user.pk not in {comment.author_id, comment.note.author_id}:
        raise PermissionDenied
    if request.method != "POST":
        return _ask_to_delete(request, comment)
    delete_comment(comment=comment)
    say(request, _("Comment deleted"))
    return back(request, comment.note.get_absolute_url(), "comments")
