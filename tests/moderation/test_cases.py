"""Cases: one a target while it is open, however many report it; what makes them heavy and urgent."""

import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from moderation.cases.actions import look_at, look_away, open_case
from moderation.cases.weight import weigh
from moderation.decisions.actions import decide, undo
from moderation.models import Case, Report, Step
from moderation.models.case import LOOKED_AT_FOR
from notes.comments.actions import delete_comment
from notes.compose.actions import delete_note
from profiles.models import User
from tests.builders import make_comment, make_note, make_person
from tests.moderation.builders import make_reporter, make_rules, reported

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules(db: None) -> None:
    make_rules()


def test_many_reports_are_one_case(alice: User, mona: User) -> None:
    note = make_note(alice)
    first = make_reporter()
    cases = {reported(note, by=first), reported(note, by=first, reason="copied"), reported(note)}
    (case,) = cases
    case.refresh_from_db()
    assert (case.kind, case.number, case.target, case.subject) == ("note", note.pk, note, alice)
    assert (case.report_count, case.reporter_count, case.weight) == (3, 2, 1.0)
    assert (case.reason, case.severity) == ("harassment", 3)
    others = {reported(make_comment(alice, note)), reported(alice), reported(make_note(alice))}
    assert len(others | cases) == 4
    decide(case=case, version=case.version, by=mona, step=Step.NONE)
    again = reported(note)
    assert again != case
    assert Case.objects.filter(kind="note", number=note.pk).count() == 2


def test_the_database_holds_to_one_open_case(alice: User) -> None:
    case = open_case(target=alice)
    assert open_case(target=alice) == case
    with pytest.raises(IntegrityError, match="case_open_once"), transaction.atomic():
        Case.objects.create(kind="person", number=alice.pk)


def test_the_gravest_reason_counts_and_makes_another_version(alice: User) -> None:
    note = make_note(alice)
    case = reported(note, reason="other")
    assert (case.severity, case.version) == (1, 0)
    assert reported(note, reason="advertising").severity == 2
    assert reported(note, reason="danger").severity == 4
    case = reported(note, reason="copied")
    assert (case.severity, case.reason, case.version) == (4, "danger", 2)


def test_who_was_right_before_counts_more(alice: User, mona: User) -> None:
    right, wrong = make_reporter(), make_reporter()
    for _ in range(8):
        for reporter, step in ((right, Step.NOTE), (wrong, Step.NONE)):
            case = reported(make_note(alice), by=reporter)
            decide(case=case, version=case.version, by=mona, step=step)
    heavy, light = reported(make_note(alice), by=right), reported(make_note(alice), by=wrong)
    assert (heavy.weight, light.weight) == (0.9, 0.1)
    assert heavy.urgency > light.urgency


def test_a_report_is_not_right_once_the_decision_is_taken_back(alice: User, mona: User) -> None:
    case = reported(make_note(alice))
    made = decide(case=case, version=case.version, by=mona, step=Step.HIDE, facts="It insults.")
    assert Report.objects.get().was_right is True
    undo(decision=made, by=mona)
    assert Report.objects.get().was_right is None


def test_a_thousand_new_accounts_weigh_less_than_three_people(alice: User) -> None:
    brigade, people = make_note(alice), make_note(alice)
    case = reported(brigade, by=make_person())
    crowd = [
        User(handle=f"fresh_{number}", email=f"fresh{number}@example.com", name="Fresh")
        for number in range(999)
    ]
    Report.objects.bulk_create(
        Report(reporter=each, note=brigade, reason="harassment", case=case, is_fresh=True)
        for each in User.objects.bulk_create(crowd)
    )
    case.refresh_from_db()
    assert (case.reporter_count, case.weight) == (1000, 1.0)
    for _ in range(3):
        other = reported(people)
    assert other.weight == 1.5
    assert other.urgency > case.urgency


def test_an_unconfirmed_account_is_new_however_old(alice: User) -> None:
    old = make_reporter(verified=False)
    assert reported(make_note(alice), by=old).weight == pytest.approx(0.05)


