"""The series of a person, and one of them."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from core.http import HtmxRequest
from core.link_previews import Preview
from notes.link_previews import list_preview
from notes.models import Note, Series
from notes.readers.openings import remember_shown
from notes.series import queries
from people.views.people import number_in, of_person
from profiles.models import User


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
    found = queries.opened(request.user, person, number_in(slug))
    if found is None:
        raise Http404
    shown, notes = found
    if slug != shown.slug:
        return redirect(shown)
    context = {"series": shown, "notes": notes, "person": person, "is_own": person == request.user}
    context["preview"] = _preview(shown, notes, person)
    response = render(request, "people/series/series.html", context)
    remember_shown(request, notes)
    return response


def _preview(series: Series, notes: list[Note], author: User) -> Preview | None:
    """Return what a link to a series shows elsewhere: of its notes those for everyone; None where there is none."""
    listed = [note for note in notes if note.is_listed]
    if not listed or series.hidden_at or author.approves_followers:
        return None
    says = ngettext(
        "A series by %(name)s, %(number)d note.", "A series by %(name)s, %(number)d notes.", len(listed)
    )
    said = says % {"name": author.name, "number": len(listed)}
    return list_preview(series.name, said, series.get_absolute_url(), listed)
