"""A hold: a program hides a note until a person has decided, and its author is told so."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from moderation.appeals.actions import AppealRefused, decide_appeal, make_appeal
from moderation.decisions.actions import decide, expire, undo
from moderation.decisions.directly import decide_about, undo_about
from moderation.decisions.holding import hold
from moderation.decisions.refusals import Decided
from moderation.models import Appeal, Case, Decision, Report, Step
from notes.models import Note
from notifications.digest.content import news
from notifications.digest.models import Subscription
from notifications.digest.templatetags.digest import sentence
from notifications.models import Notification
from profiles.models import User
from tests.builders import make_note, signed_in
from tests.markup import words
from tests.moderation.builders import make_rule, reported
from tests.races import at_once
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def note(alice: User) -> Note:
    User.objects.filter(pk=alice.pk).update(language="en")
    return make_note(alice, "Soup")


@pytest.fixture
def held(note: Note) -> Decision:
    made = hold(note=note, rule=make_rule("private"))
    assert made is not None
    return made


def decided(made: Decision, by: User, step: str, **terms: Any) -> Decision:
    made.case.refresh_from_db()
    return decide(case=made.case, version=made.case.version, by=by, step=step, **terms)


def state(note: Note) -> tuple[bool, bool]:
    """Whether the note is hidden, and whether it is held."""
    now = Note.objects.get(pk=note.pk)
    return now.hidden_at is not None, now.is_held


def kinds(person: User) -> list[str]:
    return list(Notification.objects.visible_to(person).order_by("pk").values_list("kind", flat=True))


def letters(person: User) -> list[str]:
    run_jobs()
    return [each.subject for each in mail.outbox if each.to == [person.email]]


def test_a_hold_hides_and_leaves_its_case_open(note: Note, held: Decision, bob: User, client: Any) -> None:
    assert state(note) == (True, True)
    assert (held.by_program, held.decided_by, held.strike_until, held.is_hold) == (True, None, None, True)
    assert held.case.closed_at is None
    assert client.get(note.get_absolute_url()).status_code == 404
    assert signed_in(bob).get(note.get_absolute_url()).status_code == 404


def test_a_note_is_held_once(note: Note, held: Decision) -> None:
    assert hold(note=note, rule=None) is None
    assert Decision.objects.count() == Case.objects.count() == 1


def test_what_is_hidden_or_gone_is_not_held(note: Note, alice: User, mona: User) -> None:
    decide_about(target=note, by=mona, step=Step.HIDE)
    assert hold(note=note, rule=None) is None
    gone = make_note(alice, "Gone")
    Note.objects.filter(pk=gone.pk).delete()
    assert hold(note=gone, rule=None) is None


def test_its_author_reads_that_it_is_held(alice: User, note: Note, held: Decision) -> None:
    page = words(signed_in(alice).get(note.get_absolute_url()))
    assert "Your note is held for review" in page
    assert "A moderator has hidden" not in page
    page = words(signed_in(alice).get(held.get_absolute_url()))
    for said in (
        "Your note is held for review",
        "A program found",
        "A program, without a person.",
        "Send appeal",
    ):
        assert said in page, said
    assert "Your note is held for review" in words(signed_in(alice).get("/decisions/"))
    assert "Your note is held for review" in words(signed_in(alice).get("/notifications/"))
    assert letters(alice) == ["Your note is held for review"]
    assert "Until a moderator has looked at it" in mail.outbox[0].body


def test_it_is_told_in_chinese(alice: User, note: Note, held: Decision) -> None:
    User.objects.filter(pk=alice.pk).update(language="zh-hans")
    assert letters(alice) == ["你的笔记正在等待审核"]
    browser = signed_in(alice, headers={"Accept-Language": "zh-hans"})
    for address in (note.get_absolute_url(), held.get_absolute_url(), "/notifications/"):
        assert "正在等待审核" in words(browser.get(address)), address


def test_no_action_shows_the_note_again(alice: User, mona: User, note: Note, held: Decision) -> None:
    letters(alice)
    decided(held, mona, Step.NONE)
    held.refresh_from_db()
    assert state(note) == (False, False)
    assert (held.ended_at is not None, held.undone_at) == (True, None)
    assert held.case.closed_at is not None
    assert kinds(alice) == ["note_restored"]
    assert letters(alice)[-1] == "Your note is shown again"
    page = words(signed_in(alice).get(held.get_absolute_url()))
    assert "A moderator has looked at it" in page
    assert "Send appeal" not in page


def test_hiding_takes_over_without_a_gap(alice: User, mona: User, note: Note, held: Decision) -> None:
    letters(alice)
    since = Note.objects.get(pk=note.pk).hidden_at
    made = decided(held, mona, Step.HIDE, rule=make_rule("private"), facts="A phone number.")
    now = Note.objects.get(pk=note.pk)
    assert (now.hidden_at, now.hidden_by, now.hidden_reason) == (since, mona, "A phone number.")
    assert state(note) == (True, False)
    assert list(Decision.objects.in_force()) == [made]
    assert kinds(alice) == ["note_hidden"]
    assert letters(alice) == ["Your note is held for review", "Your note is hidden"]


@pytest.mark.parametrize("step", [Step.NOTE, Step.WARNING])
def test_another_step_shows_the_note(mona: User, note: Note, held: Decision, step: str) -> None:
    warning = {"warning": "sensitive"} if step == Step.WARNING else {}
    decided(held, mona, step, rule=make_rule("private"), **warning)
    assert state(note) == (False, False)


@pytest.mark.parametrize("step", [Step.NONE, Step.HIDE])
def test_taking_the_decision_back_holds_again(mona: User, note: Note, held: Decision, step: str) -> None:
    rule = make_rule("private")
    made = decided(held, mona, step, rule=rule if step == Step.HIDE else None)
    assert undo(decision=made, by=mona)
    assert not undo(decision=made, by=mona)
    again = Decision.objects.in_force().get()
    assert (again.is_hold, again.rule, again.case) == (True, rule, held.case)
    assert state(note) == (True, True)
    assert Case.objects.open().filter(pk=held.case_id).exists()


def test_undoing_the_hold_leaves_the_case_to_decide(mona: User, note: Note, held: Decision) -> None:
    assert undo(decision=held, by=mona)
    assert state(note) == (False, False)
    assert Case.objects.open().filter(pk=held.case_id).exists()


def test_restoring_reviews_it(mona: User, note: Note, held: Decision) -> None:
    assert undo_about(target=note, by=mona, step=Step.HIDE)
    assert state(note) == (False, False)
    assert not Case.objects.open().exists()
    assert Decision.objects.latest("pk").step == Step.NONE


def test_hiding_from_the_note_takes_over(mona: User, note: Note, held: Decision) -> None:
    assert decide_about(target=note, by=mona, step=Step.HIDE, once=True) is not None
    assert state(note) == (True, False)


def test_a_granted_appeal_shows_the_note_and_closes(
    alice: User, mona: User, note: Note, held: Decision
) -> None:
    letters(alice)
    asked = make_appeal(decision=held, text="It is my own soup.")
    assert decide_appeal(appeal=asked, by=mona, granted=True, answer="It is.")
    assert state(note) == (False, False)
    assert not Case.objects.open().exists()
    assert letters(alice)[1:] == ["Your appeal was granted"]


def test_an_appeal_is_refused_by_deciding_the_case(mona: User, note: Note, held: Decision) -> None:
    asked = make_appeal(decision=held, text="It is my own soup.")
    with pytest.raises(AppealRefused, match="decide about its case"):
        decide_appeal(appeal=asked, by=mona, granted=False, answer="We look at it first.")
    assert Appeal.objects.open().exists()
    assert state(note) == (True, True)


def test_nothing_is_said_of_a_note_that_is_gone_or_a_draft(alice: User, mona: User) -> None:
    for change in ({"status": Note.Status.DRAFT}, None):
        note = make_note(alice)
        made = hold(note=note, rule=None)
        assert made is not None
        letters(alice)
        if change:
            Note.objects.filter(pk=note.pk).update(**change)
        else:
            note.delete()
        decided(made, mona, Step.NONE)
        assert not [said for said in letters(alice) if "shown again" in said]


def test_a_hold_that_is_over_is_not_taken_back(alice: User, mona: User, note: Note, held: Decision) -> None:
    letters(alice)
    decided(held, mona, Step.HIDE, rule=make_rule("private"))
    letters(alice)
    assert not undo(decision=held, by=mona)
    assert len(letters(alice)) == 2
    assert state(note) == (True, False)


def test_taking_back_what_has_ended_hides_nothing(mona: User, note: Note, held: Decision) -> None:
    made = decided(
        held, mona, Step.HIDE, rule=make_rule("private"), ends_at=timezone.now() + timedelta(days=1)
    )
    Decision.objects.filter(pk=made.pk).update(ends_at=timezone.now() - timedelta(minutes=1))
    expire()
    assert state(note) == (False, False)
    assert undo(decision=Decision.objects.get(pk=made.pk), by=mona)
    assert state(note) == (False, False)


def test_a_digest_says_so(alice: User, held: Decision) -> None:
    found = news(alice, Subscription(person=alice), timezone.now() + timedelta(hours=1))
    assert found is not None
    assert [sentence(item) for item in found.items] == [
        "Your note is held for review. Read why, and how to appeal"
    ]


@pytest.mark.parametrize(("step", "granted"), [(Step.NONE, True), (Step.HIDE, False)])
def test_deciding_answers_the_appeal(
    alice: User, mona: User, held: Decision, step: str, granted: bool
) -> None:
    make_appeal(decision=held, text="It is my own soup.")
    decided(held, mona, step, rule=make_rule("private") if step == Step.HIDE else None, facts="Looked at.")
    asked = Appeal.objects.get()
    assert (asked.granted, asked.decided_by, asked.answer) == (granted, mona, "Looked at.")
    assert ("appeal_granted" in kinds(alice)) == granted


def test_no_appeal_once_it_was_looked_at(mona: User, held: Decision) -> None:
    decided(held, mona, Step.NONE)
    with pytest.raises(AppealRefused):
        make_appeal(decision=held, text="It is my own soup.")


def test_reporters_hear_what_the_person_decides(bob: User, mona: User, note: Note) -> None:
    case = reported(note, bob)
    held = hold(note=note, rule=make_rule("private"))
    assert held is not None
    assert held.case == case
    assert Report.objects.get().answered_at is None
    decided(held, mona, Step.NONE)
    report = Report.objects.get()
    assert (report.was_right, report.closed_at is not None) == (False, True)
    assert "breaks no rule" in words(signed_in(bob).get("/reports/"))


def test_who_read_the_case_before_is_told_of_the_hold(bob: User, mona: User, note: Note) -> None:
    case = reported(note, bob)
    made = hold(note=note, rule=None)
    with pytest.raises(Decided) as refused:
        decide(case=case, version=case.version, by=mona, step=Step.NONE)
    assert refused.value.meanwhile == [made]


def test_the_queue_marks_it(mona: User, held: Decision) -> None:
    browser = signed_in(mona)
    assert "Held for review" in words(browser.get(reverse("admin:index")))
    page = browser.get(reverse("admin:case", args=[held.case_id]))
    assert words(page).count("Held for review") == 2


def test_its_mail_does_not_come_too_late(alice: User, mona: User, held: Decision) -> None:
    decided(held, mona, Step.NONE)
    assert letters(alice) == ["Your note is shown again"]


@pytest.mark.django_db(transaction=True)
def test_a_program_beside_itself_and_beside_a_moderator(alice: User, mona: User) -> None:
    note, rule = make_note(alice, "Soup"), make_rule("private")
    made = at_once(*[lambda: hold(note=note, rule=rule)] * 4)
    assert sum(each is not None for each in made) == 1
    case = Case.objects.get()

    def review() -> Decision | None:
        try:
            return decide(case=case, version=case.version, by=mona, step=Step.NONE)
        except Decided:
            return None

    assert len({each.pk for each in at_once(review, review, lambda: hold(note=note, rule=rule)) if each}) <= 2
    held = Decision.objects.in_force().filter(step=Step.HIDE)
    assert held.count() <= 1
    assert state(note) == (held.exists(), held.exists())
    assert Case.objects.open().exists() == held.exists()
