"""Find the page that a form stands on, if the form posts to another address or has to come back."""

import copy
from typing import Any

from django.http import QueryDict
from django.urls import resolve, reverse
from django.utils.datastructures import MultiValueDict

from core.http import is_post_only

# Forms that stand on another page than the one they are sent to.
PAGES = {"comments": "note", "word_mute": "settings_muted"}


def page_of(request: Any) -> Any | None:
    """Return a request for the page that a form stands on; None if it has none, like a button in a list."""
    match = request.resolver_match
    page = copy.copy(request)
    page.method, page._post, page._files = "GET", QueryDict(), MultiValueDict()
    page.GET = request.GET.copy()
    if onward := request.POST.get("next"):
        page.GET["next"] = onward
    if name := PAGES.get(match.url_name or ""):
        page.path = page.path_info = reverse(name, kwargs=match.kwargs)
        page.resolver_match = resolve(page.path)
        return page
    return None if is_post_only(match.func) else page
