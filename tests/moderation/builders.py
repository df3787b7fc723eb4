"""Cases as tests need them."""

from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

from django.utils import timezone

from moderation.actions import report
from moderation.models import Case, Report, Rule
from profiles.models import User
from tests.builders import make_person


def make_rule(slug: str = "harassment") -> Rule:
    """The rule of this slug as the migration stores it: tests with transactions empty its table."""
    said = _stored()[slug]
    return Rule.objects.get_or_create(slug=slug, defaults=said)[0]


def make_rules() -> None:
    for slug in _stored():
        make_rule(slug)


def _stored() -> dict[str, dict[str, Any]]:
    first = import_module("moderation.migrations.0010_first_rules").RULES
    more = import_module("moderation.migrations.0020_more_rules").RULES
    of_ai = import_module("moderation.migrations.0023_rule_of_ai").RULE
    return {each["slug"]: each for each in [*(said._asdict() for said in first), *more, of_ai]}


def make_reporter(**fields: Any) -> User:
    """A person whose account is old enough to count in full."""
    return make_person(date_joined=timezone.now() - timedelta(days=60), **fields)


def reported(target: Any, by: User | None = None, reason: str = "harassment", details: str = "") -> Case:
    """The open case of the target once this person has reported it."""
    kind = type(target).__name__.lower().replace("user", "person")
    columns = {kind: target} | ({"note_id": target.note_id} if kind == "comment" else {})
    key = uuid4()
    report(reporter=by or make_reporter(), target=columns, reason=reason, details=details, key=key)
    return Report.objects.latest("pk").case  # type: ignore[return-value]
