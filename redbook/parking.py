"""Words of forms that could not be taken: they wait for whoever wrote them to sign in, or come back at once.

A form sent without a session is parked for an hour, and its page shows the words again after signing in: on the browser
that sent them, to the account whose page it was. A form with a stale token comes back in the answer, with a fresh one.
Only what came from our own pages is: another site could otherwise put its words into somebody's mouth.
"""

import copy
import json
import re
from typing import Any, NamedTuple

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import resolve, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.datastructures import MultiValueDict
from django.utils.deprecation import MiddlewareMixin

from redbook.backoff import networks
from redbook.browsers import Browser, browser_of, remember_account, write
from redbook.http import is_from_here, is_scripted
from redbook.ids import random_name
from redbook.limits import hashed, tally
from redbook.models import LIFE, ParkedForm

BYTES_MAX = 256 * 1024
BROWSER_MAX, ALL_MAX = 5, 2000  # forms that wait at a time
NETWORK_MAX = 200  # forms that one network address may park in an hour: a campus has few
SLOT = "words"  # the part of an address that names a parked form
# Forms that stand on another page than the one they are sent to.
PAGES = {"comments": "note", "word_mute": "settings_muted"}
# Fields in which nobody types.
_PLUMBING = {
    "key",
    "draft",
    "seen",
    "photo",
    "remove",
    "parent",
    "cover",
    "action",
    "move",
    "add",
    "crop",
    "show",
}
_PLUMBING |= {"visibility", "disclosure", "text_tone", "confirm", "reason", "stage", "language", "audience"}
_SECRET = re.compile("password|token|secret", re.IGNORECASE)


class Words(NamedTuple):
    """The fields of a form as they were sent, the names of the files that came with it, and the `cause` for which it
    comes back: "signed out", "stale", or "" where its person put it aside.
    """

    data: QueryDict
    files: list[str]
    cause: str = ""


def words_of(request: HttpRequest) -> Words:
    """What was typed and chosen, without secrets and what the page itself added."""
    data = request.POST.copy()
    for name in [*data]:
        if _SECRET.search(name) or name == "next":
            del data[name]
    files = [
        file.name or "" for _name, file in request.FILES.items() for file in request.FILES.getlist(_name)
    ]
    return Words(data, list(dict.fromkeys(files)))


def typed_in(request: HttpRequest, *, again: bool = True) -> dict[str, Any]:
    """For a page that says what went wrong: what was typed into the form that was sent, to be copied or sent again.

    It asks neither the session nor the database. Nothing of a form of another site, or that could not be read.
    """
    try:
        words = words_of(request)
        token = request.POST.get("csrfmiddlewaretoken", "")
        if request.method != "POST" or not is_from_here(request) or not _is_written(words):
            return {}
    except Exception:  # what could not be read is why this page is shown
        return {}
    fields = [(name, value) for name, values in words.data.lists() for value in values]
    said = [(name, value, name not in _PLUMBING and value.strip() != "") for name, value in fields]
    return {
        "typed": said,
        "files": words.files,
        "token": token,
        "again": again,
        "address": request.get_full_path(),
    }


def park(path: str, words: Words, *, owner: int | None, browser: Browser) -> str:
    """Keeps the words for the page at this path; the name under which they wait, or "" where they are too many."""
    written = json.dumps([words.cause, dict(words.data.lists())], ensure_ascii=False)
    files = "\n".join(words.files)
    if len((written + files + path).encode()) > BYTES_MAX:
        return ""
    waiting = ParkedForm(name=random_name(), browser=browser.hash, owner_id=owner, path=path)
    waiting.words, waiting.files = written, files
    waiting.save(force_insert=True)
    for rows, most in (
        (ParkedForm.objects.filter(browser=browser.hash), BROWSER_MAX),
        (ParkedForm.objects, ALL_MAX),
    ):
        newest = rows.order_by("-created_at", "-pk").values_list("pk", flat=True)
        ParkedForm.objects.filter(pk__in=list(newest[most:])).delete()
    return waiting.name


