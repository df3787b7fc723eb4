from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.confirmation import ask
from core.http import back, post_only, see_other, signed_in
from core.messages import say
from core.text import isolated
from people import feeds
from people.actions import blocks
from profiles.models import User
from profiles.requests import SignedInRequest


def _person(request: HttpRequest, handle: str) -> User:
    return get_object_or_404(User.objects.in_reach_of(request.user).known_as(handle))


def _ask_to_block(request: HttpRequest, person: User) -> HttpResponse:
    if person == request.user:
        raise Http404
    return ask(
        request,
        question=_("Block %(name)s?") % {"name": isolated(person.name)},
        says=_(
            "You won't see each other's pages, notes and comments, and you stop following each other."
            " We don't tell people you block."
        ),
        act=_("Block"),
        keep=_("Cancel"),
        fallback=person.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def block(request: SignedInRequest, handle: str) -> HttpResponse:
    """Ask, then block. Redirects to the list of blocked people: the profile is no longer visible."""
    person = _person(request, handle)
    if request.method != "POST":
        return _ask_to_block(request, person)
    try:
        blocks.block(blocker=request.user, blocked=person)
    except IntegrityError:  # oneself, or a person deleted at the same moment
        raise Http404 from None
    say(request, _("You and %(name)s no longer see each other.") % {"name": isolated(person.name)})
    return see_other(reverse("settings_blocked"))


@post_only
@signed_in
def unblock(request: SignedInRequest, handle: str) -> HttpResponse:
    person = _person(request, handle)
    blocks.unblock(blocker=request.user, blocked=person)
    said = _("You unblocked %(name)s.") % {"name": isolated(person.name)}
    say(request, said, undo=reverse("block", args=[person.handle]))
    return back(request, reverse("settings_blocked"))


@require_safe
@signed_in
def blocked(request: SignedInRequest) -> HttpResponse:
    """Show the people the viewer has blocked."""
    page = feeds.blocked(request.user, request.GET.get("after", ""))
    return render(request, "people/settings_blocked.html", {"page": page})
