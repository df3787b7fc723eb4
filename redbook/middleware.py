import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from redbook.limits import TooMany

logger = logging.getLogger(__name__)

Answer = Callable[[HttpRequest], HttpResponse]

# What no page of ours asks a browser for.
_UNUSED = (
    "accelerometer=(), camera=(), geolocation=(), gyroscope=(),"
    " magnetometer=(), microphone=(), payment=(), usb=()"
)

_PROXY_HEADERS = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED")
_PROXY_UNEXPECTED = (
    "A request carries X-Forwarded-For or Forwarded, but TRUSTED_PROXIES is 0: if a proxy stands in front, everyone"
    " behind it is limited as one address. Set TRUSTED_PROXIES to the number of proxies (docs/limits.md)."
)


def refuse_heavy_requests(answer: Answer) -> Answer:
    """413 by the declared length, before anything reads the body."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > settings.UPLOAD_REQUEST_BYTES:
            return render(request, "413.html", status=413)
        return answer(request)

    return middleware


def refuse_nul(answer: Answer) -> Answer:
    """400 for an address with a NUL, which PostgreSQL can neither hold nor look for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return render(request, "400.html", status=400)
        return answer(request)

    return middleware


def isolate_pages(answer: Answer) -> Answer:
    """Headers that Django has no setting for: nobody else embeds what we serve, it uses no device, and what is not
    there may be there later, so that no cache keeps that it is not.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", _UNUSED)
        if response.status_code in {404, 410}:
            response.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def keep_private(answer: Answer) -> Answer:
    """Have nothing that is answered to a browser with a session kept in a cache, so that Back after signing out shows
    none of it.

    Chromium still keeps such a page for Back, and drops it once an HttpOnly cookie changes; but not a page whose
    scripts were answered `no-store`, so that they get `no-cache`. For the same reason a CSRF cookie that the browser
    has is not sent again with every page.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return response
        is_of_script = request.headers.get("Sec-Fetch-Dest") == "empty" or "HX-Request" in request.headers
        response.setdefault("Cache-Control", "private, no-cache" if is_of_script else "private, no-store")
        token = response.cookies.get(settings.CSRF_COOKIE_NAME)
        if token and token.value == request.COOKIES.get(settings.CSRF_COOKIE_NAME):
            del response.cookies[settings.CSRF_COOKIE_NAME]
        return response

    return middleware


def notice_proxies(answer: Answer) -> Answer:
    """Log once a process that a proxy's header arrives and no proxy is expected."""
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        raise MiddlewareNotUsed
    noticed = False

    def middleware(request: HttpRequest) -> HttpResponse:
        nonlocal noticed
        if not noticed and any(header in request.META for header in _PROXY_HEADERS):
            noticed = True
            logger.warning(_PROXY_UNEXPECTED)
        return answer(request)

    return middleware


class TooManyMiddleware(MiddlewareMixin):
    """429 with the time to wait, where a view has no form to show again."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, TooMany):
            return None
        return error.tell(render(request, "429.html", {"why": str(error)}, status=429))
