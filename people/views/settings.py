from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.http import remember_language, retyped, see_other, signed_in
from core.storage import StorageAway
from notes.forms import STORAGE_AWAY
from notes.models.public_names import offered_campuses
from people.actions.avatars import receive_avatar, remove_avatar
from people.actions.handles import TooManyRenames
from people.actions.people import save_privacy, save_profile
from people.feeds import public_count
from people.forms import PrivacyForm, still_waiting
from people.profile_forms import HANDLE_TAKEN, ProfileForm
from profiles.models import FollowRequest, User
from profiles.requests import SignedInRequest

_SHOWN_AND_SHARED = (
    *("shows_campus", "shows_chapters", "approves_followers"),
    *("shares_stage", "shares_campus", "commenters", "mentioners"),
)
form_view = require_http_methods(["GET", "HEAD", "POST"])


@form_view
@signed_in
def profile(request: SignedInRequest) -> HttpResponse:
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ProfileForm(*sent, person=request.user, initial=retyped(request, ProfileForm))
    if not form.is_valid():
        return _profile_page(request, form)
    words = form.cleaned_data
    file, square, remove = form.take_avatar()
    try:
        is_new_to_school = save_profile(person=request.user, **words)
        if file:
            receive_avatar(person=request.user, file=file, square=square)
        elif remove:
            remove_avatar(person=request.user)
    except TooManyRenames as error:
        form.refuse_rename(error.until)
        return _profile_page(request, form)
    except IntegrityError:
        form.add_error("handle", HANDLE_TAKEN)
        return _profile_page(request, form)
    except StorageAway:
        form.add_error("avatar", STORAGE_AWAY)
        return _profile_page(request, form, status=503)
    with_photo = _("Profile saved. Your new photo shows in a moment.")
    messages.success(request, with_photo if file else _("Profile saved"))
    address = (
        f"{reverse('settings_privacy')}?school=1" if is_new_to_school else request.user.get_absolute_url()
    )
    response = see_other(address)
    if request.user.language:
        remember_language(response, request.user.language)
    return response


def _profile_page(request: HttpRequest, form: ProfileForm, status: int = 0) -> HttpResponse:
    if form.is_bound:
        form.ask_again()
    context = {"form": form, "campuses": offered_campuses()}
    answer = status or form.refusal if form.is_bound else 200
    return render(request, "people/settings_profile.html", context, status=answer)


@form_view
@signed_in
def privacy(request: SignedInRequest) -> HttpResponse:
    """Show or save privacy settings; ?school=1 explains what high school changed, and asks about approving
    followers.
    """
    person = request.user
    stored = {name: getattr(person, name) for name in _SHOWN_AND_SHARED} | {"keep_out": not person.is_indexed}
    now: dict[str, Any] = {}
    is_school = "school" in request.GET and person.stage == User.Stage.HIGH_SCHOOL
    would_turn = public_count(person) if is_school and not person.approves_followers else 0
    if would_turn:
        now["approves_followers"] = True
    form = PrivacyForm(
        request.POST if request.method == "POST" else None,
        stored=stored,
        initial=now | retyped(request, PrivacyForm),
    )
    waiting = FollowRequest.objects.filter(followed=person).count()
    if form.is_valid() and (notes := _would_close(person, form.cleaned_data)):
        form.ask_first(notes)
    if form.is_valid():
        said = form.cleaned_data
        is_indexed, _confirm = not said.pop("keep_out"), said.pop("confirm")
        save_privacy(person=person, is_indexed=is_indexed, **said)
        messages.success(request, _("Privacy saved"))
        if waiting and not said["approves_followers"]:
            messages.info(request, still_waiting(waiting))
        return see_other(request.path)
    status = form.refusal if form.is_bound else 200
    context = {"form": form, "is_school": is_school, "would_turn": would_turn, "waiting": waiting}
    return render(request, "people/settings_privacy.html", context, status=status)


def _would_close(person: User, said: dict[str, Any]) -> int:
    """Return how many public notes an unconfirmed change would restrict to followers."""
    begins = said["approves_followers"] and not person.approves_followers
    return public_count(person) if begins and not said["confirm"] else 0
