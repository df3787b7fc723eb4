"""The line of facts that a card and the page of a case have: how grave, who reported it for what, and since when."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet

from core.dates import calendar_time
from core.db.prepared_queries import IsAmong, compiled
from core.text import isolated
from moderation.models import Case, Report, Severity
from moderation.models.case import CaseQuerySet
from profiles.models import User

type Reasons = tuple[tuple[str, int], ...]


class Facts(NamedTuple):
    """Plain values, so that templates are rendered once for the same ones (`kept`). `other`: who else has it open."""

    severity: str
    is_grave: bool
    is_held: bool
    is_young: bool
    is_found: bool
    people: int
    reasons: Reasons
    since: str
    since_text: str
    other: str
    closed: str


def facts_of(case: Any, reasons: Reasons, by: User) -> Facts:
    other = other_opener(case, by)
    return Facts(
        severity=str(Severity(case.severity).label),
        is_grave=case.severity > Severity.MEDIUM,
        is_held=case.is_held,
        is_young=case.is_young,
        is_found=bool(case.reason),
        people=case.reporter_count,
        reasons=reasons,
        since=case.created_at.isoformat(timespec="seconds"),
        since_text=calendar_time(case.created_at),
        other=isolated(other) if other else "",
        closed=calendar_time(case.closed_at) if case.closed_at else "",
    )


def for_facts(cases: CaseQuerySet) -> CaseQuerySet:
    """Fetch the name of who has each case open, whether they are a moderator still, and whether its note is held."""
    return cases.marking_held().annotate(
        opener=F("opened_by__name"), opener_is_staff=F("opened_by__is_staff")
    )


def other_opener(case: Any, by: User) -> str:
    """Return the name of another moderator who has opened the case lately; "" if nobody has."""
    is_other = case.opened_by_id is not None and case.opened_by_id != by.pk
    return case.opener if is_other and case.opener_is_staff and case.is_opened_lately else ""


def reasons_of(cases: Iterable[Case]) -> dict[int, Reasons]:
    """Return for each case the reasons it was reported for, and by how many people each, the most first."""
    found: dict[int, Reasons] = defaultdict(tuple)
    for case, reason, number in _reasons(cases=[case.pk for case in cases]):
        found[case] += ((str(Report.Reason(reason).label), number),)
    return found


@compiled
def _reasons(*, cases: Any) -> QuerySet[Any]:
    people = Count("reporter", distinct=True) + Count("pk", filter=Q(reporter=None))
    rows = Report.objects.filter(IsAmong("case", cases)).values_list("case", "reason")
    return rows.annotate(number=people).order_by("-number", "reason")
