"""Find among one's saved notes."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from core.http import signed_in
from notes.feeds.views import waterfall
from notes.models import Collection
from profiles.requests import SignedInRequest
from search.asked import QUERY_MAX
from search.forms import typed
from search.results import saved


@require_safe
@signed_in
def find(request: SignedInRequest) -> HttpResponse:
    """Show what ?q= finds among all of one's saved notes, or in one's ?collection=."""
    q = typed(request.GET.get("q", ""))
    collection = _own(request) if request.GET.get("collection") else None
    page = saved.found(request.user, q[:QUERY_MAX], collection, request.GET.get("after", ""))
    return waterfall(request, "search/saved.html", page, typed=q, collection=collection)


def _own(request: SignedInRequest) -> Collection:
    """Return the viewer's collection that the address names by its number. Raises Http404."""
    number = request.GET["collection"]
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise Http404
    mine = Collection.objects.of(request.user).select_related("owner")
    found: Collection = get_object_or_404(mine, pk=number)
    return found
