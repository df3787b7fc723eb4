"""Writes to reports."""

from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from moderation.models import Report, text_of
from notes.models import Note
from profiles.models import User


def report(*, reporter: User, target: dict[str, Any], reason: str, details: str, key: UUID) -> None:
    """Report the target for this reason. Idempotent while the same report is open.

    A form sent twice makes one report, and so does the same text while a report with it is open; another reason or
    other details make another report. `target` is a note, a comment with its note, or a person. Raises IntegrityError
    if it is deleted at the same moment.
    """
    fresh = Report(
        reporter=reporter, reason=reason, details=details, key=_key(target, reason, details, key), **target
    )
    with transaction.atomic():
        _lock_note(fresh)
        now = type(fresh.target).objects.filter(pk=fresh.target.pk).first()
        fresh.reported_text = text_of(now) if now else ""  # it is just gone: the insertion fails
        Report.objects.bulk_create([fresh], ignore_conflicts=True)


def _key(target: dict[str, Any], reason: str, details: str, key: UUID) -> UUID:
    """Return the report's key, derived from the form's key and the text."""
    about = [(kind, getattr(what, "pk", what)) for kind, what in sorted(target.items())]
    return uuid5(key, f"{about}/{reason}/{details}")


@transaction.atomic
def close_report(*, report: Report, by: User, reason: str) -> bool:
    """Close the report; return whether it was open. Moderators lose access to what only this report opened to them."""
    _lock_note(report)
    still_open = Report.objects.open().filter(pk=report.pk)
    return bool(still_open.update(closed_at=timezone.now(), closed_by=by, closed_reason=reason))


def reopen_report(*, report: Report) -> bool:
    """Reopen the report; return whether it was closed and its reporter has not reported the same again."""
    closed = Report.objects.filter(pk=report.pk, closed_at__isnull=False)
    try:
        with transaction.atomic():
            _lock_note(report)
            return bool(closed.update(closed_at=None, closed_by=None, closed_reason=""))
    except IntegrityError:
        return False


def _lock_note(report: Report) -> None:
    """Lock the note that counts the report, as a deletion of the note does before it deletes the report."""
    if report.note_id:
        Note.objects.filter(pk=report.note_id).lock()
