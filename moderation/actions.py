"""Every write to reports."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from moderation.models import Report


def report(*, reporter: Any, target: dict[str, Any], reason: str, details: str, key: UUID) -> None:
    """Makes an open report of the target by this reporter be there; a second one changes nothing.

    `target` has a note, a comment with its note, or a person. Raises IntegrityError for one that is deleted at the
    same moment.
    """
    fresh = Report(reporter=reporter, reason=reason, details=details, key=key, **target)
    with transaction.atomic():
        Report.objects.bulk_create([fresh], ignore_conflicts=True)


def close_report(*, report: Report, by: Any, reason: str) -> bool:
    """Gives whether it was open. What the report alone had opened to moderators is theirs no longer."""
    still_open = Report.objects.open().filter(pk=report.pk)
    return bool(still_open.update(closed_at=timezone.now(), closed_by=by, closed_reason=reason))


def reopen_report(*, report: Report) -> bool:
    """Gives whether it was closed, and its reporter has not reported the same again since."""
    closed = Report.objects.filter(pk=report.pk, closed_at__isnull=False)
    try:
        with transaction.atomic():
            return bool(closed.update(closed_at=None, closed_by=None, closed_reason=""))
    except IntegrityError:
        return False
