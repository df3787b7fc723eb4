"""From when what a new account opens and likes counts."""

from datetime import datetime, timedelta

from django.utils import timezone

from core.limits import NEW_ACCOUNT
from profiles.models import User

COUNTED_WITHIN = timedelta(minutes=10)  # of being a day old: a job looks that often


def counts_from(person: User) -> datetime | None:
    """Return from when what a person opens and likes counts; None if it does, or if they have to confirm first."""
    if person.is_counted or not person.is_verified:
        return None
    return max(person.date_joined + NEW_ACCOUNT, timezone.now() + COUNTED_WITHIN)
