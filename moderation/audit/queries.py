"""Read the audit log."""

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from core.models import AuditEntry
from moderation.models import Seal
from moderation.sealing.roles import may_open_sealed
from profiles.models import User


def entries(*, to: User, action: str = "", actor: str = "", case: int | None = None) -> QuerySet[AuditEntry]:
    """Return the entries with this action, by the moderator with this handle, of this case. Those of sealed cases are
    for their two roles alone.
    """
    found = AuditEntry.objects.select_related("actor").fetch_mode(settings.LAZY_FETCH_MODE)
    if not may_open_sealed(to):
        found = found.exclude(Exists(Seal.objects.in_force().filter(case=OuterRef("case_number"))))
    if action:
        found = found.filter(action=action)
    if actor:
        found = found.filter(actor__handle__iexact=actor.removeprefix("@"))
    if case is not None:
        found = found.filter(case_number=case)
    return found
