from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.http import back, post_only, signed_in
from core.text import isolated
from people.actions import muting
from people.suggestions import suggestions
from people.views.people import of_person
from profiles.models import User
from profiles.requests import SignedInRequest

BESIDE = 6  # where they are not the page's matter


@require_safe
@signed_in
def people(request: SignedInRequest) -> HttpResponse:
    """Show suggested people; for htmx, the first few, to be embedded in another page."""
    name = "people/suggestions_fragment.html" if request.htmx else "people/suggestions.html"
    found = suggestions(request.user, **({"most": BESIDE} if request.htmx else {}))
    response = render(request, name, {"suggestions": found})
    patch_vary_headers(
        response, ["HX-Request"]
    )  # two responses share this address, so browsers must not cache one for the other
    return response


@post_only
@signed_in
@of_person
def dismiss(request: SignedInRequest, person: User) -> HttpResponse:
    try:
        muting.dismiss(person=request.user, dismissed=person)
    except IntegrityError:  # oneself, or a person deleted at the same moment
        raise Http404 from None
    messages.success(request, _("%(name)s is not suggested to you again.") % {"name": isolated(person.name)})
    return back(request, reverse("people"))
