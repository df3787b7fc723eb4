"""The series of a person, and one of them."""

import re

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.http import HtmxRequest
from notes.readers.openings import remember_shown
from notes.series import queries
from people.views.people import of_person
from profiles.models import User

_NUMBER = re.compile(r"(?:.*-)?([1-9][0-9]{0,17})", re.ASCII | re.DOTALL)


@require_safe
@of_person
def series_list(request: HtmxRequest, person: User) -> HttpResponse:
    """Show the series in which the viewer may open a note; 404 where others find none."""
    shown, is_own = queries.series_of(request.user, person), person == request.user
    if not shown and not is_own:
        raise Http404
    context = {"person": person, "shown": shown, "is_own": is_own}
    return render(request, "people/series/list.html", context)


@require_safe
def series(request: HtmxRequest, handle: str, slug: str) -> HttpResponse:
    """Show a series, which the number at the end of its address names. An address with other words redirects."""
    return of_person(lambda request, person: _series(request, person, slug))(request, handle)


def _series(request: HtmxRequest, person: User, slug: str) -> HttpResponse:
    number = _NUMBER.fullmatch(slug)
    found = queries.opened(request.user, person, int(number[1])) if number else None
    if found is None:
        raise Http404
    shown, notes = found
    if slug != shown.slug:
        return redirect(shown)
    context = {"series": shown, "notes": notes, "person": person, "is_own": person == request.user}
    response = render(request, "people/series/series.html", context)
    remember_shown(request, notes)
    return response
