"""Carry out a button that a visitor pressed before signing in, such as a like, after signing in."""

import copy
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from core.browser_cookie import browser_of
from core.limits import TooMany
from core.models import ParkedForm
from core.parked_forms import PRESS_SLOT, PRESSES, parked_fields


def press_named(request: HttpRequest, address: str) -> ResolverMatch | None:
    """Return the address that a parked button posts to, if this browser pressed it within the hour."""
    found = _waiting(request, address)
    return _match(found.path) if found else None


def done(request: Any, address: str) -> str:
    """Press the parked button for the person who has just signed in; return the address of the button's place.
    Idempotent.

    Show a message if it cannot be done.
    """
    if not _name_in(address):
        return address
    onward, found = _without_name(address), _waiting(request, address)
    if found is None or not ParkedForm.objects.filter(pk=found.pk).delete()[0]:
        messages.info(request, _("That took more than an hour, so it wasn’t done. Try again."))
        return onward
    press, match = _press(request, found), _match(found.path)
    if match is None or match.url_name not in PRESSES:
        return onward
    try:
        with transaction.atomic():
            answer = match.func(press, *match.args, **match.kwargs)
    except (Http404, IntegrityError):
        messages.info(request, _("It’s no longer available."))
    except TooMany as error:
        messages.warning(request, str(error))
    else:
        return _at_its_place(answer["Location"])
    return onward


def _name_in(address: str) -> str:
    return QueryDict(urlsplit(address).query).get(PRESS_SLOT, "")


def _without_name(address: str) -> str:
    parts = urlsplit(address)
    query = QueryDict(parts.query, mutable=True)
    query.pop(PRESS_SLOT, None)
    return parts._replace(query=query.urlencode()).geturl()


def _waiting(request: HttpRequest, address: str) -> ParkedForm | None:
    mine = ParkedForm.objects.of(browser_of(request).hash, request.user)
    return mine.filter(name=_name_in(address), is_press=True).first()


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(urlsplit(path).path)
    except Resolver404:
        return None


def _press(request: Any, found: ParkedForm) -> Any:
    """Return the button's request as the person who has signed in would send it."""
    press = copy.copy(request)
    address = urlsplit(found.path)
    press.method, press.htmx = "POST", False
    press.path = press.path_info = address.path
    press.GET = QueryDict(address.query)
    press._post, press._files = parked_fields(found), MultiValueDict()
    return press


def _at_its_place(address: str) -> str:
    """Return the address of the button's place; for Explore, whose order is personal, naming the card to include."""
    parts = urlsplit(address)
    if parts.path != reverse("explore") or not parts.fragment:
        return address
    query = QueryDict(parts.query, mutable=True)
    query.pop("after", None)
    query["at"] = parts.fragment
    return parts._replace(query=query.urlencode()).geturl()
