"""Pin one's notes to one's profile."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core.http import back, post_only, signed_in
from core.messages import say
from notes.models import Note
from notes.models.note import PINS_MAX
from notes.models.visibility import LISTED
from notes.pins import actions
from profiles.requests import SignedInRequest


@post_only
@signed_in
def pin(request: SignedInRequest, pk: int) -> HttpResponse:
    """Pin one's own public note. Where the limit is reached, the page says what to do."""
    note = get_object_or_404(Note, LISTED, pk=pk, author=request.user)
    try:
        actions.pin_note(note=note)
    except Note.DoesNotExist:
        raise Http404 from None
    except actions.TooManyPins:
        said = _("You have pinned %(most)d notes, which is the limit. Unpin one of them first.")
        messages.info(request, said % {"most": PINS_MAX})
    else:
        say(request, _("Pinned to your profile."), undo=reverse("note_unpin", args=[pk]))
    return back(request, request.user.get_absolute_url(), f"note-{pk}")


@post_only
@signed_in
def unpin(request: SignedInRequest, pk: int) -> HttpResponse:
    """Unpin one's own note, whoever may see it by now. It says the same of a note that is not pinned."""
    note = get_object_or_404(Note, pk=pk, author=request.user)
    actions.unpin_note(note=note)
    undo = reverse("note_pin", args=[pk]) if note.is_listed else ""
    say(request, _("No longer pinned."), undo=undo)
    return back(request, request.user.get_absolute_url(), f"note-{pk}")
