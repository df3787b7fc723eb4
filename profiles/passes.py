"""What somebody who may not be signed in, suspended or leaving, can still do once their password was right.

Their session stays nobody's, so that every other page takes them for a visitor. It only says for half an hour who gave
the password.
"""

import time

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from profiles.models import User

_KEY = "admitted"
SECONDS = 30 * 60


def admit(request: HttpRequest, person: User) -> None:
    request.session.cycle_key()
    of_password = person.get_session_auth_hash()
    request.session[_KEY] = {"person": person.pk, "until": time.time() + SECONDS, "password": of_password}
    request.session.set_expiry(SECONDS)


def admitted(request: HttpRequest) -> User | None:
    """Whoever of them gave the password in this browser not long ago, if it is still theirs."""
    given = request.session.get(_KEY)
    if not given or given["until"] < time.time():
        return None
    person = User.objects.filter(pk=given["person"], is_active=False).first()
    if person and constant_time_compare(given["password"], person.get_session_auth_hash()):
        return person
    return None


def dismiss(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)
    request.session.set_expiry(None)