def test_danger_and_high_school_come_first_and_nothing_sinks(alice: User) -> None:
    pupil = make_person(stage="high_school")
    plain = reported(make_note(alice), reason="copied")
    grave = reported(make_note(alice), reason="sexual")
    young = reported(make_note(pupil), reason="copied")
    by_pupil = reported(make_note(alice), by=make_reporter(stage="high_school"), reason="copied")
    danger = reported(make_note(alice), reason="danger")
    assert (young.is_young, by_pupil.is_young, plain.is_young) == (True, True, False)
    order = list(Case.objects.open().in_order())
    assert order[0] == danger
    assert order[-1] == plain
    assert {*order[1:4]} == {grave, young, by_pupil}
    Case.objects.filter(pk=plain.pk).update(created_at=F("created_at") - timedelta(days=31))
    weigh([plain.pk])
    assert Case.objects.open().in_order().first() == plain, "older than all that danger is ahead"


def test_the_queue_goes_by_an_index(alice: User) -> None:
    reported(alice)
    with connection.cursor() as cursor:
        for other in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{other} = off")
        plan = Case.objects.open().in_order()[:50].explain()
    assert "case_queue" in plan
    assert "Sort" not in plan


def test_a_case_stays_when_its_target_goes(alice: User, bob: User, mona: User) -> None:
    note, other = make_note(alice), make_note(bob)
    comment = make_comment(alice, other)
    cases = [reported(note), reported(comment), reported(make_comment(bob, note)), reported(alice)]
    delete_comment(comment=comment)
    delete_note(note=note)
    alice.delete()
    for case in cases:
        case.refresh_from_db()
        assert case.closed_at is None
        assert case.report_count == 1
        assert str(case)
        decide(case=case, version=case.version, by=mona, step=Step.NONE)
    assert [case.target for case in cases] == [None] * 4
    assert not Report.objects.open().exists()


def test_who_looks_at_a_case(alice: User, mona: User, bob: User) -> None:
    case = reported(alice)
    look_at(case=case, by=mona)
    case.refresh_from_db()
    assert case.looked_at_by == mona
    look_away(case=case, by=bob)
    look_away(case=case, by=mona)
    look_at(case=case, by=mona)
    Case.objects.update(opened_at=timezone.now() - LOOKED_AT_FOR)
    case.refresh_from_db()
    assert case.looked_at_by is None, "long ago"
    look_at(case=case, by=mona)
    User.objects.filter(pk=mona.pk).update(is_staff=False)
    assert Case.objects.get().looked_at_by is None, "no longer a moderator"


@pytest.mark.django_db(transaction=True)
def test_reports_at_once_are_one_case(alice: User) -> None:
    make_rules()
    note = make_note(alice)
    people = [make_reporter() for _ in range(8)]
    at_once = threading.Barrier(len(people))

    def work(person: User) -> None:
        at_once.wait()
        try:
            reported(note, by=person)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    case = Case.objects.get()
    assert (case.report_count, case.reporter_count, case.weight) == (8, 8, 4.0)


def test_recount_finds_and_mends_what_differs(alice: User) -> None:
    case = reported(make_note(alice))
    Case.objects.filter(pk=case.pk).update(report_count=7, urgency=0)
    said = StringIO()
    with pytest.raises(SystemExit):
        call_command("recount", stdout=said)
    assert f"case {case.pk}: report_count is 7, counted 1, urgency is 0.0" in said.getvalue()
    call_command("recount", "--fix", stdout=StringIO())
    call_command("recount", stdout=StringIO())
    case.refresh_from_db()
    assert case.report_count == 1


def test_a_reporter_who_deletes_the_account_counts_as_before(alice: User) -> None:
    reporter = make_reporter()
    case = reported(make_note(alice), by=reporter)
    reported(case.note, by=reporter, reason="copied")
    reporter.delete()
    case.refresh_from_db()
    assert (case.report_count, case.reporter_count, case.weight) == (2, 1, 0.5)
    call_command("recount", stdout=StringIO())
