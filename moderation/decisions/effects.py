"""What decisions do: columns of what they are about, computed from the decisions in force.

A target may be hidden by several cases. It is shown again once none of their decisions is in force.
"""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Max, Q
from django.utils import timezone

from moderation.models import Case, Decision, Limit, Step
from notes import moderation as hiding
from notes.models import Note
from notes.tags import hide_tag
from people.actions import labels, people
from profiles.models import Campus, User

REASON_MAX = 300
UNTIL = {
    Limit.POSTING: "posting_until",
    Limit.COMMENTING: "commenting_until",
    Limit.FOLLOWING: "following_until",
}


def take_effect(*, case: Case, step: str, subject: User | None) -> None:
    """Bring the target, or its author's account, in line with the decisions of this step that are in force."""
    match step:
        case Step.HIDE:
            _hide(case)
        case Step.WARNING:
            _warn(case)
        case Step.SUSPEND if subject:
            _suspend(subject)
        case Step.LIMIT if subject:
            _limit(subject)


def in_force(case: Case, step: str) -> Decision | None:
    """Return the first decision of this step about the case's target that is in force; a hold after all others."""
    same = Decision.objects.in_force().filter(case__kind=case.kind, case__number=case.number, step=step)
    return same.select_related("decided_by").order_by("by_program", "created_at", "pk").first()


def _hide(case: Case) -> None:
    """Hide what the case is about, for the reason of the first decision in force, or show it again."""
    target, held = case.target, in_force(case, Step.HIDE)
    if target is None:
        return
    hide, restore = _HIDING[case.kind]
    if held is None:
        restore(target)
        return
    by, reason = held.decided_by, held.facts[:REASON_MAX]
    more = {"is_held": held.is_hold} if isinstance(target, Note) else {}
    if not hide(target, by, reason, **more) and hasattr(target, "hidden_at"):  # by another decision
        hidden = type(target)._default_manager.filter(pk=target.pk)
        hidden.update(hidden_by=by, hidden_reason=reason, **more)


def _is_hidden(target: Campus, is_hidden: bool) -> bool:
    return bool(Campus.objects.filter(pk=target.pk).update(is_hidden=is_hidden))


_HIDING: dict[str, tuple[Callable[..., object], Callable[..., object]]] = {
    Case.Kind.NOTE: (
        lambda note, by, reason, **more: hiding.hide_note(note=note, by=by, reason=reason, **more),
        lambda note: hiding.restore_note(note=note),
    ),
    Case.Kind.COMMENT: (
        lambda comment, by, reason: hiding.hide_comment(comment=comment, by=by, reason=reason),
        lambda comment: hiding.restore_comment(comment=comment),
    ),
    Case.Kind.COLLECTION: (
        lambda collection, by, reason: hiding.hide_collection(collection=collection, by=by, reason=reason),
        lambda collection: hiding.restore_collection(collection=collection),
    ),
    Case.Kind.SERIES: (
        lambda series, by, reason: hiding.hide_series(series=series, by=by, reason=reason),
        lambda series: hiding.restore_series(series=series),
    ),
    Case.Kind.LABEL: (
        lambda label, by, reason: labels.hide_label(label=label, by=by, reason=reason),
        lambda label: labels.restore_label(label=label),
    ),
    Case.Kind.TAG: (
        lambda tag, by, reason: hide_tag(tag=tag, is_hidden=True),
        lambda tag: hide_tag(tag=tag, is_hidden=False),
    ),
    Case.Kind.CAMPUS: (
        lambda campus, by, reason: _is_hidden(campus, True),
        lambda campus: _is_hidden(campus, False),
    ),
}


def _warn(case: Case) -> None:
    held = in_force(case, Step.WARNING)
    Note.objects.filter(pk=case.number).update(warning=held.warning if held else "")


def _suspend(subject: User) -> None:
    of_theirs = Decision.objects.in_force().filter(subject=subject, step=Step.SUSPEND)
    held = of_theirs.select_related("decided_by").order_by("created_at", "pk").first()
    if held is None:
        people.restore_person(person=subject)
        return
    by, reason = held.decided_by, held.facts[:REASON_MAX]
    if subject.suspended_at is None:
        people.suspend_person(person=subject, by=by, reason=reason)
    else:
        User.objects.filter(pk=subject.pk).update(suspended_by=by, suspended_reason=reason)


def _limit(subject: User) -> None:
    """Store until when each limit holds: the latest end of the decisions in force."""
    held = Decision.objects.in_force().filter(subject=subject, step=Step.LIMIT, ends_at__gt=timezone.now())
    ends = held.aggregate(
        **{field: Max("ends_at", filter=Q(limits__contains=[limit])) for limit, field in UNTIL.items()}
    )
    until: dict[str, datetime | None] = {field: ends[field] for field in UNTIL.values()}
    User.objects.filter(pk=subject.pk).update(**until)
