"""Who likes a note."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.http import HtmxRequest
from notes.models import Note
from notes.moderation import record_opening
from people import feeds


@require_safe
def likers(request: HtmxRequest, pk: int) -> HttpResponse:
    """Show who likes a note: all of them to its author, to others those they follow and how many more.

    For a moderator this counts as opening the note.
    """
    note = get_object_or_404(Note.objects.live().visible_to(request.user).select_related("author"), pk=pk)
    record_opening(note=note, by=request.user)
    page, others = feeds.likers(request.user, note, request.GET.get("after", ""))
    context = {"note": note, "page": page, "others": others, "is_own": note.author == request.user}
    return render(request, "people/likers.html", context)
