"""Seal a case, and lift the seal."""

from django.db import transaction
from django.utils import timezone

from core.audit import Action, log
from moderation.cases.closed import mark_reported
from moderation.decisions.effects import take_effect
from moderation.decisions.rows import lock
from moderation.decisions.seal_letters import tell_roles
from moderation.models import Case, Report, Seal, Step
from profiles.models import User

SEALING = Report.Reason.CHILD_ABUSE
COLUMNS = (Step.HIDE, Step.SUSPEND)  # that leave a reason on the row


def seal_if_suspected(*, case: Case, report: Report) -> None:
    """Seal the case at a report of sexual abuse of children, unless its seal was lifted, and what else is reported of
    it while it is sealed. Idempotent.
    """
    if report.reason == SEALING:
        seal(case=case)
    elif Seal.objects.in_force().filter(case=case).exists():
        Report.objects.filter(case=case, is_sealed=False).update(is_sealed=True)


def seal(*, case: Case) -> None:
    """Seal the case, unless its seal was lifted. Idempotent."""
    if not Seal.objects.filter(case=case).exists():
        Seal.objects.bulk_create([Seal(case=case)], ignore_conflicts=True)
        _close_columns(case)
        tell_roles(case=case)
    if Seal.objects.in_force().filter(case=case).exists():
        Report.objects.filter(case=case, is_sealed=False).update(is_sealed=True)


@transaction.atomic
def lift_seal(*, case: Case, by: User) -> bool:
    """Hand a case that was sealed for nothing to all moderators; return whether it was sealed. Its next report for the
    same reason does not seal it again.
    """
    for step in COLUMNS:
        lock(case, step)
    sealed = Seal.objects.in_force().filter(case=case)
    found = bool(sealed.update(lifted_at=timezone.now(), lifted_by=by))
    if found:
        Report.objects.filter(case=case, is_sealed=True).update(is_sealed=False)
        mark_reported(case)
        _close_columns(case)
        log(actor=by, action=Action.UNSEALED, case=case.pk)
    return found


def _close_columns(case: Case) -> None:
    """Bring what other moderators read of the target in line with the seal, where something was decided already."""
    for step in COLUMNS:
        if case.decisions.in_force().filter(step=step).exists():
            take_effect(case=case, step=step, subject=case.subject)
