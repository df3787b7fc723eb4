"""The days that a page of the Mirror covers, and since when each kind of number is measured."""

from datetime import date, timedelta

from core.zones import site_day
from insights.reports import Period, Span

DAYS = {Period.DAYS: 28, Period.WEEKS: 16 * 7}


def span(period: Period, *, summed: date | None, begun: date | None, measured: dict[str, str] | None) -> Span:
    """Return the days of a period that ends with the last day that is summed up, or with yesterday.

    `begun` is the day of the person's first note, `measured` since when each kind is measured, as ISO dates.
    """
    last = summed or site_day() - timedelta(days=1)
    first = last - timedelta(days=DAYS[period] - 1) if period in DAYS else begun
    since = {kind: date.fromisoformat(day) for kind, day in (measured or {}).items()}
    return Span(
        period=period,
        first=first,
        last=last,
        since={kind: max(first, day) if first else day for kind, day in since.items()},
        summed_at=summed + timedelta(days=1) if summed else None,
    )
