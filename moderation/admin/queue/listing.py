"""What a page of the queue shows: its cards, counts, filters and the way on."""

from collections.abc import Mapping
from typing import Any

from moderation.admin.queue.cards import MOST, SIZE, Card, page_of
from moderation.admin.queue.filters import APPEALS, CLOSED, MINE, Filters
from moderation.appeals.queries import waiting
from moderation.cases.access import open_to
from moderation.counting import COUNTED, counts, said
from moderation.models import Case, Report, Rule, Severity
from profiles.models import User

APPEALS_SHOWN = 100


def shown(by: User, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the context of the queue with the filters of this query."""
    filters = Filters.read(query)
    numbers = counts(by)
    size = MOST if query.get("size") == str(MOST) else SIZE
    cards: list[Card] = []
    page = None
    if filters.show != APPEALS:
        order = "closed_at" if filters.show == CLOSED else "urgency"
        cards, page = page_of(_cases(filters, by), order, query.get("after", ""), size)
    return {
        "filters": filters,
        "kinds": Case.Kind.choices,
        "reasons": Report.Reason.choices,
        "cards": cards,
        "page": page,
        "appeals": list(waiting(by)[:APPEALS_SHOWN]) if filters.show == APPEALS else [],
        "more_at_once": MOST if size < MOST else 0,
        "open": said(sum(number for name, number in numbers.items() if name.startswith("severity")), COUNTED),
        "by_severity": [(value, label, said(numbers[f"severity_{value}"])) for value, label in _severities()],
        "mine": said(numbers[MINE]),
        "appealed": said(numbers[APPEALS]),
    }


def _severities() -> list[tuple[int, Any]]:
    return sorted(Severity.choices, reverse=True)


def _cases(filters: Filters, by: User) -> Any:
    cases = Case.objects.filter(closed_at__isnull=filters.show != CLOSED)
    return filters.of(open_to(cases, by), by)


def rules() -> list[Rule]:
    return list(Rule.objects.in_force())


def rule_of(case: Case) -> Rule | None:
    """Return the rule that a case was reported for, if it is in force."""
    return Rule.objects.in_force().filter(slug=case.reason).first() if case.reason else None
