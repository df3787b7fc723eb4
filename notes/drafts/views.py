"""The list of one's drafts and scheduled notes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.http import back, post_only, signed_in
from notes.drafts import lists
from notes.models import Note
from notes.schedule.actions import cancel
from profiles.requests import SignedInRequest


@require_safe
@signed_in
def drafts(request: SignedInRequest) -> HttpResponse:
    after = request.GET.get("after", "")
    page = lists.drafts(request.user, after)
    waiting = [] if after else [*lists.scheduled(request.user), *lists.processing(request.user)]
    context = {
        "waiting": [lists.shown(note, request.user) for note in waiting],
        "drafts": [lists.shown(note, request.user) for note in page.rows],
        "more_url": f"?after={page.after}" if page.after else "",
        "is_first": not after,
    }
    return render(request, "notes/drafts/drafts.html", context)


@post_only
@signed_in
def unschedule(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep a scheduled note as a draft."""
    note = get_object_or_404(Note, pk=pk, author=request.user)
    if cancel(note=note):
        messages.success(request, _("No longer scheduled. The note is a draft again."))
    elif note.status == Note.Status.PROCESSING:
        messages.info(request, _("This note is being published: it appears as soon as its photos are ready."))
    else:
        messages.info(request, _("This note was published already."))
    return back(request, reverse("drafts"))
