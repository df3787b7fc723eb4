"""The question before an act that cannot be taken back, or that others would notice."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.http import referring_page


def ask(
    request: HttpRequest, *, question: str, says: str, act: str, keep: str, fallback: str
) -> HttpResponse:
    """Return a page whose form POSTs to this address; for a script the same as the content of a dialog.

    `says` tells what the act changes, `act` is the text of its button and `keep` of the link that leads back, to
    the page that the question was asked from or else to `fallback`.
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
