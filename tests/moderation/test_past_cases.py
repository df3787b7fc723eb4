"""What was reported, hidden and suspended before there were cases becomes cases and decisions by the migration."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone
from taggit.models import Tag

from moderation.decisions.actions import undo
from moderation.models import Case, Decision, Report, Step
from moderation.tasks import adopt_reports
from notes.models import Collection, Note, Series
from notes.tags import hide_tag
from people.actions.moderators import former_moderator
from profiles.models import Campus, Label, User
from tests.builders import make_campus, make_comment, make_label, make_note, make_person
from tests.moderation.builders import make_rules

AGO = timezone.now() - timedelta(days=30)
migration = import_module("moderation.migrations.0012_past_cases")


def migrate() -> None:
    with connection.schema_editor() as editor:
        migration.adopt_past(apps, editor)


def old_report(reporter: User, reason: str = "harassment", **said: Any) -> Report:
    """A report as the version before stored it."""
    report = Report.objects.create(reporter=reporter, reason=reason, **said)
    Report.objects.filter(pk=report.pk).update(created_at=AGO)
    return report


@pytest.fixture
def past(alice: User, bob: User, charlie: User, mona: User) -> dict[str, Any]:
    """The old state: open and closed reports, and everything that could be hidden."""
    make_rules()
    hidden = {"hidden_at": AGO, "hidden_by": mona, "hidden_reason": "Rude"}
    reported, both, seen = make_note(alice), make_note(alice), make_note(alice, tags=["rude"], **hidden)
    comment = make_comment(bob, reported)
    old_report(bob, note=reported)
    old_report(charlie, note=reported, reason="danger")
    old_report(charlie, note=reported, comment=comment)
    old_report(charlie, person=alice)
    closed = {"closed_at": AGO, "closed_by": mona, "closed_reason": "Nothing in it."}
    old_report(bob, note=both, **closed)
    old_report(charlie, note=both, reason="copied")
    old_report(bob, note=seen, **closed)
    make_label(alice, "Rude")
    Label.objects.update(**hidden)
    suspended = make_person("sam", suspended_at=AGO, suspended_by=mona, suspended_reason="Spam")
    former_moderator()
    hide_tag(tag=Tag.objects.get(name="rude"), is_hidden=True)
    Campus.objects.filter(pk=make_campus().pk).update(is_hidden=True)
    return {
        "reported": reported,
        "both": both,
        "seen": seen,
        "suspended": suspended,
        "alone": make_comment(bob, reported, **hidden),
        "collection": Collection.objects.create(owner=alice, name="Desks", **hidden),
        "series": Series.objects.create(author=alice, name="Winter", **hidden),
    }


def told() -> list[tuple[Any, ...]]:
    cases = Case.objects.order_by("kind", "number", "pk")
    return [
        (
            case.kind,
            case.number,
            case.closed_at,
            case.report_count,
            *case.decisions.values_list("step", "facts"),
        )
        for case in cases
    ]


@pytest.mark.django_db
def test_the_past_becomes_cases(past: dict[str, Any], alice: User, mona: User) -> None:
    migrate()
    before = told()
    for _again in range(2):
        migrate()
        adopt_reports(0)
    assert told() == before, "twice changes nothing"
    assert not Report.objects.filter(case=None).exists()
    (case,) = Case.objects.filter(kind="note", number=past["reported"].pk)
    assert (case.report_count, case.severity, case.reason, case.created_at) == (2, 4, "danger", AGO)
    assert (case.closed_at, case.subject) == (None, alice)
    assert Case.objects.open().in_order().first() == case
    two = Case.objects.filter(kind="note", number=past["both"].pk)
    assert [bool(each.closed_at) for each in two.order_by("pk")] == [False, True]
    assert two.get(closed_at=AGO).decisions.get().step == Step.NONE
    decision = Decision.objects.get(case__kind="note", case__number=past["seen"].pk)
    assert (decision.step, decision.facts, decision.decided_by) == ("hide", "Rude", mona)
    assert (decision.created_at, decision.subject, decision.case.report_count) == (AGO, alice, 1)
    assert decision.case.reports.get().was_right is True
    for kind in ("comment", "collection", "series", "label", "tag", "campus"):
        assert Decision.objects.in_force().filter(case__kind=kind, step="hide").count() == 1, kind
    suspension = Decision.objects.get(step="suspend")
    assert (suspension.subject, suspension.facts, suspension.decided_by) == (past["suspended"], "Spam", mona)


@pytest.mark.django_db
def test_what_became_a_decision_is_undone_as_any_other(past: dict[str, Any], mona: User) -> None:
    migrate()
    for decision in Decision.objects.in_force().exclude(step="none"):
        assert undo(decision=decision, by=mona)
    for model in (Note, Collection, Series, Label):
        assert not model._default_manager.filter(hidden_at__isnull=False).exists()
    assert not Campus.objects.filter(is_hidden=True).exists()
    past["suspended"].refresh_from_db()
    assert past["suspended"].is_active


@pytest.mark.django_db
def test_a_report_that_the_version_before_makes_meanwhile_joins(past: dict[str, Any]) -> None:
    migrate()
    late = old_report(make_person(), note=past["reported"])
    adopt_reports(0)
    late.refresh_from_db()
    assert late.case is not None
    assert late.case.report_count == 3


@pytest.mark.django_db
def test_more_than_a_batch(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moderation.cases.adopting.BATCH", 2)
    reporter = make_person()
    for note in [make_note(alice) for _ in range(5)]:
        old_report(reporter, note=note)
    migrate()
    assert Case.objects.open().count() == 5
    assert not Report.objects.filter(case=None).exists()
