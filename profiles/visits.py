"""Profile visits, as a page leaves them in the ledger (docs/insights.md)."""

from datetime import datetime
from typing import NamedTuple

from django.http import HttpRequest
from django.utils import timezone

from notes import ledger
from notes.openings import is_first_today, is_read
from profiles.models import User


class ProfileVisit(NamedTuple):
    """That a person's profile was opened, by another or, where `viewer` is None, by a visitor for the first time that
    day, as far as the process can tell.
    """

    person: int
    viewer: int | None
    at: datetime


def remember_visit(request: HttpRequest, person: User) -> None:
    """Leave in the ledger that this person's profile answers the request, if it is read by anybody but themselves and
    moderators.
    """
    if not is_read(request) or "HTTP_HX_REQUEST" in request.META:
        return
    viewer: int | None = request.user.pk
    if request.user.is_staff if viewer else not is_first_today(request, f"@{person.pk}"):  # type: ignore[union-attr]
        return
    if viewer != person.pk:
        ledger.put(ProfileVisit(person.pk, viewer, timezone.now()))
