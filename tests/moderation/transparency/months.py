"""Months of figures as tests need them."""

from datetime import date
from typing import Any

from moderation.models import MonthFigures
from tests.moderation.builders import make_rules


def make_month(year: int, month: int, **changed: Any) -> MonthFigures:
    """Figures of a month in which all but the decisions about two rules and those taken back may be shown."""
    make_rules()
    rules = {"advertising": 1200, "harassment": 60, "sexual": 6, "private": 5, "": 400}
    figures = {
        "reports": 3456,
        "decisions": 1671,
        "by_program": 40,
        "rules": rules,
        "waited": 900,
        "waited_days": 0.3,
        "appeals": 41,
        "overturned": 12,
        "appeal_waited": 41,
        "appeal_waited_days": 3.2,
        "taken_back": 3,
    }
    return MonthFigures.objects.create(month=date(year, month, 1), figures=figures | changed)
