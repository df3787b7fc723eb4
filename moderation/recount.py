"""Compare what cases store of their reports with the reports."""

from collections.abc import Iterator
from functools import partial

from django.db import connection

from moderation.cases.weight import weigh
from notes.recount import Wrong

_WRONG = """
SELECT stored.id, stored.report_count, weighed.reports, stored.reporter_count, weighed.people,
    stored.weight, weighed.weight, stored.severity, weighed.severity, stored.urgency, weighed.urgency
FROM moderation_case AS stored, LATERAL (
    SELECT *, urgency_of_case(severity, weight, stored.is_young, stored.created_at) AS urgency
    FROM weigh_reports(ARRAY[stored.id])
) AS weighed
WHERE stored.closed_at IS NULL AND (
    (stored.report_count, stored.reporter_count, stored.severity, stored.reason)
        IS DISTINCT FROM (weighed.reports, weighed.people, weighed.severity, weighed.reason)
    OR abs(stored.weight - weighed.weight) > 0.000001 OR abs(stored.urgency - weighed.urgency) > 0.000001
)
ORDER BY stored.id
"""
_NAMES = ("report_count", "reporter_count", "weight", "severity", "urgency")


def wrong_cases() -> Iterator[Wrong]:
    """Yield open cases whose numbers, severity or order are not those of their reports."""
    with connection.cursor() as cursor:
        cursor.execute(_WRONG)
        found = cursor.fetchall()
    for pk, *pairs in found:
        differ = [
            f"{name} is {stored}, counted {true}"
            for name, stored, true in zip(_NAMES, pairs[::2], pairs[1::2], strict=True)
            if stored != true
        ]
        yield f"case {pk}: {', '.join(differ) or 'reason'}", partial(weigh, [pk])
