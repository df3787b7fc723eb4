"""Words of forms that wait, on the browser that sent them, for the account whose page it was.

A form sent without a session is parked for an hour, and its page shows the words again after signing in. A form that
its person puts aside, to crop a photo of it, waits for a day. Only what came from our own pages is parked: another site
could otherwise put its words into somebody's mouth.
"""

import json
import re
from typing import Any, NamedTuple

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from redbook.backoff import networks
from redbook.browsers import Browser, browser_of, remember_account, write
from redbook.form_page import page_of
from redbook.http import is_from_here
from redbook.ids import random_name
from redbook.limits import hashed, tally
from redbook.models import LIFE, ParkedForm, ParkedFormQuerySet

BYTES_MAX = 256 * 1024
BROWSER_MAX, ALL_MAX = 5, 2000  # forms that wait for their person to sign in, at a time
ASIDE_MAX = 5  # forms that one account may put aside at a time
NETWORK_MAX = 200  # forms that one network address may park in an hour: a campus has few
SLOT = "words"  # the part of an address that names a parked form
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


def park(path: str, words: Words, *, owner: int | None, browser: Browser) -> str:
    """Keeps the words for the page at this path; the name under which they wait, or "" where they are too many."""
    parked = ParkedForm.objects.filter(is_aside=False)
    form = ParkedForm(path=path, owner_id=owner, browser=browser.hash)
    return _keep(form, words, (parked.filter(browser=browser.hash), BROWSER_MAX), (parked, ALL_MAX))


def put_aside(request: Any, words: Words) -> str:
    """The same for a signed-in person who comes back to the form by themselves."""
    browser = browser_of(request)
    if not browser.token:
        browser = browser._replace(token=random_name())
        request.named_browser = browser
    form = ParkedForm(path=request.path, owner=request.user, browser=browser.hash, is_aside=True)
    return _keep(form, words, (ParkedForm.objects.filter(is_aside=True, owner=request.user), ASIDE_MAX))


def _keep(form: ParkedForm, words: Words, *bounds: tuple[ParkedFormQuerySet, int]) -> str:
    """Stores the form, and deletes the oldest of more rows than each bound allows."""
    form.words = json.dumps([words.cause, dict(words.data.lists())], ensure_ascii=False)
    form.files = "\n".join(words.files)
    if len((form.words + form.files + form.path).encode()) > BYTES_MAX:
        return ""
    form.name = random_name()
    form.save(force_insert=True)
    for rows, most in bounds:
        newest = rows.order_by("-created_at", "-pk").values_list("pk", flat=True)
        ParkedForm.objects.filter(pk__in=list(newest[most:])).delete()
    return form.name


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
        if browser := getattr(request, "named_browser", None):
            write(response, browser)
        remember_account(request, response)
        return response


def _to_sign_in(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The answer to a form that asks to sign in first, leading from there to its page with the words."""
    browser, words = browser_of(request), words_of(request)._replace(cause="signed out")
    is_known = bool(browser.account) or settings.SESSION_COOKIE_NAME in request.COOKIES
    if request.user.is_authenticated or not is_known or not is_written(words) or not is_from_here(request):
        return response
    if browser.account and not get_user_model().objects.filter(pk=browser.account).exists():
        return response
    page = page_of(request)
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


def is_written(words: Words) -> bool:
    return bool(words.files) or any(
        value.strip() for values in dict(words.data.lists()).values() for value in values
    )
