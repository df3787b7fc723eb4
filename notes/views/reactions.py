from typing import Any

from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from notes.actions import reactions
from notes.models import Note
from redbook.http import back, signed_in
from redbook.limits import spend


def _answer(request: HttpRequest, pk: int, act: Any, kind: str, done: bool) -> HttpResponse:
    note = get_object_or_404(Note.objects.live().visible_to(request.user), pk=pk)
    if done:
        spend("likes", request.user, once=f"{kind}/{pk}")
    try:
        act(person=request.user, note=note)
        note.refresh_from_db(fields=["like_count", "collect_count"])
    except (IntegrityError, Note.DoesNotExist):  # it is just gone
        raise Http404 from None
    if not request.htmx:
        return back(request, note.get_absolute_url(), f"note-{pk}")
    setattr(note, "liked" if kind == "like" else "collected", done)
    return render(
        request, f"components/reactions.html#{kind}", {"note": note, "where": request.GET.get("on", "card")}
    )


@require_POST
@signed_in
def like(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, reactions.like, "like", True)


@require_POST
@signed_in
def unlike(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, reactions.unlike, "like", False)


@require_POST
@signed_in
def collect(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, reactions.collect, "collect", True)


@require_POST
@signed_in
def uncollect(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, reactions.uncollect, "collect", False)
