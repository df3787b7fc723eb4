from django.http import HttpResponse
from django.urls import reverse

from core.http import back, post_only, signed_in
from profiles.requests import SignedInRequest
from search.recent import actions


@post_only
@signed_in
def delete(request: SignedInRequest) -> HttpResponse:
    actions.forget(person=request.user, words=request.POST.get("words", ""))
    return back(request, reverse("search"))


@post_only
@signed_in
def clear(request: SignedInRequest) -> HttpResponse:
    actions.forget_all(person=request.user)
    return back(request, reverse("search"))


@post_only
@signed_in
def keep(request: SignedInRequest) -> HttpResponse:
    """Keep the searches of this person from now on with ?kept=on, or none with "off"."""
    chosen = request.POST.get("kept", "")
    if chosen not in {"on", "off"}:
        return HttpResponse(status=422)
    actions.keep(person=request.user, is_kept=chosen == "on")
    return back(request, reverse("search"))
