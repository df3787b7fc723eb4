from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from core.http import post_only
from core.limits import TooMany, spend
from insights import queries
from insights.actions.recording import Reach
from insights.forms import SeenForm
from notes.readers import write_buffer
from profiles.models import User


class _CsrfCheck(CsrfViewMiddleware):
    """A CSRF check that returns the reason of a rejection instead of a page."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


@post_only
@csrf_exempt
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the furthest photo of a note that a reader has seen, which the page's script sends when it is left.

    Answered like a missing note, and not recorded: requests from other sites, without signing in, for notes one may
    not open or one's own, for a photo it does not have, and too many of them.
    """
    form = SeenForm(request.POST)
    if not (_is_ours(request) and request.user.is_authenticated and form.is_valid()):
        raise Http404
    note = get_object_or_404(queries.readable(request.user), pk=pk)
    photo = form.cleaned_data["photo"]
    if photo > queries.photo_count(note) or not _is_in_measure(request.user):
        raise Http404
    if photo > queries.reached(request.user, note):
        write_buffer.put(Reach(note.pk, request.user.pk, photo, timezone.now()))
    return HttpResponse(status=204)


def _is_in_measure(person: User) -> bool:
    """Return whether the reader reports no more photos than a person can look at."""
    try:
        spend("seen", person)
    except TooMany:
        return False
    return True


def _is_ours(request: HttpRequest) -> bool:
    """Return whether a page of this site sent the request: it has the token of the browser's cookie."""
    check = _CsrfCheck(lambda _request: HttpResponse())
    return check.process_view(request, None, (), {}) is None  # type: ignore[arg-type]  # the view is not asked
