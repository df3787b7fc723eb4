"""Seal a case, and lift the seal."""

from django.db import transaction
from django.utils import timezone

from core.audit import Action, log
from moderation.models import Case, Report, Seal
from profiles.models import User

SEALING = Report.Reason.CHILD_ABUSE


def seal_if_suspected(*, case: Case, report: Report) -> None:
    """Seal the case at a report of sexual abuse of children, unless its seal was lifted. Idempotent."""
    if report.reason == SEALING:
        Seal.objects.bulk_create([Seal(case=case)], ignore_conflicts=True)


@transaction.atomic
def lift_seal(*, case: Case, by: User) -> bool:
    """Hand a case that was sealed for nothing to all moderators; return whether it was sealed. Its next report for the
    same reason does not seal it again.
    """
    sealed = Seal.objects.in_force().filter(case=case)
    found = bool(sealed.update(lifted_at=timezone.now(), lifted_by=by))
    if found:
        log(actor=by, action=Action.UNSEALED, case=case.pk)
    return found
