"""The ladder: each step does what it says, once, until it ends or is undone."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from taggit.models import Tag

from moderation.cases.actions import open_case
from moderation.decisions.actions import decide, decide_many, expire, undo
from moderation.decisions.checks import steps_for
from moderation.decisions.directly import decide_about, undo_about
from moderation.decisions.refusals import Decided, Refused
from moderation.models import Case, Decision, Limit, Report, Rule, Step
from notes.compose.actions import delete_note
from notes.models import Collection, Note, Series
from notes.models.tags import TagState
from notes.tags import hide_tag
from people.actions.moderators import appoint, remove_moderator
from profiles.models import Label, User
from tests.builders import make_campus, make_comment, make_label, make_note, make_person
from tests.moderation.builders import make_rule, make_rules, reported

pytestmark = pytest.mark.django_db
FACTS = "It calls a classmate names."


@pytest.fixture(autouse=True)
def rules(db: None) -> None:
    make_rules()


def soon(days: int = 7) -> datetime:
    return timezone.now() + timedelta(days=days)


def decided(case: Case, by: User | None, step: str, **terms: Any) -> Decision:
    case.refresh_from_db()
    return decide(case=case, version=case.version, by=by, step=step, **({"facts": FACTS} | terms))


def fresh(row: Any) -> Any:
    return type(row)._default_manager.get(pk=row.pk)


def things(alice: User) -> dict[str, Any]:
    note = make_note(alice, tags=["study"])
    make_label(alice, "Study buddy")
    return {
        "note": note,
        "comment": make_comment(alice, note),
        "collection": Collection.objects.create(owner=alice, name="Desks"),
        "series": Series.objects.create(author=alice, name="Winter"),
        "label": Label.objects.get(),
        "tag": Tag.objects.get(name="study"),
        "campus": make_campus(),
    }


KINDS = ["note", "comment", "collection", "series", "label", "tag", "campus"]


def is_hidden(row: Any) -> bool:
    now = fresh(row)
    if isinstance(row, Tag):
        return TagState.objects.filter(tag=row, is_hidden=True).exists()
    return bool(now.hidden_at if hasattr(now, "hidden_at") else now.is_hidden)


@pytest.mark.parametrize("kind", KINDS)
def test_hiding_and_showing_again(kind: str, alice: User, mona: User) -> None:
    row = things(alice)[kind]
    made = decide_about(target=row, by=mona, step=Step.HIDE, facts=FACTS)
    assert made is not None
    assert is_hidden(row)
    assert (made.case.kind, made.case.number, made.decided_by, made.is_in_force) == (kind, row.pk, mona, True)
    assert fresh(made.case).closed_at is not None
    if hasattr(row, "hidden_reason"):
        assert (fresh(row).hidden_reason, fresh(row).hidden_by) == (FACTS, mona)
    assert undo(decision=made, by=mona)
    assert not is_hidden(row)
    assert not undo(decision=made, by=mona), "twice changes nothing"
    assert fresh(made).undone_by == mona
    assert fresh(made.case).closed_at is not None, "nobody reported it"


def test_one_decision_closes_all_reports_of_the_case(alice: User, mona: User) -> None:
    note = make_note(alice)
    for _ in range(3):
        case = reported(note)
    made = decided(case, mona, Step.HIDE, rule=make_rule())
    assert not Report.objects.open().exists()
    assert set(Report.objects.values_list("closed_by", "closed_reason")) == {(mona.pk, FACTS)}
    assert fresh(note).open_report_count == 0
    assert (made.version, fresh(case).version) == (1, 1)
    assert undo(decision=made, by=mona)
    assert Report.objects.open().count() == 3, "the case is back in the queue"
    assert fresh(case).closed_at is None
    assert fresh(note).open_report_count == 3


def test_what_is_undone_stays_closed_where_it_was_reported_anew(alice: User, mona: User) -> None:
    note = make_note(alice)
    made = decided(reported(note), mona, Step.NONE)
    anew = reported(note)
    assert undo(decision=made, by=mona)
    assert list(Case.objects.open()) == [anew]


def test_a_second_decision_learns_of_the_first(alice: User, mona: User) -> None:
    other = make_person("milo")
    appoint(person=other)
    case = reported(make_note(alice))
    first = decide(case=case, version=case.version, by=mona, step=Step.HIDE, facts=FACTS)
    again = decide(case=case, version=case.version, by=mona, step=Step.HIDE, facts=FACTS)
    assert again == first, "sent twice"
    for by, step in ((other, Step.HIDE), (mona, Step.NONE)):
        with pytest.raises(Decided) as error:
            decide(case=case, version=case.version, by=by, step=step, facts=FACTS)
        assert error.value.meanwhile == [first]
    undo(decision=first, by=mona)
    with pytest.raises(Decided):
        decide(case=case, version=case.version, by=mona, step=Step.HIDE, facts=FACTS)
    assert Decision.objects.count() == 1


def test_a_graver_report_makes_the_moderator_look_again(alice: User, mona: User) -> None:
    note = make_note(alice)
    case = reported(note, reason="copied")
    assert reported(note, reason="danger") == case
    with pytest.raises(Decided) as error:
        decide(case=case, version=case.version, by=mona, step=Step.NONE)
    assert error.value.meanwhile == []
    assert Report.objects.open().count() == 2


def test_a_warning_on_a_note(alice: User, mona: User) -> None:
    note = make_note(alice)
    made = decided(reported(note), mona, Step.WARNING, warning=Note.Warning.AD)
    assert fresh(note).warning == "ad"
    undo(decision=made, by=mona)
    assert fresh(note).warning == ""


def test_limits_of_an_account(alice: User, mona: User) -> None:
    short, long = soon(1), soon(9)
    one = decided(reported(make_note(alice)), mona, Step.LIMIT, ends_at=short, limits=[Limit.POSTING])
    two = decided(reported(alice), mona, Step.LIMIT, ends_at=long, limits=[Limit.POSTING, Limit.COMMENTING])
    now = fresh(alice)
    assert (now.posting_until, now.commenting_until, now.following_until) == (long, long, None)
    undo(decision=two, by=mona)
    assert (fresh(alice).posting_until, fresh(alice).commenting_until) == (short, None)
    undo(decision=one, by=mona)
    assert fresh(alice).posting_until is None


def test_suspending(alice: User, mona: User) -> None:
    made = decided(reported(make_comment(alice, make_note(alice))), mona, Step.SUSPEND)
    assert (fresh(alice).is_active, fresh(alice).suspended_reason) == (False, FACTS)
    undo(decision=made, by=mona)
    assert fresh(alice).is_active


def test_two_cases_may_hide_the_same(alice: User, mona: User) -> None:
    note = make_note(alice)
    first = decided(reported(note), mona, Step.HIDE, facts="First.")
    second = decided(open_case(target=note), mona, Step.HIDE, facts="Second.")
    assert fresh(note).hidden_reason == "First."
    undo(decision=first, by=mona)
    assert fresh(note).hidden_reason == "Second."
    undo(decision=second, by=mona)
    assert fresh(note).hidden_at is None
    decide_about(target=note, by=mona, step=Step.HIDE, facts=FACTS)
    decided(open_case(target=note), mona, Step.HIDE)
    assert undo_about(target=note, by=mona, step=Step.HIDE), "both at once"
    assert fresh(note).hidden_at is None


@pytest.mark.parametrize("step", [Step.HIDE, Step.SUSPEND, Step.LIMIT, Step.WARNING])
def test_an_end_date_acts_by_itself(step: str, alice: User, mona: User) -> None:
    note = make_note(alice)
    case = reported(note)
    made = decided(case, mona, step, ends_at=soon(), limits=[Limit.POSTING], warning="ad")
    assert expire() == 0
    Decision.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert expire() == 1
    assert expire() == 0
    now, person = fresh(note), fresh(alice)
    assert (now.hidden_at, now.warning, person.is_active, person.posting_until) == (None, "", True, None)
    assert fresh(made).ended_at is not None
    assert not fresh(made).is_in_force
    assert fresh(case).closed_at is not None, "it is not in the queue again"
    assert Report.objects.get().was_right is True
    with pytest.raises(Decided):
        decide(case=case, version=made.version, by=mona, step=Step.SUSPEND, facts=FACTS)


def test_a_longer_suspension_replaces_the_shorter(alice: User, mona: User) -> None:
    case = reported(alice)
    first = decided(case, mona, Step.SUSPEND, ends_at=soon())
    decided(case, mona, Step.SUSPEND)
    assert not fresh(first).is_in_force
    Decision.objects.filter(pk=first.pk).update(ends_at=timezone.now())
    assert expire() == 0
    assert not fresh(alice).is_active


def test_strikes_expire(alice: User, mona: User) -> None:
    made = decided(reported(make_note(alice)), mona, Step.HIDE, rule=make_rule("harassment"))
    assert fresh(made).strike_until - made.created_at == pytest.approx(
        timedelta(days=180), abs=timedelta(minutes=1)
    )
    decided(reported(make_note(alice)), mona, Step.NOTE, rule=make_rule("harassment"))
    other = decided(reported(make_note(alice)), mona, Step.HIDE, rule=make_rule("copied"))
    assert Decision.objects.filter(subject=alice).strikes().count() == 2
    undo(decision=other, by=mona)
    Decision.objects.filter(pk=made.pk).update(strike_until=timezone.now())
    assert not Decision.objects.filter(subject=alice).strikes().exists()


def test_what_is_not_decided(alice: User, mona: User) -> None:
    retired = make_rule("copied")
    Rule.objects.filter(pk=retired.pk).update(retired_at=timezone.now())
    note = reported(make_note(alice))
    label = open_case(target=make_label(alice, "Rude").label)
    staff = make_person("milo")
    appoint(person=staff)
    wrong: list[tuple[Case, dict[str, Any]]] = [
        (note, {"step": Step.LIMIT, "limits": [Limit.POSTING]}),
        (note, {"step": Step.LIMIT, "ends_at": soon()}),
        (note, {"step": Step.SUSPEND, "ends_at": timezone.now()}),
        (note, {"step": Step.WARNING}),
        (note, {"step": Step.HIDE, "rule": fresh(retired)}),
        (label, {"step": Step.SUSPEND}),
        (reported(alice), {"step": Step.HIDE}),
        (reported(staff), {"step": Step.SUSPEND}),
        (reported(mona), {"step": Step.NOTE}),
    ]
    for case, terms in wrong:
        with pytest.raises(Refused):
            decided(case, mona, **terms)
    assert not Decision.objects.exists()
    assert Case.objects.open().count() == 5


def test_a_dismissed_moderator_decides_nothing(alice: User, mona: User) -> None:
    note = make_note(alice)
    case = reported(note)
    made = decided(reported(alice), mona, Step.NONE)
    remove_moderator(person=mona)
    with pytest.raises(Refused):
        decided(case, mona, Step.HIDE)
    with pytest.raises(Refused):
        undo(decision=made, by=mona)
    with pytest.raises(Refused):
        decide_about(target=make_note(alice), by=mona, step=Step.HIDE)
    assert (fresh(note).hidden_at, Case.objects.count()) == (None, 2)


def test_the_only_moderator_decides_about_herself(alice: User) -> None:
    root = User.objects.create_superuser("root@example.com", "root_one")
    case = reported(make_note(root))
    assert decided(case, root, Step.NONE), "nobody else could"


def test_what_is_deleted_is_closed_and_not_hidden(alice: User, mona: User) -> None:
    note = make_note(alice)
    case = reported(note)
    delete_note(note=note)
    case.refresh_from_db()
    assert steps_for(case) == [Step.NONE, Step.NOTE, Step.LIMIT, Step.SUSPEND]
    with pytest.raises(Refused):
        decided(case, mona, Step.HIDE)
    decided(case, mona, Step.NOTE)
    assert fresh(case).closed_at is not None
    alone = reported(make_note(bob := make_person()))
    Note.objects.all().delete()
    bob.delete()
    alone.refresh_from_db()
    assert steps_for(alone) == [Step.NONE]


def test_what_is_hidden_is_undone_though_it_is_gone(alice: User, mona: User) -> None:
    note = make_note(alice)
    made = decided(reported(note), mona, Step.HIDE, ends_at=soon())
    delete_note(note=note)
    Decision.objects.update(ends_at=timezone.now())
    assert expire() == 1
    assert undo(decision=fresh(made), by=mona)


def test_a_program_decides(alice: User) -> None:
    made = decided(reported(make_note(alice)), None, Step.HIDE)
    assert (made.by_program, made.decided_by) == (True, None)


def test_what_the_version_before_hid_is_shown_again(alice: User, mona: User) -> None:
    note, tag = make_note(alice, hidden_at=timezone.now(), tags=["study"]), Tag.objects.get()
    hide_tag(tag=tag, is_hidden=True)
    assert undo_about(target=note, by=mona, step=Step.HIDE)
    assert undo_about(target=tag, by=mona, step=Step.HIDE)
    assert (is_hidden(note), is_hidden(tag)) == (False, False)


def test_many_at_once(alice: User, mona: User) -> None:
    cases = [reported(make_note(alice)) for _ in range(3)]
    decided(cases[1], mona, Step.NONE)
    chosen = [(case.pk, 0) for case in [*cases, cases[0]]]
    outcomes = decide_many(cases=chosen, by=mona, step=Step.HIDE, facts=FACTS)
    assert [outcome.case_id for outcome in outcomes] == [case.pk for case in cases]
    assert [type(outcome.refused) for outcome in outcomes] == [type(None), Decided, type(None)]
    assert Decision.objects.filter(step=Step.HIDE).count() == 2
    with pytest.raises(Refused, match="100"):
        decide_many(cases=[(number, 0) for number in range(101)], by=mona, step=Step.NONE)


def test_deciding_asks_the_same_for_one_report_and_for_a_hundred(alice: User, mona: User) -> None:
    asked = []
    for number in (1, 3, 100):
        case = reported(make_note(alice))
        more = [Report(reporter=None, note=case.note, reason="other", case=case) for _ in range(number - 1)]
        Report.objects.bulk_create(more)
        case.refresh_from_db()
        with CaptureQueriesContext(connection) as queries:
            decide(case=case, version=case.version, by=mona, step=Step.HIDE, facts=FACTS)
        asked.append(len(queries))
    assert len(set(asked)) == 1, asked


def test_a_rule_that_decisions_name_is_not_deleted(alice: User, mona: User) -> None:
    rule = make_rule()
    decided(reported(make_note(alice)), mona, Step.HIDE, rule=rule)
    with pytest.raises(ProtectedError):
        rule.delete()
    make_rule("age").delete()


def test_the_database_holds_to_its_rules(alice: User) -> None:
    case = open_case(target=alice)
    row = {"case": case, "version": 1, "facts": FACTS}
    Decision.objects.create(step=Step.SUSPEND, **row)
    with pytest.raises(IntegrityError, match="decision_in_force_once"), transaction.atomic():
        Decision.objects.create(step=Step.SUSPEND, **row)
    with pytest.raises(IntegrityError, match="decision_limits_for_a_time"), transaction.atomic():
        Decision.objects.create(step=Step.LIMIT, **row)
