"""A signed cookie that identifies the browser and the accounts that were signed in on it."""

from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

from core.ids import random_name

ACCOUNTS_MAX = 4
_signer = Signer(salt="core.browser_cookie")


def cookie_name() -> str:
    return "__Host-browser" if settings.HTTPS else "browser"


class Browser(NamedTuple):
    """A random `token`, and the ids of the accounts that were signed in here, the latest last."""

    token: str = ""
    accounts: tuple[int, ...] = ()

    @property
    def hash(self) -> str:
        """The token's hash, by which the database knows the browser. It cannot be turned back into the token."""
        return salted_hmac("core.browser_cookie", self.token, algorithm="sha256").hexdigest()

    @property
    def account(self) -> int | None:
        """The account that signed in last. Signing in makes forms of earlier accounts stale."""
        return self.accounts[-1] if self.accounts else None

    def is_shared(self, account: int) -> bool:
        """Return whether a page open in this browser may belong to another account."""
        return bool(set(self.accounts) - {account})


def browser_of(request: HttpRequest) -> Browser:
    """Return the browser of a request, without a token if it has no cookie."""
    try:
        token, *accounts = _signer.unsign(request.COOKIES.get(cookie_name(), "")).split(".")
        return Browser(token, tuple(map(int, accounts)))
    except (BadSignature, ValueError):
        return Browser()


def remember_account(request: HttpRequest, response: HttpResponseBase) -> None:
    """Add the account of this page to the browser's cookie, unless it is there."""
    if request.method != "GET" or not request.session.accessed:
        return
    if not (signed_in := request.session.get(SESSION_KEY)):
        return
    browser, account = browser_of(request), int(signed_in)
    if browser.account != account:
        others = [each for each in browser.accounts if each != account]
        write(response, Browser(browser.token, (*others, account)))


def write(response: HttpResponseBase, browser: Browser) -> Browser:
    """Write the browser's cookie, with a new token if it has none."""
    known = Browser(browser.token or random_name(), browser.accounts[-ACCOUNTS_MAX:])
    response.set_cookie(
        cookie_name(),
        _signer.sign(".".join([known.token, *map(str, known.accounts)])),
        max_age=settings.SESSION_COOKIE_AGE,
        samesite="Lax",
        httponly=True,
        secure=settings.HTTPS,
    )
    return known
