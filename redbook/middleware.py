from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from redbook.limits import TooMany

Answer = Callable[[HttpRequest], HttpResponse]

# What no page of ours asks a browser for.
_UNUSED = (
    "accelerometer=(), camera=(), geolocation=(), gyroscope=(),"
    " magnetometer=(), microphone=(), payment=(), usb=()"
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
    """Headers that Django has no setting for: nobody else embeds what we serve, and it uses no device."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", _UNUSED)
        return response

    return middleware


class TooManyMiddleware(MiddlewareMixin):
    """429 with the time to wait, where a view has no form to show again."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, TooMany):
            return None
        response = render(request, "429.html", {"why": str(error)}, status=429)
        response["Retry-After"] = str(int(error.wait.total_seconds()) + 1)
        return response
