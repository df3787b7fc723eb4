from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.confirmation import ask
from core.http import back, is_scripted, post_only, retyped, see_other, signed_in
from core.messages import say
from notes.models import Note
from notifications import actions, queries
from notifications.digest.actions import save_digest
from notifications.digest.queries import digest_of
from notifications.forms import ReadForm, SettingsForm
from notifications.models import Notification
from profiles.requests import SignedInRequest

form_view = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@signed_in
def notifications(request: SignedInRequest) -> HttpResponse:
    page = queries.page(request.user, request.GET.get("after", ""))
    return render(request, "notifications/notifications.html", {"page": page})


@post_only
@signed_in
def read(request: SignedInRequest) -> HttpResponse:
    """Mark what the page showed as read. Idempotent. The page's script sends it once the page is seen."""
    form = ReadForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    actions.mark_read(person=request.user, newest=form.cleaned_data["newest"])
    return HttpResponse(status=204) if is_scripted(request) else back(request, reverse("notifications"))


@form_view
@signed_in
def settings(request: SignedInRequest) -> HttpResponse:
    """Choose which kinds of notifications there are and the digest, and unmute notes."""
    person, digest = request.user, digest_of(request.user)
    form = SettingsForm(
        request.POST if request.method == "POST" else None,
        stored={"kinds": queries.kinds_told(person), **digest.stored},
        initial=retyped(request, SettingsForm),
    )
    if form.is_valid():
        actions.save_kinds(person=person, kinds=form.cleaned_data["kinds"])
        save_digest(person=person, **form.digest_chosen(digest.hour), language=get_language() or "")
        messages.success(request, _("Notifications saved"))
        return see_other(request.path)
    muted = queries.muted_notes(person, request.GET.get("after", ""))
    context = {"form": form, "page": muted, "digest": digest}
    status = form.refusal if form.is_bound else 200
    return render(request, "notifications/settings.html", context, status=status)


def of_note(view: Callable[[SignedInRequest, Note], HttpResponse]) -> Callable[..., HttpResponse]:
    """Pass the note to the view, among those the viewer may open."""

    @wraps(view)
    def found(request: SignedInRequest, pk: int) -> HttpResponse:
        return view(request, get_object_or_404(Note.objects.visible_to(request.user), pk=pk))

    return found


@form_view
@signed_in
@of_note
def mute(request: SignedInRequest, note: Note) -> HttpResponse:
    """Ask, then mute the note. The page for a note that is muted is that to unmute it."""
    if request.method == "POST":
        return _mute(request, note)
    if queries.is_muted(request.user, note):
        return redirect("note_unmute", note.pk)
    return ask(
        request,
        question=_("Mute notifications of this note?"),
        says=_("You won’t be told about likes, saves and comments any more. The note itself stays as it is."),
        act=_("Mute notifications"),
        keep=_("Cancel"),
        fallback=note.get_absolute_url(),
    )


def _mute(request: SignedInRequest, note: Note) -> HttpResponse:
    try:
        actions.mute_note(person=request.user, note=note)
    except IntegrityError:  # deleted at the same moment
        raise Http404 from None
    say(request, _("This note tells you nothing new."), undo=reverse("note_unmute", args=[note.pk]))
    return back(request, note.get_absolute_url())


@form_view
@signed_in
@of_note
def unmute(request: SignedInRequest, note: Note) -> HttpResponse:
    """Ask, then tell of the note again."""
    if request.method == "POST":
        actions.unmute_note(person=request.user, note=note)
        say(request, _("You’ll be told about this note again."), undo=reverse("note_mute", args=[note.pk]))
        return back(request, note.get_absolute_url())
    return ask(
        request,
        question=_("Turn notifications of this note back on?"),
        says=_("You’ll be told what happens from now on, and nothing of what happened meanwhile."),
        act=_("Turn on"),
        keep=_("Cancel"),
        fallback=note.get_absolute_url(),
    )


@post_only
@signed_in
def mute_note_of(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mute the note that a notification of the viewer's is about."""
    mine = Notification.objects.visible_to(request.user).select_related("note")
    told = get_object_or_404(mine.exclude(note=None), pk=pk)
    assert told.note
    return _mute(request, told.note)
