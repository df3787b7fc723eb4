from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from insights.csv_file import csv_response
from moderation.models import MonthFigures
from moderation.prove.run import latest_proof
from moderation.transparency import wording
from moderation.transparency.disclosure import FLOOR, Shown, shown_of

MONTHS = 24


@require_safe
def transparency(request: HttpRequest) -> HttpResponse:
    """Show the figures of a month, the latest unless `?month=2026-10` asks for another, and the list of months."""
    months = _months()
    month = _asked(request.GET.get("month", ""), months)
    context = {"months": months, "month": month, "floor": FLOOR, "proof": latest_proof()}
    if month:
        context |= {"numbers": wording.numbers(months[month]), "rules": wording.bars(months[month].rules)}
    return render(request, "moderation/transparency.html", context)


@require_safe
def table(request: HttpRequest) -> StreamingHttpResponse:
    """Return what the page shows of every month as CSV, empty where a number is withheld."""
    return csv_response(wording.table(_months()), "transparency")


def _months() -> dict[date, Shown]:
    """Return the latest months with what may be shown of them, the latest first."""
    counted = MonthFigures.objects.order_by("-month").values_list("month", "figures")
    return {month: shown_of(figures) for month, figures in counted[:MONTHS]}


def _asked(month: str, months: dict[date, Shown]) -> date | None:
    if not month:
        return next(iter(months), None)
    found = next((each for each in months if f"{each:%Y-%m}" == month), None)
    if found is None:
        raise Http404("No figures of this month.")
    return found
