"""What programs found, as the page of a case shows it."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from core.db.prepared_queries import compiled
from moderation.models import Case, Decision, Finding, PictureMatch, Step

SHOWN = 20


@dataclass(frozen=True)
class Found:
    """`matches`: with their known pictures. `notes`: the numbers of those that say or show the same."""

    finding: Finding
    matches: list[PictureMatch] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)


def findings_of(case: Case) -> list[Found]:
    return [_found(finding) for finding in _findings(case=case.pk)]


@compiled
def _findings(*, case: Any) -> QuerySet[Finding]:
    return Finding.objects.filter(case=case).order_by("pk")


def _found(finding: Finding) -> Found:
    match finding.kind:
        case Finding.Kind.KNOWN:
            rows = PictureMatch.objects.filter(case=finding.case_id).select_related(
                "known__rule", "known__cut_of"
            )
            return Found(finding, matches=list(rows.order_by("distance", "pk")[:SHOWN]))
        case Finding.Kind.COPIES:
            return Found(finding, notes=finding.about[:SHOWN])
        case _:
            return Found(finding)


def hidden_by(decisions: list[Decision]) -> Decision | None:
    """Return the decision of a person, for a rule, that hides what the case is about."""
    fitting = (d for d in decisions if d.step == Step.HIDE and d.is_in_force and not d.is_hold and d.rule_id)
    return next(fitting, None)
