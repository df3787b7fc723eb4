"""Open cases, join them, and say who looks at them."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from moderation.cases.access import SEALED
from moderation.cases.targets import kind_of, subject_of
from moderation.cases.weight import is_fresh, trust_in, weigh
from moderation.models import Case, Report
from moderation.sealing.roles import may_open_sealed
from profiles.models import User

TRIES = 5
NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def open_or_join(*, target: Any, report: Report) -> Case:
    """Put a report into the open case of its target, opened if there is none. Idempotent.

    The target's note is locked already.
    """
    case = open_case(target=target)
    counts = counts_of(case=case, reporter=report.reporter) if report.reporter else {}
    Report.objects.filter(pk=report.pk, case=None).update(case=case, **counts)
    case.refresh_from_db()
    return case


def counts_of(*, case: Case, reporter: User) -> dict[str, Any]:
    """Return how much a report of this person counts. One by a person of high school makes the case young."""
    if reporter.stage == User.Stage.HIGH_SCHOOL and not case.is_young:
        Case.objects.filter(pk=case.pk).update(is_young=True)
    return {"trust": trust_in(reporter), "is_fresh": is_fresh(reporter)}


@transaction.atomic
def open_case(*, target: Any, by: User | None = None) -> Case:
    """Return the target's open case, locked until the transaction ends; opened if there is none.

    For a moderator `by` who may not open a sealed one, it is another beside that. What is reported joins the sealed
    one.
    """
    named = {"kind": kind_of(target), "number": target.pk}
    for _try in range(TRIES):
        rows = Case.objects.open().filter(**named).select_for_update(no_key=True, of=["self"])
        found = sorted(rows.annotate(sealed=SEALED).order_by("pk"), key=lambda case: not case.sealed)
        is_closed = by is not None and not may_open_sealed(by)
        known = [case for case in found if not (is_closed and case.sealed)]
        if known:
            return known[0]
        _open(target, named, is_second=bool(found) and not found[0].is_second)
    raise RuntimeError(f"The case of {named} is opened and closed all the time.")


def case_of(target: Any) -> Case:
    """Return a case of the target that is not stored."""
    kind = kind_of(target)
    return Case(kind=kind, number=target.pk, subject_id=subject_of(target), **{kind: target})


def _open(target: Any, named: dict[str, Any], *, is_second: bool) -> None:
    fresh = case_of(target)
    fresh.is_second = is_second
    fresh.is_young = User.objects.filter(pk=fresh.subject_id, stage=User.Stage.HIGH_SCHOOL).exists()
    Case.objects.bulk_create([fresh], ignore_conflicts=True)
    weigh(Case.objects.open().filter(**named).values_list("pk", flat=True))


def look_at(*, case: Case, by: User) -> None:
    """Note down that a moderator has the case open, so that others see it: at most once a minute."""
    if case.opened_by_id == by.pk and case.opened_at and timezone.now() < case.opened_at + NOTED_EVERY:
        return
    Case.objects.filter(pk=case.pk, closed_at=None).update(opened_by=by, opened_at=timezone.now())


def look_away(*, case: Case, by: User) -> None:
    Case.objects.filter(pk=case.pk, opened_by=by).update(opened_by=None, opened_at=None)
