"""Give a suspended or leaving person, after the right password, access to the few pages they may still use.

Their session stays anonymous, so every other page treats them as a visitor. It only stores for half an hour who gave
the password.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.crypto import constant_time_compare

from core.http import signed_in
from profiles.models import User

_KEY = "admitted"
SECONDS = 30 * 60


def admit(request: HttpRequest, person: User) -> None:
    request.session.cycle_key()
    of_password = person.get_session_auth_hash()
    request.session[_KEY] = {"person": person.pk, "until": time.time() + SECONDS, "password": of_password}
    request.session.set_expiry(SECONDS)


def admitted(request: HttpRequest) -> User | None:
    """Return the person who gave their password in this browser within the half hour, if it is unchanged."""
    given = request.session.get(_KEY)
    if not given or given["until"] < time.time():
        return None
    person = User.objects.filter(pk=given["person"], is_active=False).first()
    if person and constant_time_compare(given["password"], person.get_session_auth_hash()):
        return person
    return None


def revoke(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)
    request.session.set_expiry(None)


def of_owner[**P](view: Callable[P, HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Pass the account's owner to the view: signed in, or admitted although suspended or leaving."""

    @wraps(view)
    def found(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        person = request.user if request.user.is_authenticated else admitted(request)
        if person is None:
            return signed_in(lambda request: HttpResponse())(request)
        return view(request, person, **kwargs)  # type: ignore[arg-type,call-arg]

    return found
