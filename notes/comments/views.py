from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from core.http import back, post_only, signed_in
from core.limits import spend
from core.messages import say
from core.text import isolated
from notes.comments.actions import like_comment, unlike_comment
from notes.models import Comment, Note


def readable_comment(viewer: Any, pk: int) -> Comment:
    """Return the comment if the viewer may read it under a live note. Raise Http404."""
    notes = Note.objects.live().visible_to(viewer)
    readable = Comment.objects.readable_by(viewer).filter(note__in=notes)
    return get_object_or_404(readable.select_related("author", "note"), pk=pk)


@post_only
@signed_in
def like(request: HttpRequest, pk: int) -> HttpResponse:
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
def unlike(request: HttpRequest, pk: int) -> HttpResponse:
    comment = readable_comment(request.user, pk)
    unlike_comment(person=request.user, comment=comment)
    try:
        comment.refresh_from_db(fields=["like_count"])
    except Comment.DoesNotExist:
        raise Http404 from None
    return _pressed(request, comment, _("You no longer like the comment by %(name)s."))


def _pressed(request: HttpRequest, comment: Any, said: str) -> HttpResponse:
    """Answer with the button as it is now; without a script, redirect to the comment and say what was done."""
    if request.htmx:
        return render(request, "notes/comments/like.html", {"comment": comment})
    say(request, said % {"name": isolated(comment.author.name)})
    return back(request, comment.get_absolute_url(), f"comment-{comment.pk}")
