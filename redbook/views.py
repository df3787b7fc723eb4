"""Pages of no app, and the settings that every page offers."""

import errno
import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.db.address import is_given_up
from core.db.releases import missing
from core.http import HtmxRequest, back, keep, post_only, remember_language
from core.storage import StorageAway
from core.submitted_words import typed_in
from notes.models import Photo
from people.actions.people import save_language
from redbook.context import THEMES

READY = "ready"  # the file by which storage is tried: always the same, so that none is left over


@require_safe
def about(request: HtmxRequest) -> HttpResponse:
    return render(request, "pages/about.html")


@require_safe
def terms(request: HtmxRequest) -> HttpResponse:
    return render(request, "pages/terms.html", {"minimum_age": settings.MINIMUM_AGE})


@require_safe
def privacy(request: HtmxRequest) -> HttpResponse:
    return render(request, "pages/privacy.html")


@require_safe
def young_people(request: HtmxRequest) -> HttpResponse:
    return render(request, "pages/young_people.html", {"minimum_age": settings.MINIMUM_AGE})


@require_safe
def support(request: HtmxRequest) -> HttpResponse:
    """Show whom to call and what helps people who are not well."""
    return render(request, "pages/support.html")


@post_only
def theme(request: HtmxRequest) -> HttpResponse:
    """Set the theme cookie to "light" or "dark"; "" follows the device again."""
    chosen = request.POST.get("theme", "")
    if chosen not in {"", *THEMES}:
        return HttpResponse(status=422)
    response = back(request, "/")
    keep(response, settings.THEME_COOKIE_NAME, chosen)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HtmxRequest) -> HttpResponse:
    """Show the keyboard shortcuts, as a page or in a dialog; "off" and "on" disable and enable them."""
    if request.method != "POST":
        return render(request, "pages/keys_sheet.html" if request.htmx else "pages/keys.html")
    chosen = request.POST.get("keys", "")
    if chosen not in {"on", "off"}:
        return HttpResponse(status=422)
    response = back(request, "/keys/")
    keep(response, settings.KEYS_COOKIE_NAME, "off" if chosen == "off" else "")
    return response


@post_only
def language(request: HtmxRequest) -> HttpResponse:
    """Set the language of this browser, and of the person's account."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        return HttpResponse(status=422)
    response = back(request, "/")
    remember_language(response, chosen)
    if request.user.is_authenticated:
        save_language(person=request.user, language=chosen)
    return response


@post_only
def introduction(request: HtmxRequest) -> HttpResponse:
    """Hide Explore's introduction in this browser. Idempotent."""
    response = back(request, "/")
    keep(response, settings.INTRODUCTION_COOKIE_NAME, "hidden")
    return response


def bad_request(request: HtmxRequest, exception: Exception) -> HttpResponse:
    """Answer 400, or 413 for more text, fields or files than a form may have."""
    if isinstance(exception, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)):
        is_text = not isinstance(exception, TooManyFilesSent)
        return HttpResponse(get_template("413.html").render({"is_text": is_text}), status=413)
    return HttpResponse(get_template("400.html").render(), status=400)


@require_safe
@never_cache
def too_large(request: HtmxRequest) -> HttpResponse:
    """Return the page for a request that nginx rejects as too large. nginx requests it here."""
    return render(request, "413.html", status=413)


def server_error(request: HtmxRequest) -> HttpResponse:
    """Answer 500, or 503 while the database or storage is unavailable; neither page queries them."""
    error = sys.exception()
    if _is_away(error):
        page = get_template("503.html").render({"is_slow": is_given_up(error)} | typed_in(request))
        return HttpResponse(page, status=503, headers={"Retry-After": "30", "Cache-Control": "no-store"})
    return HttpResponse(get_template("500.html").render(typed_in(request)), status=500)


def not_found(request: HtmxRequest, exception: Exception) -> HttpResponse:
    """Answer 404, with the text typed into a form whose note, comment or person is gone."""
    return render(request, "404.html", typed_in(request, again=False), status=404)


def forbidden(request: HtmxRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", typed_in(request, again=False), status=403)


def _is_away(error: BaseException | None) -> bool:
    """Return whether the error may pass by itself: the database or storage is unavailable, or no disk has room."""
    if isinstance(error, (OperationalError, InterfaceError, StorageAway)):
        return True
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}


@require_safe
@never_cache
def healthz(request: HtmxRequest) -> HttpResponse:
    """Answer 200 while this process runs."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HtmxRequest) -> HttpResponse:
    """Answer 503 unless the database responds and has every migration of this code, and storage accepts a file.

    Reports how long the oldest photo has waited, without judging it: a queue is no reason to send people elsewhere.
    """
    try:
        if behind := missing():
            text = f"The database lacks {behind[0]}: run manage.py prepare\n"
            return HttpResponse(text, content_type="text/plain", status=503)
        photo = Photo.objects.waiting().first()
        default_storage.save(READY, ContentFile(b"ok"))
        default_storage.delete(READY)
    except Exception as error:
        return HttpResponse(f"{type(error).__name__}\n", content_type="text/plain", status=503)
    waits = f"{(timezone.now() - photo.created_at).total_seconds():.0f} s" if photo else "none"
    return HttpResponse(f"ok\noldest waiting photo: {waits}\n", content_type="text/plain")
