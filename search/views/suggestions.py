from typing import NamedTuple
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.backoff import networks
from core.http import HtmxRequest
from core.limits import TooMany, spend, spend_from
from profiles.models import User
from search.forms import typed
from search.suggestions.queries import Suggestions, suggestions


class Option(NamedTuple):
    """One row of the list: a person, or words with an icon and what they are."""

    address: str
    person: User | None = None
    icon: str = ""
    says: str = ""
    words: str = ""


@require_safe
def suggest(request: HtmxRequest) -> HttpResponse:
    """Show what ?typed= may mean; before anything is typed, the viewer's recent searches. 204 without any."""
    try:
        if request.user.is_authenticated:
            spend("search_suggestions", request.user)
        else:
            spend_from("visitors_suggestions", networks(get_adapter().get_client_ip(request)))
    except TooMany as error:
        return error.tell(HttpResponse(status=429))
    found = suggestions(request.user, typed(request.GET.get("typed", "")))
    if not found:
        return HttpResponse(status=204)
    return render(request, "search/suggestions.html", {"options": _options(found)})


def _options(found: Suggestions) -> list[Option]:
    """Return the viewer's own searches first, then tags, people, labels and campuses."""
    page = reverse("search")
    recent = [
        Option(f"{page}?{urlencode({'q': words})}", None, "clock", _("Recent search:"), words)
        for words in found.recent
    ]
    tags = [Option(reverse("tag", args=[tag.slug]), None, "hash", _("Tag:"), tag.name) for tag in found.tags]
    people = [Option(person.get_absolute_url(), person) for person in found.people]
    labels = [
        Option(label.get_absolute_url(), None, "ribbon", _("Label:"), label.wording) for label in found.labels
    ]
    campuses = [
        Option(campus.get_absolute_url(), None, "cap", _("Campus:"), campus.name) for campus in found.campuses
    ]
    return [*recent, *tags, *people, *labels, *campuses]
