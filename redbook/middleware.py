import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject

from core.limits import TooMany
from core.submitted_words import typed_in
from core.text import is_piled, stream_safe
from profiles.models import User
from profiles.pauses import Paused

logger = logging.getLogger(__name__)

Answer = Callable[[HttpRequest], HttpResponse]

# Characters. The longest address of ours leads on to a search from signing in; browsers cut cookies at 4,096 each.
PATH_MAX, QUERY_MAX = 2_000, 8_000
HEADER_MAX, HEADERS_MAX = 16_000, 32_000
PATH_SHOWN = 200
# Pages that clean the words of their address themselves: whatever a person types there is searched for.
ANY_WORDS = {"/search/", "/search/suggestions/"}

# What no page of ours asks a browser for.
_UNUSED = (
    "accelerometer=(), camera=(), geolocation=(), gyroscope=(),"
    " magnetometer=(), microphone=(), payment=(), usb=()"
)

DROPPED_AT_ONCE = 256 * 1024
_PROXY_HEADERS = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED")
_PROXY_UNEXPECTED = (
    "A request carries X-Forwarded-For or Forwarded, but TRUSTED_PROXIES is 0: if a proxy stands in front, everyone"
    " behind it is limited as one address. Set TRUSTED_PROXIES to the number of proxies (docs/limits.md)."
)


def refuse_heavy_requests(answer: Answer) -> Answer:
    """Answer 413 by the declared length, before the body is read: files may be large, text may not.

    Of a body with files only the text is counted, as it arrives: DATA_UPLOAD_MAX_MEMORY_SIZE. A body that a proxy has
    buffered is read and dropped: a proxy that cannot send the rest would answer 502 instead.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        is_text = not request.META.get("CONTENT_TYPE", "").startswith("multipart/form-data")
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE if is_text else settings.UPLOAD_REQUEST_BYTES
        if not length.isdecimal() or len(length) > 18 or int(length) > most:
            is_sent = settings.ALLAUTH_TRUSTED_PROXY_COUNT and length.isdecimal() and len(length) < 10
            if is_sent and int(length) <= settings.UPLOAD_REQUEST_BYTES:
                while request.read(DROPPED_AT_ONCE):
                    pass
            return render(request, "413.html", {"is_text": is_text}, status=413)
        return answer(request)

    return middleware


def _has_odd_words(path: str, query: str) -> bool:
    """Return whether the address has a NUL or stacked marks that its page does not take."""
    return path not in ANY_WORDS and ("%00" in query or is_piled(unquote_plus(query)))


def refuse_odd_requests(answer: Answer) -> Answer:
    """Check the address and headers before they are parsed.

    414 and 431 for what no page of this site and no browser makes so long; 400 for a NUL, which PostgreSQL can
    neither store nor search for, and for an address with stacked marks.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        headers = [value for name, value in request.META.items() if name.startswith("HTTP_")]
        if len(request.path) > PATH_MAX or len(query) > QUERY_MAX:
            status = 414
        elif max(map(len, headers), default=0) > HEADER_MAX or sum(map(len, headers)) > HEADERS_MAX:
            status = 431
        elif "\x00" in request.path or is_piled(request.path) or _has_odd_words(request.path, query):
            status = 400
        else:
            return answer(request)
        request.path = request.path[:PATH_SHOWN]  # in the log
        return render(request, "400.html", status=status)

    return middleware


class CalmFormsMiddleware(MiddlewareMixin):
    """Bound the cost of each form by its length: see `stream_safe`. Fields reject stacked marks themselves."""

    def process_view(self, request: HttpRequest, *_args: Any) -> None:
        values = [value for _name, values in request.POST.lists() for value in values]
        if not any(map(is_piled, values)):
            return
        data = request.POST.copy()
        for name, values in request.POST.lists():
            data.setlist(name, [stream_safe(value) for value in values])
        data._mutable = False
        request.POST = data  # type: ignore[assignment]


def isolate_pages(answer: Answer) -> Answer:
    """Add headers that Django has no setting for: no other site may embed our pages or files, pages use no device,
    and caches do not keep a 404.
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
    """Forbid caching of responses to browsers with a session, so that Back after signing out shows none of them.

    Chromium still keeps such a page for Back, and drops it once an HttpOnly cookie changes; but not a page whose
    scripts were answered `no-store`, which is why they get `no-cache`. For the same reason a CSRF cookie that the
    browser has is not sent again with every page.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or "X-Accel-Redirect" in response:
            return response
        is_of_script = request.headers.get("Sec-Fetch-Dest") == "empty" or "HX-Request" in request.headers
        response.setdefault("Cache-Control", "private, no-cache" if is_of_script else "private, no-store")
        token = response.cookies.get(settings.CSRF_COOKIE_NAME)
        if token and token.value == request.COOKIES.get(settings.CSRF_COOKIE_NAME):
            del response.cookies[settings.CSRF_COOKIE_NAME]
        return response

    return middleware


def follow_time_zone(answer: Answer) -> Answer:
    """Show times in the time zone of the signed-in person, from the moment at which the response first needs to know
    who that is: pages that ask for no person do not look one up.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        def person() -> User | AnonymousUser:
            found = get_user(request)
            if isinstance(found, User):
                timezone.activate(found.zone)
            return found

        request.user = SimpleLazyObject(person)  # type: ignore[assignment]
        try:
            return answer(request)
        finally:
            timezone.deactivate()

    return middleware


def notice_proxies(answer: Answer) -> Answer:
    """Log once per process that a proxy header arrived though no proxy is configured."""
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
    """Answer 429 with the time to wait, where a view has no form to show again."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, TooMany):
            return None
        name = "paused.html" if isinstance(error, Paused) else "429.html"
        page = render(request, name, {"why": str(error)} | typed_in(request), status=429)
        return error.tell(page)
