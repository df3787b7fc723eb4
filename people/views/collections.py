"""The collections of a person, and one of them."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.http import HtmxRequest
from core.link_previews import Preview
from notes.collections import follows, lists
from notes.feeds import lists as note_lists
from notes.feeds.views import waterfall
from notes.link_previews import list_preview
from notes.models import Collection, Note
from notes.readers import write_buffer
from notes.readers.openings import is_read
from people.views.people import number_in, of_person
from profiles.models import User

NEWEST = 6  # collections above one's saved notes


@require_safe
@of_person
def collections(request: HtmxRequest, person: User) -> HttpResponse:
    """Show the viewer's own saved notes, below the collections last added to; of others, their public collections."""
    after = request.GET.get("after", "")
    if person != request.user:
        context = {"person": person, "shown": lists.public_of(request.user, person, after)}
        return render(request, "people/public_collections.html", context)
    page = note_lists.collected(person, after)
    shown = None if after or request.htmx else lists.own(person, size=NEWEST)
    return waterfall(request, "people/collections.html", page, person=person, shown=shown)


@require_safe
def collection(request: HtmxRequest, handle: str, slug: str) -> HttpResponse:
    """Show a collection, which the number at the end of its address names. An address with other words redirects."""
    return of_person(lambda request, person: _collection(request, person, slug))(request, handle)


def _collection(request: HtmxRequest, person: User, slug: str) -> HttpResponse:
    tile = lists.opened(request.user, person, number_in(slug))
    if tile is None:
        raise Http404
    found = tile.collection
    if slug != found.slug:
        return redirect(found)
    page = lists.notes_in(request.user, found, request.GET.get("after", ""))
    visit = None if person == request.user else follows.visit_of(request.user, found)
    if visit and is_read(request):
        write_buffer.put(visit)
    context: dict[str, Any] = {
        "counted": tile,
        "person": person,
        "is_own": person == request.user,
        "is_followed": visit is not None,
        "followers": None if found.is_private or found.hidden_at else follows.followers_of(found),
        "preview": _preview(found, [] if request.user.is_authenticated else page.rows),
    }
    return waterfall(request, "people/collection.html", page, heading="h2", collection=found, **context)


def _preview(collection: Collection, notes: list[Note]) -> Preview | None:
    """Return what a link to a public collection shows elsewhere, with the cover of one of `notes`, which everyone may
    open; None unless everyone may see the collection.
    """
    owner = collection.owner
    if collection.is_private or collection.hidden_at or owner.approves_followers:
        return None
    words = " ".join(collection.description.split()) or owner.name
    return list_preview(collection.name, words, collection.get_absolute_url(), notes)
