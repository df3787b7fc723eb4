"""The second and third welcome steps. The first is the label editor."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.http import retyped, see_other, signed_in
from core.storage import StorageAway
from notes.forms import STORAGE_AWAY
from notes.models.public_names import offered_campuses
from people import steps
from people.actions.avatars import receive_avatar, remove_avatar
from people.actions.people import save_introduction
from people.profile_forms import IntroductionForm
from people.suggestions import suggestions
from people.views.settings import form_view
from profiles.requests import SignedInRequest

SUGGESTED = 3


@form_view
@signed_in
def profile(request: SignedInRequest) -> HttpResponse:
    """Show or save the second step: name, campus and photo."""
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = IntroductionForm(*sent, person=request.user, initial=retyped(request, IntroductionForm))
    if not form.is_valid():
        return _profile_page(request, form)
    words = form.cleaned_data
    file, square, remove = form.take_avatar()
    try:
        save_introduction(person=request.user, **words)
        if file:
            receive_avatar(person=request.user, file=file, square=square)
        elif remove:
            remove_avatar(person=request.user)
    except StorageAway:
        form.add_error("avatar", STORAGE_AWAY)
        return _profile_page(request, form, status=503)
    return see_other(steps.following(request, steps.PROFILE))


def _profile_page(request: HttpRequest, form: IntroductionForm, status: int = 0) -> HttpResponse:
    if form.is_bound:
        form.ask_again()
    context = {"form": form, "campuses": offered_campuses()} | _step_context(request, steps.PROFILE)
    answer = status or form.refusal if form.is_bound else 200
    return render(request, "people/welcome_profile.html", context, status=answer)


@require_safe
@signed_in
def people(request: SignedInRequest) -> HttpResponse:
    """Show the third step: three people to follow."""
    found = suggestions(request.user, SUGGESTED)
    context = {"suggestions": found} | _step_context(request, steps.PEOPLE)
    return render(request, "people/welcome_people.html", context)


def _step_context(request: HttpRequest, step: str) -> dict[str, object]:
    """Return what every step shows: the list of steps, and the addresses to continue and to skip."""
    shown = steps.steps(request, step)
    return {"steps": shown, "onward": steps.following(request, step), "end": steps.end(request)}
