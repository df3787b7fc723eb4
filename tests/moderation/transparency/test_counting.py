"""The figures of a month equal a count of its rows that knows nothing of the program's."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from moderation.models import Appeal, Case, Decision, MonthFigures, Report, Step
from moderation.transparency import counting
from tests.builders import make_person
from tests.moderation.builders import make_rule

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
MONTHS = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]


def a_moment(random: Random) -> datetime:
    """Any time from 20 December to 10 April, often in the hours around midnight at the end of a month."""
    if random.random() < 0.3:
        end = datetime(2026, random.randint(1, 4), 1, tzinfo=SHANGHAI)
        return end + timedelta(hours=random.uniform(-9, 9))
    return datetime(2025, 12, 20, tzinfo=UTC) + timedelta(days=random.uniform(0, 110))


def fill(random: Random) -> None:
    person, rules = make_person(), [make_rule("advertising"), make_rule("harassment"), None]
    for number in range(120):
        opened = a_moment(random)
        case = Case.objects.create(kind="note", number=number, closed_at=opened, created_at=opened)
        if random.random() < 0.8:
            report = Report.objects.create(
                reporter=person, case=case, reason="harassment", details=str(number)
            )
            at = opened + timedelta(days=random.uniform(0, 2))  # a case may be older than its first report
            Report.objects.filter(pk=report.pk).update(created_at=at, closed_at=at)
        for version in range(random.randint(0, 2)):
            made = opened + timedelta(days=random.expovariate(0.2))
            decision = Decision.objects.create(
                case=case,
                rule=random.choice(rules),
                step=random.choice([Step.NONE, Step.NOTE]),
                by_program=random.random() < 0.3,
                version=version,
                created_at=made,
                undone_at=made + timedelta(days=9) if random.random() < 0.4 else None,
            )
            if random.random() < 0.5:
                appeal = Appeal.objects.create(decision=decision, text="-")
                Appeal.objects.filter(pk=appeal.pk).update(created_at=made)
                if random.random() < 0.8:
                    answered = made + timedelta(days=random.uniform(0, 30))
                    granted = random.random() < 0.5
                    Appeal.objects.filter(pk=appeal.pk).update(decided_at=answered, granted=granted)


def in_month(at: datetime | None, month: date) -> bool:
    local = at.astimezone(SHANGHAI) if at else None
    return local is not None and (local.year, local.month) == (month.year, month.month)


def counted(month: date) -> dict[str, object]:
    """Count with loops over all rows."""
    reports, decisions, appeals = (
        list(model.objects.order_by("pk").values()) for model in (Report, Decision, Appeal)
    )
    slugs = {rule.pk: rule.slug for rule in (make_rule("advertising"), make_rule("harassment"))}
    reported: dict[int, datetime] = {}
    for row in reports:
        reported[row["case_id"]] = min(row["created_at"], reported.get(row["case_id"], row["created_at"]))
    granted = {row["decision_id"] for row in appeals if row["granted"]}
    rules: dict[str, int] = {}
    waited, first = [], set()
    holds: set[int] = set()
    kept = []
    for row in decisions:
        if row["by_program"]:
            if row["case_id"] in holds:
                continue
            holds.add(row["case_id"])
        kept.append(row)
        is_first = not row["by_program"] and row["case_id"] not in first
        first |= set() if row["by_program"] else {row["case_id"]}
        if not in_month(row["created_at"], month):
            continue
        slug = slugs.get(row["rule_id"], "")
        rules[slug] = rules.get(slug, 0) + 1
        if is_first and row["case_id"] in reported:
            waited.append((row["created_at"] - reported[row["case_id"]]).total_seconds() / 86400)
    answered = [row for row in appeals if in_month(row["decided_at"], month)]
    answers = [(row["decided_at"] - row["created_at"]).total_seconds() / 86400 for row in answered]
    made = [row for row in kept if in_month(row["created_at"], month)]
    undone = [row for row in decisions if in_month(row["undone_at"], month) and row["id"] not in granted]
    return {
        "reports": sum(in_month(row["created_at"], month) for row in reports),
        "decisions": len(made),
        "by_program": sum(row["by_program"] for row in made),
        "rules": rules,
        "waited": len(waited),
        "waited_days": round(median(waited), 2) if waited else None,
        "appeals": len(answered),
        "overturned": sum(row["granted"] for row in answered),
        "appeal_waited": len(answers),
        "appeal_waited_days": round(median(answers), 2) if answers else None,
        "taken_back": len(undone),
    }


@pytest.mark.parametrize("seed", range(3))
def test_figures_equal_an_independent_count(seed: int) -> None:
    fill(Random(seed))
    for month in MONTHS:
        assert counting.figures_of(month) == counted(month)
    assert counting.figures_of(MONTHS[1])["decisions"] >= 10


def test_a_month_with_nothing_has_no_times() -> None:
    found = counting.figures_of(MONTHS[0])
    assert (found["decisions"], found["rules"], found["waited_days"]) == (0, {}, None)


@pytest.mark.parametrize("month", [date(2026, number, 1) for number in range(1, 13)])
def test_a_month_ends_where_the_next_begins(month: date) -> None:
    first, last = counting.bounds(month)
    assert (first.astimezone(SHANGHAI).date(), first.astimezone(SHANGHAI).hour) == (month, 0)
    assert last - first == timedelta(days=monthrange(month.year, month.month)[1])


def test_months_that_are_over_are_counted_once() -> None:
    now = timezone.now()
    case = Case.objects.create(kind="note", number=1, created_at=now)
    for age in (0, 70, 100):
        made = now - timedelta(days=age)
        Decision.objects.create(case=case, step=Step.NONE, version=age, created_at=made)
    counting.count_months()
    counting.count_months()
    months = list(MonthFigures.objects.values_list("month", flat=True))
    assert len(months) >= 3
    assert now.astimezone(SHANGHAI).date().replace(day=1) not in months
    stored = MonthFigures.objects.get(month=months[-1])
    assert stored.figures["decisions"] == 1
    Decision.objects.create(case=case, step=Step.NONE, version=9, created_at=now - timedelta(days=100))
    counting.count_months()
    assert MonthFigures.objects.get(month=months[-1]).figures == stored.figures


def test_nothing_is_counted_where_nothing_happened() -> None:
    counting.count_months()
    assert not MonthFigures.objects.exists()
