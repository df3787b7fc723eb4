"""Decide about a note, a comment, a person or a name that a moderator came upon, reported or not."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from moderation.cases.actions import case_of, open_case
from moderation.cases.targets import kind_of, lock_photos, lock_target, note_of
from moderation.decisions.actions import decide, undo
from moderation.decisions.effects import take_effect
from moderation.decisions.rows import lock
from moderation.evidence.actions import keep
from moderation.models import Decision, Seal, Step
from moderation.models.decision import DecisionQuerySet
from moderation.sealing.roles import may_open_sealed
from notes.models import Note
from profiles.models import User


@transaction.atomic
def decide_about(
    *, target: Any, by: User | None, step: str, once: bool = False, **terms: Any
) -> Decision | None:
    """Decide about the target's open case, opened for it if there is none, and close that. Raises Refused.

    With `once`, return None where a decision of this step is in force already.
    """
    lock(case_of(target), step)
    if once and _standing(target, step).final().exists():
        return None
    case = open_case(target=target, by=by)
    if now := type(target)._default_manager.filter(pk=target.pk).first():
        keep(case=case, target=now)
    return decide(case=case, version=case.version, by=by, step=step, **terms)


@transaction.atomic
def undo_about(*, target: Any, by: User | None, step: str, reason: str = "") -> bool:
    """Take back every decision of this step that holds for the target, but those in sealed cases that `by` may not
    open, and what the version before this one did without a decision. Return whether there was any.
    """
    case = case_of(target)
    if step in {Step.SUSPEND, Step.LIMIT}:
        _lock_all(target, step)
    _there, subject, _held = lock(case, step)
    standing = _standing(target, step).select_related("case").order_by("pk")
    if by and not may_open_sealed(by):
        standing = standing.exclude(case__in=Seal.objects.in_force().values("case"))
    undone = [undo(decision=each, by=by, reason=reason, reopens=False) for each in standing]
    if any(undone):
        return True
    take_effect(case=case, step=step, subject=subject)
    return not Decision.objects.filter(step=step, **_about(target, step)).exists()


def _lock_all(person: User, step: str) -> None:
    """Lock what all the cases are about whose decisions hold for the person, before the person: photos, then notes,
    then the rest.
    """
    lock_photos(Q(note__author=person) | Q(hidden_in__author=person))
    cases = [each.case for each in _standing(person, step).select_related("case").order_by("case_id")]
    Note.objects.filter(pk__in=filter(None, map(note_of, cases))).lock()
    for case in cases:
        lock_target(case)


def hide_or_show(*, target: Any, by: User, is_hidden: bool) -> None:
    if is_hidden:
        decide_about(target=target, by=by, step=Step.HIDE, once=True)
    else:
        undo_about(target=target, by=by, step=Step.HIDE)


def _standing(target: Any, step: str) -> DecisionQuerySet:
    return Decision.objects.in_force().filter(step=step, **_about(target, step))


def _about(target: Any, step: str) -> dict[str, Any]:
    """Return what to filter decisions of this step about the target by; those about an account whatever led to them."""
    if step in {Step.SUSPEND, Step.LIMIT}:
        return {"subject": target}
    return {"case__kind": kind_of(target), "case__number": target.pk}
