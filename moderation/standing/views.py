from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from moderation.standing.limits import limits_of
from people.passes import of_owner
from profiles.models import User


@require_safe
@of_owner
def standing(request: HttpRequest, person: User) -> HttpResponse:
    """Show a person everything that lowers what they and their notes reach now."""
    response = render(request, "moderation/standing.html", {"limits": limits_of(person), "person": person})
    response["X-Robots-Tag"], response["Cache-Control"] = "noindex", "private, no-store"
    return response
