"""Browsers an account knows: it was signed in to there, or a link from its mails was opened there.

A signed cookie lists the accounts that know the browser, each with a random name and a digest of the password hash, so
that a new password ends them. The cookie grants no access. It gives failed sign-ins from this browser their own
counter, so that attempts from elsewhere do not lock the owner out.
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from profiles.models import User

AGE = 365 * 24 * 3600
ACCOUNTS_MAX = 5
_SALT = "people.known_browsers"

Entry = tuple[int, str, str]  # the account, the browser's name, the password's digest


def cookie_name() -> str:
    return "__Host-known_browser" if settings.HTTPS else "known_browser"


def remember(request: HttpRequest, response: HttpResponse, person: User) -> None:
    """Remember this browser for the account, until its password changes or a year has passed."""
    entries = _entries(request)
    name = next((name for pk, name, _digest in entries if pk == person.pk), get_random_string(20))
    others = [entry for entry in entries if entry[0] != person.pk]
    value = signing.dumps([(person.pk, name, _digest_of(person)), *others][:ACCOUNTS_MAX], salt=_SALT)
    response.set_cookie(
        cookie_name(), value, max_age=AGE, httponly=True, secure=settings.HTTPS, samesite="Lax"
    )


def name_of(request: HttpRequest, email: str) -> str:
    """Return the name under which the account with this address knows the browser, or "". `email` is normalised."""
    entries = _entries(request)
    people = User.objects.in_bulk([pk for pk, _name, _digest in entries]) if entries else {}
    for pk, name, digest in entries:
        person = people.get(pk)
        if person and person.email.lower() == email and constant_time_compare(digest, _digest_of(person)):
            return name
    return ""


def _entries(request: HttpRequest) -> list[Entry]:
    try:
        found = signing.loads(request.COOKIES.get(cookie_name(), ""), salt=_SALT, max_age=AGE)
    except signing.BadSignature:
        return []
    return [(pk, name, digest) for pk, name, digest in found]


def _digest_of(person: User) -> str:
    return salted_hmac(_SALT, person.password, algorithm="sha256").hexdigest()[:32]
