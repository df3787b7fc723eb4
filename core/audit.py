"""What moderators do, written down twice: in the audit log, which nobody can change, and in Django admin's own log,
which admin shows as the history of each row.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from core.models import AuditEntry

Action = AuditEntry.Action
KEEP = timedelta(days=5 * 366)  # the trigger of the table refuses to delete anything younger than five years


def log(
    *,
    actor: Any,
    action: str,
    row: Any = None,
    case: int | None = None,
    decision: int | None = None,
    words: str = "",
) -> AuditEntry:
    """Write one entry. A person in `row` is not named; `words` are the program's, never typed by anybody."""
    entry = _entry(actor, action, row, words)
    entry.case_number, entry.decision_number = case, decision
    entry.save(force_insert=True)
    return entry


@transaction.atomic
def record(by: Any, rows: Iterable[Any], said: str, *, action: str = Action.DECIDED) -> None:
    """Log an action on each of the rows, and write it into their history in admin."""
    rows = list(rows)
    AuditEntry.objects.bulk_create(_entry(by, action, row) for row in rows)
    write_history(by, rows, said)


def write_history(by: Any, rows: Iterable[Any], said: str) -> None:
    """Add to the history that admin shows of each row. Rows are named by their ids only, because their text may have
    to be deleted.
    """
    LogEntry.objects.bulk_create(
        LogEntry(
            user_id=by.pk,
            content_type=ContentType.objects.get_for_model(row),
            object_id=row.pk,
            object_repr=f"{row._meta.verbose_name} {row.pk}",
            action_flag=CHANGE,
            change_message=said,
        )
        for row in rows
    )


def delete_old_entries() -> None:
    """Delete entries that are over five years old. Idempotent."""
    AuditEntry.objects.filter(at__lt=timezone.now() - KEEP).delete()


def _entry(actor: Any, action: str, row: Any, words: str = "") -> AuditEntry:
    is_person = isinstance(row, get_user_model())
    return AuditEntry(
        actor_id=actor and actor.pk,
        action=action,
        kind=row._meta.label_lower if row is not None else "",
        number=None if row is None or is_person else row.pk,
        words=words,
    )
