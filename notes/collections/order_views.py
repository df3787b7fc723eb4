"""Put the notes of one's collection in order."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.http import back, is_scripted, signed_in
from notes.collections import lists
from notes.collections.order import move
from notes.collections.views import own_collection
from notes.moves import MoveForm
from profiles.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def order(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the notes of a collection with the buttons that move them; on POST move one. A script gets an empty answer,
    or 409 where the note or the other one is no longer there.
    """
    collection = own_collection(request, pk)
    if request.method != "POST":
        page = lists.ordered(request.user, collection, request.GET.get("after", ""))
        context = {"collection": collection, "page": page}
        return render(request, "notes/collections/order.html", context)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    wanted = form.cleaned_data["move"]
    done = move(collection=collection, note=wanted.note, other=wanted.other, is_before=wanted.is_before)
    if is_scripted(request):
        return HttpResponse(status=204 if done else 409)
    if not done:
        messages.info(request, _("Another window has changed this collection. Nothing was moved."))
    return back(request, request.path, f"note-{wanted.note}")
