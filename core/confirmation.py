"""The confirmation page before an action that cannot be undone or that others would notice."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.http import referring_page


def ask(
    request: HttpRequest, *, question: str, says: str, act: str, keep: str, fallback: str
) -> HttpResponse:
    """Return a page with a form that POSTs to this address; for a script, the same as the content of a dialog.

    `says` explains what the action changes, `act` is the text of its button, and `keep` that of the link back: to the
    page the question was asked from, or else to `fallback`.
    """
    page = referring_page(request)
    is_here = urlsplit(page).path == request.path
    is_sheet = getattr(request, "htmx", False)
    context = {
        "question": question,
        "says": says,
        "act": act,
        "keep": keep,
        "page": fallback if not page or is_here else page,
    }
    return render(request, "components/ask_sheet.html" if is_sheet else "components/ask.html", context)
