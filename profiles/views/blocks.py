from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from profiles import feeds
from profiles.actions import blocks
from profiles.models import User
from redbook.http import back, see_other, signed_in
from redbook.messages import say
from redbook.text import isolated


def _person(request: HttpRequest, handle: str) -> User:
    return get_object_or_404(User.objects.in_reach_of(request.user).known_as(handle))


@require_POST
@signed_in
def block(request: HttpRequest, handle: str) -> HttpResponse:
    """Leads to the list where it can be undone: the page that the button stood on is there no longer."""
    person = _person(request, handle)
    try:
        blocks.block(blocker=request.user, blocked=person)
    except IntegrityError:  # oneself, or somebody who is just gone
        raise Http404 from None
    say(request, _("You and %(name)s no longer see each other.") % {"name": isolated(person.name)})
    return see_other(reverse("settings_blocked"))


@require_POST
@signed_in
def unblock(request: HttpRequest, handle: str) -> HttpResponse:
    person = _person(request, handle)
    blocks.unblock(blocker=request.user, blocked=person)
    said = _("You unblocked %(name)s.") % {"name": isolated(person.name)}
    say(request, said, undo=reverse("block", args=[person.handle]))
    return back(request, reverse("settings_blocked"))


@require_safe
@signed_in
def blocked(request: HttpRequest) -> HttpResponse:
    """Whom the viewer has blocked, and nobody else knows."""
    page = feeds.blocked(request.user, request.GET.get("after", ""))
    return render(request, "profiles/settings_blocked.html", {"page": page})
