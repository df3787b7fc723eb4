"""Decisions as tests of the queue need them."""

from typing import Any

from moderation.decisions.actions import decide
from moderation.models import Case, Decision
from profiles.models import User
from tests.moderation.builders import make_rule


def decided(case: Case, *, by: User, step: str, **terms: Any) -> Decision:
    """The decision about a case as it is now, for the rule that it was reported for."""
    rule = make_rule(case.reason) if step != "none" and case.reason else None
    return decide(case=case, version=case.version, by=by, step=step, rule=rule, **terms)
