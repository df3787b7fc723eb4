"""Decide about cases, take decisions back, and end those whose time is over."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from moderation.audit.actions import Action, log
from moderation.cases.access import SEALED
from moderation.cases.closed import mark_reported
from moderation.decisions import refusals, telling
from moderation.decisions.checks import Wanted, check, check_moderator
from moderation.decisions.effects import take_effect
from moderation.decisions.holding import end_hold, finish_hold, resume_hold
from moderation.decisions.refusals import Decided, Refused
from moderation.decisions.rows import lock, make, renew
from moderation.models import Appeal, Case, Decision, Report, Rule, Seal, Step
from moderation.models.decision import HOLD, LASTING
from profiles.models import User

AT_ONCE = 100
CLOSED_REASON_MAX = 300


@transaction.atomic
def decide(
    *,
    case: Case,
    version: int,
    by: User | None,
    step: str,
    rule: Rule | None = None,
    facts: str = "",
    ends_at: datetime | None = None,
    limits: Sequence[str] = (),
    warning: str = "",
) -> Decision:
    """Decide about the case as it was at this version, close it and its reports, and tell those concerned.

    The same decision sent twice is made once. Without `by` a program decides. Raises Decided if the case has changed
    since, and Refused if this cannot be decided.
    """
    wanted = Wanted(
        step,
        rule,
        facts,
        ends_at if step in LASTING else None,
        limits if step == Step.LIMIT else (),
        warning if step == Step.WARNING else "",
    )
    is_there, subject, held = lock(case, step)
    if held.version != version:
        return _made_already(held, version, by, wanted)
    if by:
        check_moderator(by=by, case=held, subject=subject)
    check(wanted, by=by, case=held, subject=subject, is_there=is_there)
    hold = end_hold(held=held)
    _end_former(held, step)
    made = make(held, subject, by, wanted)
    _close(held, by, facts)
    take_effect(case=held, step=step, subject=subject)
    log(by, Action.DECIDED, case=held, decision=made, words=step, row=held.target)
    telling.tell_of(decision=made)
    if hold:
        finish_hold(hold=hold, decided=made, subject=subject)
    return made


@dataclass(frozen=True)
class Outcome:
    """What came of one case of many: the decision, or why there is none."""

    case_id: int
    decision: Decision | None = None
    refused: Exception | None = None


def decide_many(*, cases: Sequence[tuple[int, int]], by: User, step: str, **terms: Any) -> list[Outcome]:
    """Decide the same about up to a hundred cases, given by id and version, each by itself. Raises Refused for more."""
    if len(cases) > AT_ONCE:
        raise Refused(refusals.TOO_MANY % {"most": AT_ONCE})
    rows = Case.objects.in_bulk([pk for pk, _version in cases])
    return [
        _one_of_many(rows[pk], version, by, step, terms)
        for pk, version in dict(sorted(cases)).items()
        if pk in rows
    ]


def _one_of_many(case: Case, version: int, by: User, step: str, terms: dict[str, Any]) -> Outcome:
    try:
        return Outcome(case.pk, decide(case=case, version=version, by=by, step=step, **terms))
    except (Refused, Decided) as error:
        return Outcome(case.pk, refused=error)


@transaction.atomic
def undo(*, decision: Decision, by: User | None, reason: str = "", reopens: bool = True) -> bool:
    """Take a decision back with all it did. Return whether it was standing.

    With `reopens` the case is open again, unless another of its decisions stands or its target has been reported anew,
    and holds its note again if it did. Without, a hold is reviewed thereby, and its case closed without action.
    Raises Refused if this person may not decide.
    """
    _there, subject, held = lock(decision.case, decision.step)
    if by:
        check_moderator(by=by, case=held, subject=subject)
    standing = Decision.objects.filter(pk=decision.pk, undone_at__isnull=True)
    standing = standing.exclude(HOLD, ended_at__isnull=False)  # a person has decided instead
    if not standing.update(undone_at=timezone.now(), undone_by=by, undone_reason=reason):
        return False
    decision.refresh_from_db()
    renew(held)
    if reopens:
        _reopen(held)
    _judge(held)
    take_effect(case=held, step=decision.step, subject=subject)
    log(by, Action.UNDONE, case=held, decision=decision, words=decision.step, row=held.target)
    telling.tell_of_undoing(decision=decision)
    asked = Appeal.objects.open().filter(decision=decision)  # which is granted thereby
    asked.update(decided_at=decision.undone_at, decided_by=by, granted=True, answer=reason)
    _review(held, decision, by, reopens, subject)
    return True


def _review(held: Case, undone: Decision, by: User | None, reopens: bool, subject: User | None) -> None:
    """Hold the note again, or close the case of a hold that was taken back, as the undoing wants it."""
    if reopens and undone.ended_at is None:  # else the note was shown already
        resume_hold(held=held, subject=subject)
    elif not reopens and by and undone.is_hold and undone.ended_at is None:
        decide(case=held, version=held.version, by=by, step=Step.NONE)


def expire() -> int:
    """End the decisions whose time is over, each in a transaction. Return how many there were. Idempotent."""
    due = Decision.objects.in_force().filter(ends_at__lte=timezone.now()).order_by("ends_at", "pk")
    return sum(_expire(decision) for decision in due.select_related("case").iterator())


@transaction.atomic
def _expire(decision: Decision) -> bool:
    _there, subject, held = lock(decision.case, decision.step)
    now = timezone.now()
    if not Decision.objects.in_force().filter(pk=decision.pk, ends_at__lte=now).update(ended_at=now):
        return False
    renew(held)
    take_effect(case=held, step=decision.step, subject=subject)
    log(None, Action.ENDED, case=held, decision=decision, words=decision.step, row=held.target)
    telling.tell_of_end(decision=decision)
    return True


def _made_already(held: Case, version: int, by: User | None, wanted: Wanted) -> Decision:
    """Return the decision if the same person made the same one from this version. Raises Decided."""
    meanwhile = list(held.decisions.filter(version__gt=version).select_related("rule").order_by("pk"))
    if len(meanwhile) == 1 and held.version == meanwhile[0].version:
        made = meanwhile[0]
        same = (made.decided_by_id, made.step, made.rule_id, made.facts, made.ends_at, made.limits)
        asked = (by.pk if by else None, wanted.step, wanted.rule.pk if wanted.rule else None, wanted.facts)
        if same == (*asked, wanted.ends_at, list(wanted.limits)):
            return made
    raise Decided(held, meanwhile)


def _end_former(held: Case, step: str) -> None:
    """End the decision of the same step in this case, which the new one replaces."""
    if step in LASTING:
        held.decisions.in_force().filter(step=step).update(ended_at=timezone.now())


def _close(held: Case, by: User | None, facts: str) -> None:
    """Close the case with all its reports."""
    now = timezone.now()
    held.closed_at, held.opened_by, held.opened_at = held.closed_at or now, None, None
    held.save(update_fields=["closed_at", "opened_by", "opened_at"])
    reports = Report.objects.open().filter(case=held)
    reports.update(closed_at=now, closed_by=by, closed_reason=facts[:CLOSED_REASON_MAX])
    mark_reported(held)
    _judge(held)


def _reopen(held: Case) -> None:
    is_sealed = Seal.objects.in_force().filter(case=held).exists()
    others = Case.objects.open().filter(kind=held.kind, number=held.number)
    newer = (others.filter(SEALED) if is_sealed else others.exclude(SEALED)).exists()
    beside = others.first()  # sealed, where this one is not, or the other way round
    standing = held.decisions.final().filter(undone_at__isnull=True).exists()
    was_held = held.decisions.holds().exists()
    if newer or standing or not (held.report_count or was_held):
        return
    with suppress(IntegrityError), transaction.atomic():  # the same was reported anew, by the version before
        held.reports.update(closed_at=None, closed_by=None, closed_reason="")
        is_second = not beside.is_second if beside else held.is_second
        Case.objects.filter(pk=held.pk).update(closed_at=None, is_second=is_second)
        mark_reported(held)


def _judge(held: Case) -> None:
    """Record whether the case's reports were right: whether anything was done about it that stands."""
    standing = held.decisions.final().filter(undone_at__isnull=True)
    steps = set(standing.values_list("step", flat=True))
    held.reports.update(was_right=bool(steps - {Step.NONE}) if steps else None)
