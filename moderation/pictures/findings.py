"""What a program found, as a row of its case, which moderators read and the case is weighed by."""

from collections.abc import Iterable

from django.utils import timezone

from moderation.cases.weight import weigh
from moderation.models import Case, Decision, Finding, Rule, Step


def found(*, case: Case, kind: str, rule: Rule | None, about: Iterable[int]) -> Finding:
    """Add to what was found in a locked case: once a kind, with the numbers of all it is about."""
    row, _is_new = Finding.objects.get_or_create(case=case, kind=kind, defaults={"rule": rule})
    row.about, row.over_at = sorted({*row.about, *about}), None
    if rule and row.rule and rule.severity > row.rule.severity:
        row.rule = rule
    row.save(update_fields=["about", "over_at", "rule"])
    weigh([case.pk])
    return row


def end(finding: Finding) -> None:
    """Let a finding count no longer, as it no longer holds."""
    finding.over_at = timezone.now()
    finding.save(update_fields=["over_at"])
    weigh([finding.case_id])


def was_let_pass(case: Case) -> bool:
    """Return whether a person has decided about the case, and nothing hides it."""
    standing = Decision.objects.final().filter(case=case, undone_at__isnull=True)
    hold_undone = case.decisions.holds().filter(undone_at__isnull=False).exists()
    return (standing.exists() or hold_undone) and not standing.filter(step=Step.HIDE).exists()
