from typing import Any

from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.http import back, post_only, signed_in
from core.limits import spend
from core.messages import say
from core.text import isolated
from notes.models import Note
from notes.reactions import actions as reactions_actions
from profiles.requests import SignedInRequest


def _answer(request: SignedInRequest, pk: int, act: Any, kind: str, done: bool) -> HttpResponse:
    note = get_object_or_404(Note.objects.live().visible_to(request.user), pk=pk)
    if done:
        spend("likes", request.user, once=f"{kind}/{pk}")
    try:
        act(person=request.user, note=note)
        note.refresh_from_db(fields=["like_count", "collect_count"])
    except (IntegrityError, Note.DoesNotExist):  # it was deleted at the same moment
        raise Http404 from None
    said, undo = _said(note, kind, done)
    more = reverse("note_collections", args=[note.pk]) if kind == "collect" and done else ""
    if not request.htmx:
        say(request, said, undo=undo, more=more)
        return back(request, note.get_absolute_url(), f"note-{pk}")
    setattr(note, "liked" if kind == "like" else "collected", done)
    context = {"note": note, "kind": kind, "said": "" if kind == "like" else said}
    context["undo"] = {"address": undo, "more": more}
    return render(request, "components/pressed.html", context)


def _said(note: Note, kind: str, done: bool) -> tuple[str, str]:
    """Show what was done, with a link to undo it. A like shows no message: its button undoes it."""
    title = {"title": isolated(str(note))}
    if kind == "like":
        return (_("You like “%(title)s”.") if done else _("You no longer like “%(title)s”.")) % title, ""
    undo = reverse("note_uncollect" if done else "note_collect", args=[note.pk])
    if done:
        return _("Saved. Only you see what you save."), undo
    return _("Removed from your saved notes."), undo


@post_only
@signed_in
def like(request: SignedInRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, reactions_actions.like, "like", True)


@post_only
@signed_in
def unlike(request: SignedInRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, reactions_actions.unlike, "like", False)


@post_only
@signed_in
def collect(request: SignedInRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, reactions_actions.collect, "collect", True)


@post_only
@signed_in
def uncollect(request: SignedInRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, reactions_actions.uncollect, "collect", False)
