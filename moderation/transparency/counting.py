"""Count the reports, decisions and appeals of the months that are over.

An event counts in the month it happened in, on the site's clock: a decision when it was made, an appeal when it was
answered, a decision taken back when that was done. So the figures of a month stay as they were counted.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery

from core.zones import site_day, site_zone
from moderation.models import Appeal, Decision, MonthFigures, Report

type Figures = dict[str, Any]


def count_months() -> None:
    """Store the figures of every month that is over and was not counted yet. Idempotent."""
    counted = set(MonthFigures.objects.values_list("month", flat=True))
    for month in _months_over():
        if month not in counted:
            fresh = MonthFigures(month=month, figures=figures_of(month))
            MonthFigures.objects.bulk_create([fresh], ignore_conflicts=True)


def figures_of(month: date) -> Figures:
    """Return the figures of the month that begins on this day. Times are medians in days, None where there is none.

    `rules` counts decisions by the rule's slug, "" for none.
    """
    decisions = _once(Decision.objects.filter(**_within("created_at", month)))
    answered = Appeal.objects.filter(**_within("decided_at", month))
    taken_back = Decision.objects.filter(**_within("undone_at", month)).exclude(appeal__granted=True)
    return {
        "reports": Report.objects.filter(**_within("created_at", month)).count(),
        "decisions": decisions.count(),
        "by_program": decisions.filter(by_program=True).count(),
        "rules": _counts(decisions, "rule__slug"),
        **_times("waited", _first_answers(decisions), "reported_at", "created_at"),
        "appeals": answered.count(),
        "overturned": answered.filter(granted=True).count(),
        **_times("appeal_waited", answered, "created_at", "decided_at"),
        "taken_back": taken_back.count(),
    }


def bounds(month: date) -> tuple[datetime, datetime]:
    """Return when the month begins and when the next one does."""
    return _midnight(month), _midnight(_next(month))


def _months_over() -> Iterator[date]:
    """Yield the first day of each month that is over, from the first that has a report or a decision."""
    firsts = [model.objects.aggregate(at=Min("created_at"))["at"] for model in (Report, Decision)]
    began = min((at for at in firsts if at), default=None)
    month = site_day(began).replace(day=1)
    while began and month < site_day().replace(day=1):
        yield month
        month = _next(month)


def _once(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Leave out holds that began anew when what a person decided was taken back: a program decided once."""
    earlier = Decision.objects.filter(case=OuterRef("case"), by_program=True, pk__lt=OuterRef("pk"))
    return decisions.filter(~Exists(earlier) | Q(by_program=False))


def _first_answers(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Return those by which a person first decided about a case that was reported, with when that was."""
    earlier = Decision.objects.filter(case=OuterRef("case"), by_program=False, pk__lt=OuterRef("pk"))
    reports = Report.objects.filter(case=OuterRef("case")).order_by("created_at", "pk")
    first = decisions.annotate(reported_at=Subquery(reports.values("created_at")[:1]))
    return first.filter(~Exists(earlier), by_program=False, reported_at__isnull=False)


def _counts(rows: QuerySet[Any], field: str) -> dict[str, int]:
    return {
        name or "": number for name, number in rows.values_list(field).annotate(Count("pk")).order_by(field)
    }


def _times(name: str, rows: QuerySet[Any], since: str, until: str) -> Figures:
    """Return how many waited, and how long half of them did at most, in days."""
    waited = rows.values_list(F(until) - F(since), flat=True)
    days = [each / timedelta(days=1) for each in waited.iterator()]
    return {name: len(days), f"{name}_days": round(median(days), 2) if days else None}


def _within(field: str, month: date) -> dict[str, datetime]:
    first, last = bounds(month)
    return {f"{field}__gte": first, f"{field}__lt": last}


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=site_zone())


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
