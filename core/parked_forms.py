"""Forms that wait, for the browser that sent them and the account whose page it was.

A form sent without a session is parked for an hour, and its page shows the text again after signing in. A form that
its person puts aside, to crop a photo of it, waits for a day. Only forms from pages of this site are parked: another
site could otherwise post text in a person's name.

A button that was pressed before signing in waits the same way: core/pending_presses.py.
"""

import json
import re
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from core.backoff import networks
from core.browser_cookie import Browser, browser_of, remember_account, write
from core.form_page import page_of
from core.http import is_from_here
from core.ids import random_name
from core.limits import hashed, tally
from core.models import LIFE, ParkedForm, ParkedFormQuerySet

BYTES_MAX = 256 * 1024
BROWSER_MAX, ALL_MAX = 5, 2000  # forms that wait for their person to sign in, at a time
ASIDE_MAX = 5  # forms that one account may put aside at a time
NETWORK_MAX = 200  # forms that one network address may park in an hour: a campus has few
SLOT = "words"  # the part of an address that names a parked form
PRESS_SLOT = "pressed"  # the part of an address that names a button that was pressed before signing in
PRESSES = {
    "note_like",
    "note_collect",
    "comment_like",
    "follow",
    "collection_follow",
}  # where such buttons post to, by the names of the routes
_SECRET = re.compile("password|token|secret", re.IGNORECASE)


class SubmittedForm(NamedTuple):
    """The fields of a form as they were sent, the names of the files that came with it, and the `cause` for which it
    comes back: "signed out", "stale", or "" where its person put it aside.
    """

    data: QueryDict
    files: list[str]
    cause: str = ""


def submitted_form(request: HttpRequest) -> SubmittedForm:
    """Return what was typed and chosen, without secrets and what the page itself added."""
    data = request.POST.copy()
    for name in [*data]:
        if _SECRET.search(name) or name == "next":
            del data[name]
    files = [
        file.name or "" for _name, file in request.FILES.items() for file in request.FILES.getlist(_name)
    ]
    return SubmittedForm(data, list(dict.fromkeys(files)))


def park(
    path: str, words: SubmittedForm, *, owner: int | None, browser: Browser, is_press: bool = False
) -> str:
    """Park the form for the page at this path; return the parked form's name, or "" if it is too large.

    Presses and forms have separate limits: visitors, who can press buttons at will, cannot evict parked text.
    """
    parked = ParkedForm.objects.filter(is_aside=False, is_press=is_press)
    form = ParkedForm(path=path, owner_id=owner, browser=browser.hash, is_press=is_press)
    return _keep(form, words, (parked.filter(browser=browser.hash), BROWSER_MAX), (parked, ALL_MAX))


def set_aside(request: Any, words: SubmittedForm) -> str:
    """Return the same for a signed-in person who comes back to the form by themselves."""
    browser = browser_of(request)
    if not browser.token:
        browser = browser._replace(token=random_name())
        request.named_browser = browser
    form = ParkedForm(path=request.path, owner=request.user, browser=browser.hash, is_aside=True)
    return _keep(form, words, (ParkedForm.objects.filter(is_aside=True, owner=request.user), ASIDE_MAX))


def _keep(form: ParkedForm, words: SubmittedForm, *bounds: tuple[ParkedFormQuerySet, int]) -> str:
    """Store the form, and delete the oldest rows beyond each limit."""
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


def parked(request: HttpRequest, name: str) -> tuple[SubmittedForm, str] | None:
    """Return the text parked under this name for this viewer, and the path of its page."""
    browser = browser_of(request)
    found = ParkedForm.objects.of(browser.hash, request.user).filter(name=name, is_press=False).first()
    if found is None:
        return None
    return SubmittedForm(
        parked_fields(found), found.files.splitlines(), json.loads(found.words)[0]
    ), found.path


def parked_fields(form: ParkedForm) -> QueryDict:
    data = QueryDict(mutable=True)
    for field, values in json.loads(form.words)[1].items():
        data.setlist(field, values)
    return data


class ParkingMiddleware(MiddlewareMixin):
    """Park forms that lead to the sign-in page, and restore the text named by a page's address."""

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if request.method in {"GET", "HEAD"} and (name := request.GET.get(SLOT)):
            words, path = parked(request, name) or (None, "")
            request.restored = words if path == request.path else None  # type: ignore[attr-defined]

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not hasattr(request, "user"):  # refused early
            return response
        doors = (reverse("account_login"), reverse("admin:login"))
        if request.method == "POST" and response.get("Location", "").startswith(doors):
            return (_press_to_sign_in if _is_press(request) else _to_sign_in)(request, response)
        if browser := getattr(request, "named_browser", None):
            write(response, browser)
        remember_account(request, response)
        return response


def _to_sign_in(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Redirect a form to sign in, and from there back to its page with the text."""
    browser, words = browser_of(request), submitted_form(request)._replace(cause="signed out")
    is_known = bool(browser.account) or settings.SESSION_COOKIE_NAME in request.COOKIES
    if request.user.is_authenticated or not is_known or not is_written(words) or not is_from_here(request):
        return response
    if browser.account and not get_user_model().objects.filter(pk=browser.account).exists():
        return response
    page = page_of(request)
    if page is None:
        return response
    browser = browser._replace(token=browser.token or random_name())
    if _is_crowded(request, "parked"):
        return response
    name = park(page.path, words, owner=browser.account, browser=browser)
    if not name:
        return response
    query = page.GET.copy()
    query[SLOT] = name
    onward = redirect_to_login(f"{page.path}?{query.urlencode()}")
    write(onward, browser)
    return onward


def _is_press(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.url_name in PRESSES


def _press_to_sign_in(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Redirect a button to sign in first. A person who signs in from there, in this browser, has
    pressed it: unlike words it is for any account, and no page of an earlier one.
    """
    if request.user.is_authenticated or not is_from_here(request) or _is_crowded(request, "pressed"):
        return response
    browser = browser_of(request)
    browser = browser._replace(token=browser.token or random_name())
    page = QueryDict(urlsplit(response["Location"]).query).get("next", "/")
    words = SubmittedForm(QueryDict(urlencode({"next": page})), [])
    name = park(request.get_full_path(), words, owner=None, browser=browser, is_press=True)
    if not name:
        return response
    path, _mark, query = page.partition("?")
    asked = QueryDict(query, mutable=True)
    asked[PRESS_SLOT] = name
    onward = redirect_to_login(f"{path}?{asked.urlencode()}")
    write(onward, browser)
    return onward


def _is_crowded(request: HttpRequest, kind: str) -> bool:
    """Return whether the request's network has reached the limit for this kind."""
    network = networks(get_adapter().get_client_ip(request))[0][0]
    return tally(f"{kind}:{hashed(network)}", LIFE) > NETWORK_MAX


def is_written(words: SubmittedForm) -> bool:
    return bool(words.files) or any(
        value.strip() for values in dict(words.data.lists()).values() for value in values
    )
