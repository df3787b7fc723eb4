"""Django admin's log of moderators' actions, so that admin shows it as the history of each row."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType


def record(by: Any, rows: Iterable[Any], said: str) -> None:
    """Log an action on rows. Each row is named by its id only, because its text may have to be deleted."""
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
