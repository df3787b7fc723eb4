"""Read the audit log."""

from django.conf import settings
from django.db.models import QuerySet

from core.models import AuditEntry


def entries(*, action: str = "", actor: str = "", case: int | None = None) -> QuerySet[AuditEntry]:
    """Return the entries with this action, by the moderator with this handle, of this case."""
    found = AuditEntry.objects.select_related("actor").fetch_mode(settings.LAZY_FETCH_MODE)
    if action:
        found = found.filter(action=action)
    if actor:
        found = found.filter(actor__handle__iexact=actor.removeprefix("@"))
    if case is not None:
        found = found.filter(case_number=case)
    return found
