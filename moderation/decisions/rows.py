"""The rows that a decision locks, and the row that it adds."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from moderation.cases.targets import lock_photos, lock_target
from moderation.decisions.checks import Wanted
from moderation.models import Case, Decision, Step
from moderation.models.decision import LASTING
from profiles.models import User


def lock(case: Case, step: str) -> tuple[bool, User | None, Case]:
    """Lock the target, its author and the case, in this order, for a decision of this step.

    Return whether the target is there, the author and the case as they are now; a case that is not stored as it is.
    """
    if step == Step.SUSPEND and case.subject_id:  # which gives them new names
        lock_photos(Q(note__author=case.subject_id) | Q(hidden_in__author=case.subject_id))
    is_there = lock_target(case) is not None
    people = User.objects.filter(pk=case.subject_id).select_for_update(no_key=True, of=["self"])
    subject = people.first() if case.subject_id else None
    held = Case.objects.select_for_update(no_key=True, of=["self"]).filter(pk=case.pk).first()
    return is_there, subject, held or case


def make(held: Case, subject: User | None, by: User | None, wanted: Wanted) -> Decision:
    """Store a decision about a locked case. Only those of a person count as strikes."""
    renew(held)
    counts = by is not None and wanted.step in LASTING
    days = wanted.rule.strike_days if wanted.rule and counts else 0
    return Decision.objects.create(
        case=held,
        rule=wanted.rule,
        step=wanted.step,
        limits=list(wanted.limits),
        warning=wanted.warning,
        facts=wanted.facts,
        by_program=by is None,
        decided_by=by,
        subject=subject,
        version=held.version,
        ends_at=wanted.ends_at,
        strike_until=timezone.now() + timedelta(days=days) if days else None,
    )


def renew(held: Case) -> None:
    held.version += 1
    held.save(update_fields=["version"])
