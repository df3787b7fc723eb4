"""Limits on attempts at a password, requested mails and sign-ups.

Failures are counted by account for unknown browsers, by browser for known ones, and by network over accounts. Whether
an account exists makes no difference.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.backoff import Waiting, charge, check, clear, networks, refund, times
from core.limits import DAY, TooMany, hashed, tally
from people.known_browsers import name_of

CREDIT = 2  # failures of a network that one sign-in offsets, once a day per account
REPEATS = 5  # failures at one account that count as one for the network
TOO_MANY = "too_many"  # the code of a form's error that says when to try again
NEW, CONFIRMED = 2, 1  # what a new account counts


@dataclass
class Attempt:
    """An attempt that counts as failed until it succeeds."""

    own: list[tuple[str, str]]  # backoffs and keys of the account, the browser or the session
    pair: str = ""
    places: list[tuple[str, int]] = field(default_factory=list)

    def succeed(self) -> None:
        """Take back what was counted, and this account's earlier failures from this network."""
        if not settings.LIMITS_ON:
            return
        with transaction.atomic():
            if self.pair:
                units = -(-_taken(self.pair) // REPEATS)
                units += CREDIT if tally(f"credit:{self.pair}", DAY) == 1 else 0
                for key, customers in self.places:
                    refund(times(settings.BACKOFFS["network"], customers), key, units)
            for name, key in self.own:
                clear(key) if name == "known" else refund(settings.BACKOFFS[name], key)


def try_password(request: HttpRequest, email: str) -> Attempt:
    """Count an attempt at the password of the account with this normalised address. Raises TooMany."""
    attempt = _of_owner(request, email, "known") or _of_stranger(request, email, "password")
    if settings.LIMITS_ON:
        with _told(_("Too many failed attempts."), _password_advice(request)), transaction.atomic():
            if attempt.pair and tally(attempt.pair, DAY) % REPEATS == 1:
                for key, customers in attempt.places:
                    charge(times(settings.BACKOFFS["network"], customers), key)
            for name, key in attempt.own:
                charge(settings.BACKOFFS[name], key)
    return attempt


def ask_for_mail(request: HttpRequest, email: str) -> None:
    """Count a mail that a visitor requests to this address. Raises TooMany."""
    if not settings.LIMITS_ON:
        return
    account = normal(email)
    name = name_of(request, account)
    with _told(_("Use the newest mail that you were sent.")), transaction.atomic():
        if not name and tally(f"mail-pair:{hashed(_address(request), account)}", DAY) == 1:
            for network, customers in networks(_address(request)):
                charge(times(settings.BACKOFFS["mail_network"], customers), f"mail-network:{hashed(network)}")
        charge(settings.BACKOFFS["mails"], _mail_key(account, name))


def sign_up(request: HttpRequest) -> None:
    """Count a new account, in its transaction. Raises TooMany."""
    if settings.LIMITS_ON:
        with _crowded():
            for key, customers in _signup_keys(request):
                charge(times(settings.BACKOFFS["signups"], customers), key, NEW)


def report_taken(request: HttpRequest, email: str, *, is_taken: bool) -> None:
    """Count an address that sign-up reports as in use, once a day per network. Raises TooMany for every address, in
    use or not, while the network has to wait.
    """
    if not settings.LIMITS_ON:
        return
    with _told(_("Too many addresses that are in use were tried from this network.")), transaction.atomic():
        places = networks(_address(request))
        for network, _customers in places:
            check(f"taken:{hashed(network)}")
        if is_taken and tally(f"taken-pair:{hashed(_address(request), normal(email))}", DAY) == 1:
            for network, customers in places:
                charge(times(settings.BACKOFFS["taken"], customers), f"taken:{hashed(network)}")


def may_sign_up(request: HttpRequest) -> None:
    """Raise TooMany if sign-up is currently limited."""
    if settings.LIMITS_ON:
        with _crowded():
            for key, _customers in _signup_keys(request):
                check(key)


def confirmed(request: HttpRequest) -> None:
    """Reduce the count of a new account that has confirmed its address."""
    if settings.LIMITS_ON:
        for key, customers in _signup_keys(request):
            refund(times(settings.BACKOFFS["signups"], customers), key, NEW - CONFIRMED)


def proven(email: str) -> None:
    """Let a person who opened a mailed link try the password of this address at once."""
    account = normal(email)
    clear(f"password:{hashed(account)}", _mail_key(account, ""))


@contextmanager
def refusing_too_many() -> Iterator[None]:
    """Turn TooMany into ValidationError, as forms show it."""
    try:
        yield
    except TooMany as error:
        raise ValidationError(str(error), code=TOO_MANY, params={"seconds": error.seconds}) from None


def normal(email: str) -> str:
    return email.strip().lower()


def _of_owner(request: HttpRequest, email: str, name: str) -> Attempt | None:
    """Return the counter of a signed-in session, or of a browser the account knows."""
    if request.user.is_authenticated:
        return Attempt([(name, f"session:{hashed(str(request.user.pk), request.session.session_key or '')}")])
    browser = name_of(request, normal(email))
    return Attempt([(name, f"browser:{hashed(browser)}")]) if browser else None


def _of_stranger(request: HttpRequest, email: str, name: str) -> Attempt:
    places = networks(_address(request))
    account = hashed(normal(email))
    return Attempt(
        [(name, f"password:{account}")],
        f"pair:{hashed(places[0][0], account)}",
        [(f"network:{hashed(network)}", customers) for network, customers in places],
    )


def _address(request: HttpRequest) -> str:
    return str(get_adapter().get_client_ip(request))


def _mail_key(account: str, browser: str) -> str:
    return f"mails:{hashed(account, browser)}"


def _signup_keys(request: HttpRequest) -> list[tuple[str, int]]:
    return [(f"signups:{hashed(network)}", customers) for network, customers in networks(_address(request))]


def _password_advice(request: HttpRequest) -> str:
    return "" if request.user.is_authenticated else _("To get in sooner, reset your password.")


def _crowded() -> AbstractContextManager[None]:
    return _told(_("Many accounts were created from this network just now."))


@contextmanager
def _told(reached: str, advice: str = "") -> Iterator[None]:
    """Raise TooMany with its message if a wait was reached."""
    try:
        yield
    except Waiting as error:
        raise TooMany(error.until, reached, advice) from None


def _taken(key: str) -> int:
    """Return how many were counted under a key, and delete it."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM limit_spent WHERE key = %s RETURNING number", [key])
        row = cursor.fetchone()
    return int(row[0]) if row else 0
