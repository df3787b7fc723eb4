""" "Less like this", and the page where it is taken back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.http import back, post_only, see_other, signed_in
from core.limits import spend
from core.messages import say
from notes.less import actions, queries
from notes.models import Note
from profiles.requests import SignedInRequest


@post_only
@signed_in
def less(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for less like another person's note."""
    notes = Note.objects.live().visible_to(request.user).exclude(author=request.user)
    note = get_object_or_404(notes, pk=pk)
    spend("likes", request.user, once=f"less/{pk}")
    try:
        actions.ask_for_less(person=request.user, note=note)
    except Note.DoesNotExist:
        raise Http404 from None
    said = _("This note leaves Explore, search and the like, and notes like it come later.")
    say(request, said, undo=reverse("note_less_undo", args=[pk]))
    return back(request, note.get_absolute_url())


@post_only
@signed_in
def undo(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take it back. It says the same of a note that one never asked this about."""
    actions.take_back(person=request.user, note=pk)
    messages.success(request, _("Notes like this come as before."))
    return back(request, reverse("settings_less"))


@require_safe
@signed_in
def asked(request: SignedInRequest) -> HttpResponse:
    """List what one asked for less like."""
    rows, after = queries.asked_by(request.user, request.GET.get("after", ""))
    return render(request, "notes/less/settings.html", {"rows": rows, "after": after})


@post_only
@signed_in
def undo_all(request: SignedInRequest) -> HttpResponse:
    actions.take_all_back(person=request.user)
    messages.success(request, _("All notes come as before."))
    return see_other(reverse("settings_less"))
