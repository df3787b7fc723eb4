from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.http import back, leads_to, post_only, retyped, signed_in
from core.limits import TooMany, spend
from core.messages import say
from core.text import isolated
from notes.comments.actions import edit_comment, like_comment, pin_comment, unlike_comment, unpin_comment
from notes.forms import CommentEditForm
from notes.mentions.told import say_if_some_stay_text
from notes.models import Comment, Note
from profiles.models import Viewer
from profiles.pauses import COMMENTING, check_pause
from profiles.requests import SignedInRequest


def readable_comment(viewer: Viewer, pk: int) -> Comment:
    """Return the comment if the viewer may read it under a live note. Raise Http404."""
    notes = Note.objects.live().visible_to(viewer)
    readable = Comment.objects.readable_by(viewer).filter(note__in=notes)
    return get_object_or_404(readable.select_related("author", "note"), pk=pk)


@post_only
@signed_in
def like(request: SignedInRequest, pk: int) -> HttpResponse:
    comment = readable_comment(request.user, pk)
    spend("likes", request.user, once=f"comment/{pk}")
    try:
        like_comment(person=request.user, comment=comment)
        comment.refresh_from_db(fields=["like_count"])
    except Comment.DoesNotExist:  # it was deleted or hidden at the same moment
        raise Http404 from None
    comment.liked = True
    return _pressed(request, comment, _("You like the comment by %(name)s."))


@post_only
@signed_in
def unlike(request: SignedInRequest, pk: int) -> HttpResponse:
    comment = readable_comment(request.user, pk)
    unlike_comment(person=request.user, comment=comment)
    try:
        comment.refresh_from_db(fields=["like_count"])
    except Comment.DoesNotExist:
        raise Http404 from None
    return _pressed(request, comment, _("You no longer like the comment by %(name)s."))


@post_only
@signed_in
def pin(request: SignedInRequest, pk: int) -> HttpResponse:
    """Pin a comment above the others, as the author of its note."""
    comment = _to_pin(request, pk)
    try:
        pin_comment(comment=comment)
    except Comment.DoesNotExist:  # it was deleted or hidden at the same moment
        raise Http404 from None
    say(request, _("Comment pinned"))
    return back(request, comment.get_absolute_url(), f"comment-{pk}")


@post_only
@signed_in
def unpin(request: SignedInRequest, pk: int) -> HttpResponse:
    comment = _to_pin(request, pk)
    unpin_comment(comment=comment)
    say(request, _("Comment no longer pinned"))
    return back(request, comment.get_absolute_url(), f"comment-{pk}")


def _to_pin(request: SignedInRequest, pk: int) -> Comment:
    comment = readable_comment(request.user, pk)
    if comment.note.author_id != request.user.pk:
        raise PermissionDenied
    if comment.parent_id is not None:
        raise Http404
    return comment


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one's own comment in a form, and change it while that is allowed."""
    comment = readable_comment(request.user, pk)
    if comment.author_id != request.user.pk:
        raise Http404
    form = CommentEditForm(
        request.POST if request.method == "POST" else None,
        stored={"body": comment.body},
        initial=retyped(request, CommentEditForm),
    )
    if not comment.is_editable:
        return _edit_page(request, comment, form, 403)
    if not form.is_valid():
        return _edit_page(request, comment, form, form.refusal if form.is_bound else 200)
    return _save(request, comment, form)


def _save(request: SignedInRequest, comment: Comment, form: CommentEditForm) -> HttpResponse:
    body = form.cleaned_data["body"]
    try:
        check_pause(request.user, COMMENTING)
        spend("comments", request.user, once=f"edit/{comment.pk}/{body}")
    except TooMany as error:
        form.add_error(None, str(error))
        return error.tell(_edit_page(request, comment, form, 429))
    if not edit_comment(comment=comment, body=body):
        if comment.is_editable:  # so it was deleted or hidden at the same moment
            raise Http404
        return _edit_page(request, comment, form, 403)
    comment.body = body
    say_if_some_stay_text(request, note=comment.note, comment=comment)
    return leads_to(request, comment.get_absolute_url())


def _edit_page(
    request: SignedInRequest, comment: Comment, form: CommentEditForm, status: int
) -> HttpResponse:
    context = {"comment": comment, "form": form, "is_too_late": status == 403}
    return render(request, "notes/comments/edit.html", context, status=status)


def _pressed(request: SignedInRequest, comment: Any, said: str) -> HttpResponse:
    """Answer with the button as it is now; without a script, redirect to the comment and say what was done."""
    if request.htmx:
        return render(request, "notes/comments/like.html", {"comment": comment})
    say(request, said % {"name": isolated(comment.author.name)})
    return back(request, comment.get_absolute_url(), f"comment-{comment.pk}")