def parked(request: HttpRequest, name: str) -> tuple[Words, str] | None:
    """The words that wait under this name for who asks, and the path of their page."""
    browser = browser_of(request)
    found = ParkedForm.objects.of(browser.hash, request.user).filter(name=name).first()
    if found is None:
        return None
    cause, fields = json.loads(found.words)
    data = QueryDict(mutable=True)
    for field, values in fields.items():
        data.setlist(field, values)
    return Words(data, found.files.splitlines(), cause), found.path


class ParkingMiddleware(MiddlewareMixin):
    """Parks a form that leads to the sign-in page; gives pages the words that their address names."""

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if request.method in {"GET", "HEAD"} and (name := request.GET.get(SLOT)):
            words, path = parked(request, name) or (None, "")
            request.restored = words if path == request.path else None  # type: ignore[attr-defined]

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not hasattr(request, "user"):  # refused early
            return response
        doors = (reverse("account_login"), reverse("admin:login"))
        if request.method == "POST" and response.get("Location", "").startswith(doors):
            return _to_sign_in(request, response)
        remember_account(request, response)
        return response


def _to_sign_in(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The answer to a form that asks to sign in first, leading from there to its page with the words."""
    browser, words = browser_of(request), words_of(request)._replace(cause="signed out")
    is_known = bool(browser.account) or settings.SESSION_COOKIE_NAME in request.COOKIES
    if request.user.is_authenticated or not is_known or not _is_written(words) or not is_from_here(request):
        return response
    if browser.account and not get_user_model().objects.filter(pk=browser.account).exists():
        return response
    page = _page(request)
    if page is None:
        return response
    browser = browser._replace(token=browser.token or random_name())
    network = networks(get_adapter().get_client_ip(request))[0][0]
    if tally(f"parked:{hashed(network)}", LIFE) > NETWORK_MAX:
        return response
    name = park(page.path, words, owner=browser.account, browser=browser)
    if not name:
        return response
    query = page.GET.copy()
    query[SLOT] = name
    onward = redirect_to_login(f"{page.path}?{query.urlencode()}")
    write(onward, browser)
    return onward


def _is_written(words: Words) -> bool:
    return bool(words.files) or any(
        value.strip() for values in dict(words.data.lists()).values() for value in values
    )


def _page(request: Any) -> Any | None:
    """The request for the page that a form stands on; None where there is none, as for a button in a list."""
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
    try:
        answer = match.func(_head(page), *match.args, **match.kwargs)
    except Http404:
        return None
    return None if answer.status_code == 405 else page


def _head(page: Any) -> Any:
    asked = copy.copy(page)
    asked.method = "HEAD"
    return asked


def stale(request: Any, reason: str = "") -> HttpResponseBase:
    """Answers a form whose token is not the browser's, for which somebody has signed in since it was opened.

    Its page comes back with the words and a fresh token, unless they may be of another account; scripts get the token
    alone. What another site sent gets neither.
    """
    browser, viewer = browser_of(request), request.user
    account = viewer.pk if viewer.is_authenticated else browser.account
    if not is_from_here(request) or (account and browser.is_shared(account)):
        return render(request, "403_csrf.html", {"reason": reason}, status=403)
    if is_scripted(request):
        fragment = render(
            request, "components/signed_out.html", status=403 if viewer.is_authenticated else 401
        )
        fragment["X-CSRF-Token"] = get_token(request)
        return fragment
    page = _page(request)
    needs_account = not viewer.is_authenticated and not _is_door(request)
    if page is None or (needs_account and not (account and _is_written(words_of(request)))):
        return render(request, "403_csrf.html", {"reason": reason}, status=403)
    if needs_account:
        return redirect_to_login(page.get_full_path())
    page.restored = words_of(request)._replace(cause="stale")
    match = page.resolver_match
    answer = match.func(page, *match.args, **match.kwargs)
    if callable(getattr(answer, "render", None)):
        answer = answer.render()
    if answer.status_code == 200:
        answer.status_code = 403
    add_never_cache_headers(answer)
    return answer


def _is_door(request: Any) -> bool:
    return (request.resolver_match.url_name or "").startswith("account_")
