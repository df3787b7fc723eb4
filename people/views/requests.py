"""Follow requests to the viewer, and their answers."""

from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.http import back, post_only, signed_in
from core.messages import say
from core.text import isolated
from people import feeds
from people.actions import follows
from people.views.people import of_person
from profiles.models import User
from profiles.requests import SignedInRequest


@require_safe
@signed_in
def requests(request: SignedInRequest) -> HttpResponse:
    page = feeds.asking(request.user, request.GET.get("after", ""))
    return render(request, "people/follow_requests.html", {"page": page})


@post_only
@signed_in
@of_person
def approve(request: SignedInRequest, person: User) -> HttpResponse:
    try:
        is_new = follows.approve(follower=person, followed=request.user)
    except IntegrityError:  # deleted at the same moment
        raise Http404 from None
    if is_new:
        say(request, _("%(name)s follows you now.") % {"name": isolated(person.name)})
    return back(request, reverse("follow_requests"))


@post_only
@signed_in
@of_person
def decline(request: SignedInRequest, person: User) -> HttpResponse:
    follows.decline(follower=person, followed=request.user)
    say(request, _("Declined. %(name)s won’t be notified.") % {"name": isolated(person.name)})
    return back(request, reverse("follow_requests"))
