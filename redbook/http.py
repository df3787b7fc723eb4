from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


def see_other(address: str) -> HttpResponse:
    """303: the write is done, now look here."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def back(request: HttpRequest, fallback: str, anchor: str = "") -> HttpResponse:
    """303 to the page of ours that the form stood on, at the element `anchor`; elsewhere to `fallback`."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return see_other(fallback)
    parts = urlsplit(referer)
    return see_other(parts._replace(scheme="", netloc="", fragment=anchor or parts.fragment).geturl())
