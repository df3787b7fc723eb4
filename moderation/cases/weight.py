"""How much a report counts: by how often its reporter was right before, and little while the account is new.

The database sums the reports of a case (`weigh_reports` in moderation/migrations/0011_weigh_cases.py): each person
once, with the most that one of their reports counts. New accounts count a tenth, and together at most as much as one
person.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from moderation.models import Report
from profiles.models import User

FRESH_FOR = timedelta(days=7)
REMEMBERED = 100  # of a reporter's latest decided reports


def trust_in(reporter: User) -> float:
    """Return how much the reporter counts, between 0 and 1: one half to begin with, more for each report that was
    right, less for each that was not.
    """
    decided = Report.objects.filter(reporter=reporter, was_right__isnull=False).order_by("-pk")
    said = list(decided.values_list("was_right", flat=True)[:REMEMBERED])
    return (said.count(True) + 1) / (len(said) + 2)


def is_fresh(reporter: User) -> bool:
    """Return whether the account is younger than a week or has no confirmed address."""
    return not reporter.is_verified or timezone.now() < reporter.date_joined + FRESH_FOR


def weigh(cases: Iterable[int]) -> None:
    """Compute severity, weight and urgency of these cases from their reports, as the triggers do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT weigh_cases(%s)", [list(cases)])
