import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django_htmx.middleware import HtmxDetails

CHOICE_AGE = 365 * 24 * 3600
_PLACE = re.compile(r"[\w-]+", re.ASCII)
_OWN_PATH = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f]*")


def see_other(address: str) -> HttpResponse:
    """Redirect with 303 after a write."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def leads_to(request: HttpRequest, address: str) -> HttpResponse:
    """Redirect with 303; answer a script that sends a form with 204 and the address in HX-Redirect."""
    if is_scripted(request):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return see_other(address)


def site_of(request: HttpRequest) -> str:
    """Return our own address, as "https://redbook.example", for links that are read elsewhere."""
    return request.build_absolute_uri("/").rstrip("/")


def form_address(request: HttpRequest) -> str:
    """Return this page's address in a form that browsers treat as another address.

    If a form posts to its page's very address and gets no response, the browser's error page replaces the page in the
    history, and what was typed is lost.
    """
    query = request.GET.urlencode()
    return f"?{query}&" if query else "?"


def way_back(request: HttpRequest) -> str:
    """Return the page that forms of this response lead back to: this one, or the one that sent the rejected POST."""
    return request.get_full_path() if request.method in {"GET", "HEAD"} else referring_page(request)


def back(request: HttpRequest, fallback: str, anchor: str = "") -> HttpResponse:
    """Redirect with 303 to the page of this site that held the form, at element `anchor`; else to `fallback`."""
    page = referring_page(request)
    return see_other(f"{page}#{anchor}" if page and anchor else page or fallback)


class HtmxRequest(HttpRequest):
    """The request of a view, with what its middleware found in the headers of htmx."""

    htmx: HtmxDetails
    resolver_match: ResolverMatch


def post_only[**P](view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Answer other methods than POST with 405, and exclude the view's address from `own_path`."""
    guarded = require_POST(view)
    guarded.is_post_only = True  # type: ignore[attr-defined]
    return guarded


def own_path(request: HttpRequest, address: str) -> str:
    """Return path and query of a page of this site; "" for any other address, and for one that browsers take for
    another.

    Every redirect to an address from a request goes through this. Browsers read `//host` and `/\\host` as a host, and
    drop tabs and line breaks first. An address that accepts only POST is not a page.
    """
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return ""
    path = urlsplit(address)._replace(scheme="", netloc="", fragment="").geturl()
    return path if _OWN_PATH.fullmatch(path) and not _leads_to_post_only(path) else ""


def own_address(request: HttpRequest, address: str) -> str:
    """Return the same, with the fragment of the address."""
    path, place = own_path(request, address), address.partition("#")[2]
    return f"{path}#{place}" if path and _PLACE.fullmatch(place) else path


def is_post_only(view: Callable[..., Any]) -> bool:
    return getattr(view, "is_post_only", False)


def _leads_to_post_only(path: str) -> bool:
    try:
        return is_post_only(resolve(unquote(urlsplit(path).path)).func)
    except Resolver404:
        return False


def referring_page(request: HttpRequest) -> str:
    """Return the page of this site that a form stood on, by its field `next` or the Referer; else ""."""
    return own_path(request, request.POST.get("next") or request.headers.get("Referer", ""))


def is_from_here(request: HttpRequest) -> bool:
    """Return whether the browser states that a page of this site sent the request. Every current browser does."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    here = f"{request.scheme}://{request.get_host()}"
    if origin := request.headers.get("Origin"):
        return origin == here
    referer = request.headers.get("Referer", here)
    try:
        return urlsplit(referer)[:2] == urlsplit(here)[:2]
    except ValueError:  # it is no address
        return False


def is_scripted(request: HttpRequest) -> bool:
    """Return whether one of our scripts sent the request: it can show an error and keep the page."""
    return "X-Requested-With" in request.headers


def retyped(request: HttpRequest, form: Form | type[Form]) -> dict[str, Any]:
    """Return the text of a parked form, to be used as the form's `initial`; empty if none was parked."""
    words = getattr(request, "restored", None)
    if words is None:
        return {}
    fields = {
        name: field.widget
        for name, field in getattr(form, "fields", form.base_fields).items()
        if not field.widget.needs_multipart_form
    }
    sent = {name: widget.value_from_datadict(words.data, {}, name) for name, widget in fields.items()}
    return {name: value for name, value in sent.items() if value is not None}


def signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Redirect signed-out visitors to sign in, and from there back, but never to a path that only takes POST."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> HttpResponseBase:
        request = args[0]
        assert isinstance(request, HttpRequest)
        if request.user.is_authenticated:
            return view(*args, **kwargs)
        if is_scripted(request):
            return render(request, "components/signed_out.html", status=401)
        response = redirect_to_login(way_back(request) or "/")
        if getattr(request, "htmx", False):
            return HttpResponse(status=204, headers={"HX-Redirect": response["Location"]})
        return response

    return guarded


def remember_language(response: HttpResponseBase, language: str) -> None:
    """Set the language cookie."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
    )


def keep(response: HttpResponseBase, cookie: str, chosen: str) -> None:
    """Set a cookie with a choice for a year; "" deletes the cookie."""
    if chosen:
        response.set_cookie(
            cookie, chosen, max_age=CHOICE_AGE, samesite="Lax", httponly=True, secure=settings.HTTPS
        )
    else:
        response.delete_cookie(cookie, samesite="Lax")
