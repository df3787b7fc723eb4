"""Profile visits as events for the buffer (docs/insights.md)."""

from datetime import datetime
from typing import NamedTuple

from django.http import HttpRequest
from django.utils import timezone

from notes.readers import write_buffer
from notes.readers.openings import is_first_today, is_read
from profiles.models import User


class ProfileVisit(NamedTuple):
    """A profile was opened by another person or, if `viewer` is None, by a visitor for the first time that day, as far
    as the process can tell.
    """

    person: int
    viewer: int | None
    at: datetime


def remember_visit(request: HttpRequest, person: User) -> None:
    """Buffer that this profile was opened, unless by its person, a moderator or a bot."""
    if not is_read(request) or "HTTP_HX_REQUEST" in request.META:
        return
    viewer: int | None = request.user.pk
    if request.user.is_staff if viewer else not is_first_today(request, f"@{person.pk}"):  # type: ignore[union-attr]
        return
    if viewer != person.pk:
        write_buffer.put(ProfileVisit(person.pk, viewer, timezone.now()))
