"""Decisions about the same author at once lock rows in one order: none ends as a deadlock."""

import time
from typing import Any
from uuid import uuid4

import pytest

from moderation.actions import report_named
from moderation.decisions import actions, rows
from moderation.decisions.actions import decide
from moderation.decisions.directly import decide_about, undo_about
from moderation.models import Case, Decision, Step
from notes.models import Photo
from profiles.models import User
from tests.builders import make_note
from tests.moderation.builders import make_rule, make_rules, reported
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
A_WHILE = 0.6  # longer than the other needs to come in between


def case_of(photo: Photo, by: User) -> Case:
    report_named(reporter=by, named=photo, reason="private", details="", key=uuid4())
    return Case.objects.get(kind="photo", number=photo.pk)


def test_a_suspension_and_the_hiding_of_another_photo(
    alice: User, bob: User, mona: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_rules()
    first, second, third = make_note(alice, photos=3).photos.order_by("position")
    decide_about(target=first, by=mona, step=Step.HIDE, facts="Mine.")
    slow, quick = case_of(second, bob), case_of(third, bob)
    lock_target = rows.lock_target

    def slowly(case: Case) -> Any:
        if case.pk == slow.pk:
            time.sleep(A_WHILE)
        return lock_target(case)

    monkeypatch.setattr(rows, "lock_target", slowly)
    rule = make_rule("private")

    def later() -> str:
        time.sleep(A_WHILE / 2)
        return decide(case=quick, version=quick.version, by=mona, step=Step.HIDE, rule=rule).step

    steps = at_once(
        lambda: decide(case=slow, version=slow.version, by=mona, step=Step.SUSPEND, rule=rule).step, later
    )
    assert steps == [Step.SUSPEND, Step.HIDE]


def test_a_restoration_and_a_decision_about_a_note(
    alice: User, bob: User, mona: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_rules()
    terms: dict[str, Any] = {"by": mona, "step": Step.SUSPEND, "rule": make_rule("private")}
    cases = [reported(make_note(alice), bob) for _twice in range(2)]
    for case in cases:
        decide(case=case, version=case.version, **terms)
    lock = actions.lock

    def slowly(case: Case, step: str) -> Any:
        if case.pk == cases[1].pk and step == Step.SUSPEND:
            time.sleep(A_WHILE)
        return lock(case, step)

    monkeypatch.setattr(actions, "lock", slowly)

    def later() -> str:
        time.sleep(A_WHILE / 2)
        case = Case.objects.get(pk=cases[1].pk)
        try:
            return decide(case=case, version=case.version, by=mona, step=Step.NONE).step
        except actions.Decided:  # undone meanwhile
            return Step.NONE

    person = User.objects.get(pk=alice.pk)
    assert at_once(lambda: undo_about(target=person, by=mona, step=Step.SUSPEND), later) == [True, Step.NONE]
    assert not Decision.objects.in_force().filter(step=Step.SUSPEND).exists()
