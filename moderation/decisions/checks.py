"""Which decisions can be made about what, by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from moderation.cases.access import open_to
from moderation.decisions import refusals
from moderation.decisions.refusals import Refused
from moderation.models import Case, Rule, Step
from profiles.models import User

_ABOUT_PEOPLE = {Step.NOTE, Step.LIMIT, Step.SUSPEND}
STEPS: dict[str, set[str]] = {
    Case.Kind.NOTE: {Step.WARNING, Step.HIDE} | _ABOUT_PEOPLE,
    Case.Kind.PHOTO: {Step.HIDE} | _ABOUT_PEOPLE,
    Case.Kind.COMMENT: {Step.HIDE} | _ABOUT_PEOPLE,
    Case.Kind.COLLECTION: {Step.HIDE} | _ABOUT_PEOPLE,
    Case.Kind.SERIES: {Step.HIDE} | _ABOUT_PEOPLE,
    Case.Kind.PERSON: _ABOUT_PEOPLE,
    Case.Kind.LABEL: {Step.HIDE},
    Case.Kind.TAG: {Step.HIDE},
    Case.Kind.CAMPUS: {Step.HIDE},
}


@dataclass(frozen=True)
class Wanted:
    """A decision as it is asked for."""

    step: str
    rule: Rule | None = None
    facts: str = ""
    ends_at: datetime | None = None
    limits: Sequence[str] = ()
    warning: str = ""


def steps_for(case: Case) -> list[str]:
    """Return the steps that can be decided about the case, the mildest first."""
    possible = STEPS[case.kind] if case.subject_id else STEPS[case.kind] - _ABOUT_PEOPLE
    possible = possible if case.is_there else possible - {Step.HIDE, Step.WARNING}
    return [step for step in Step.values if step == Step.NONE or step in possible]


def check_moderator(*, by: User, case: Case, subject: User | None) -> None:
    """Raise Refused unless this person is a moderator now, and the case is not about them while there are others."""
    now = User.objects.filter(is_staff=True, is_active=True)
    if not now.filter(pk=by.pk).exists():
        raise Refused(refusals.NO_MODERATOR)
    if subject and subject.pk == by.pk and (not by.is_superuser or now.exclude(pk=by.pk).exists()):
        raise Refused(refusals.OWN_MATTER)
    if case.pk and not open_to(Case.objects.filter(pk=case.pk), by).exists():
        raise Refused(refusals.FOR_OTHERS)


def check(wanted: Wanted, *, by: User | None, case: Case, subject: User | None, is_there: bool) -> None:
    """Raise Refused if the decision cannot be made about this case."""
    step = wanted.step
    if step == Step.NONE:
        return
    if step not in STEPS[case.kind]:
        raise Refused(refusals.NOT_OF_THIS)
    if step in {Step.HIDE, Step.WARNING} and not is_there:
        raise Refused(refusals.GONE)
    if step in _ABOUT_PEOPLE and subject is None:
        raise Refused(refusals.NOBODY)
    if step in {Step.LIMIT, Step.SUSPEND} and subject and _is_protected(subject, by):
        raise Refused(refusals.OF_MODERATORS)
    if wanted.rule and wanted.rule.retired_at:
        raise Refused(refusals.RETIRED)
    _check_terms(wanted)


def _check_terms(wanted: Wanted) -> None:
    if wanted.ends_at and wanted.ends_at <= timezone.now():
        raise Refused(refusals.PAST_END)
    if wanted.step == Step.LIMIT and not wanted.ends_at:
        raise Refused(refusals.NEEDS_END)
    if wanted.step == Step.LIMIT and not wanted.limits:
        raise Refused(refusals.NEEDS_LIMITS)
    if wanted.step == Step.WARNING and not wanted.warning:
        raise Refused(refusals.NEEDS_WARNING)


def _is_protected(subject: User, by: User | None) -> bool:
    return (subject.is_staff or subject.is_superuser) and not (by and by.is_superuser)
