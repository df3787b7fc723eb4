"""Seal a case, and lift the seal."""

from django.db import transaction
from django.utils import timezone

from core.audit import Action, log
from moderation.models import Case, Report, Seal
from profiles.models import User

SEALING = Report.Reason.CHILD_ABUSE


def seal_if_suspected(*, case: Case, report: Report) -> None:
    """Seal the case at a report of sexual abuse of children, unless its seal was lifted, and what else is reported of
    it while it is sealed. Idempotent.
    """
    if report.reason == SEALING:
        Seal.objects.bulk_create([Seal(case=case)], ignore_conflicts=True)
    if Seal.objects.in_force().filter(case=case).exists():
        Report.objects.filter(case=case, is_sealed=False).update(is_sealed=True)


@transaction.atomic
def lift_seal(*, case: Case, by: User) -> bool:
    """Hand a case that was sealed for nothing to all moderators; return whether it was sealed. Its next report for the
    same reason does not seal it again.
    """
    sealed = Seal.objects.in_force().filter(case=case)
    found = bool(sealed.update(lifted_at=timezone.now(), lifted_by=by))
    if found:
        Report.objects.filter(case=case, is_sealed=True).update(is_sealed=False)
        log(actor=by, action=Action.UNSEALED, case=case.pk)
    return found
