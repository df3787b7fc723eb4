from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.http import signed_in
from core.limits import TooMany, spend
from notes.mentions.suggestions import suggestions
from notes.models import Note
from profiles.requests import SignedInRequest


@require_safe
@signed_in
def suggest(request: SignedInRequest) -> HttpResponse:
    """Show the people that ?typed= may mean in a text, with ?note= under that note; 204 without any."""
    try:
        spend("suggestions", request.user)
    except TooMany as error:
        return error.tell(HttpResponse(status=429))
    number = request.GET.get("note", "")
    is_number = number.isdecimal() and len(number) < 19
    note = Note.objects.live().meant_for(request.user).filter(pk=number).first() if is_number else None
    found = suggestions(request.user, request.GET.get("typed", ""), note)
    if not found:
        return HttpResponse(status=204)
    return render(request, "notes/mentions/suggestions.html", {"people": found})
