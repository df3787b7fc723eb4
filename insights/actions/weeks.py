"""Close the weeks of creators: batches of readers, and the words and searches shown to them (docs/insights.md)."""

from collections.abc import Sequence
from datetime import date, timedelta
from time import monotonic
from typing import Any

from django.db import connection, transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from core.jobs import defer
from core.zones import site_day, site_zone
from insights.actions.audience import close_batches
from insights.actions.found_by import freeze_found_by
from insights.actions.picking import freeze_words
from insights.models import WeekDone
from profiles.models import User

NOT_BEFORE = 3  # o'clock on Monday
CREATORS_AT_ONCE = 50
_LOCK = """
SELECT pg_advisory_xact_lock(hashtext('insights weeks'), (%(creator)s %% 2147483647)::integer);
SELECT FROM profiles_user WHERE id = %(creator)s FOR KEY SHARE;
SET CONSTRAINTS ALL IMMEDIATE
"""  # the last, so that no million of rows waits for COMMIT, which heeds no timeout


def last_week() -> date:
    """Return the Sunday of the last complete week."""
    today = site_day()
    return today - timedelta(days=today.weekday() + 1)


def begin_weeks() -> None:
    """Defer jobs that close the open weeks of all creators; not before three on Monday."""
    now, last = timezone.localtime(timezone=site_zone()), last_week()
    is_night = now.weekday() == 0 and now.hour < NOT_BEFORE
    if not is_night and _due(last).exists():
        defer("close_weeks", last=last.isoformat(), after=0)


def close_all(*, last: date | None = None) -> int:
    """Close the weeks of all creators up to that Sunday; return for how many there was something to close."""
    last, closed = last or last_week(), 0
    while some := _next(last, 0):
        for creator in some:
            closed += close_week(creator=creator, last=last)
    return closed


def close_due(*, last: date, after: int, seconds: float) -> int | None:
    """Close the weeks of creators beyond the id `after`, for this many seconds; return the id to continue from, or
    None at the end.
    """
    ends = monotonic() + seconds
    while some := _next(last, after):
        for creator in some:
            close_week(creator=creator, last=last)
            if monotonic() > ends:
                return creator
        after = some[-1]
    return None


@transaction.atomic
def close_week(*, creator: int, last: date) -> bool:
    """Close a creator's weeks up to that Sunday, as one; return whether they were open. Idempotent.

    The creator's row is locked only against another such job and against deletion: with a million readers this takes
    a while, in which people follow, block and change their profiles as always.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, {"creator": creator})
    person = User.objects.filter(pk=creator).first()
    if person is None or WeekDone.objects.filter(creator=person, last__gte=last).exists():
        return False
    close_batches(creator=person)
    freeze_words(creator=person)
    freeze_found_by(creator=person)
    WeekDone.objects.update_or_create(creator=person, defaults={"last": last})
    return True


def _due(last: date) -> Any:
    """Return the creators whose weeks are not closed up to this Sunday."""
    done = WeekDone.objects.filter(creator=OuterRef("pk")).values("last")
    creators = User.objects.filter(has_published=True).annotate(closed_to=Subquery(done))
    return creators.filter(Q(closed_to=None) | Q(closed_to__lt=last))


def _next(last: date, after: int) -> Sequence[int]:
    found = _due(last).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    return list(found[:CREATORS_AT_ONCE])
