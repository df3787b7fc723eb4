"""A case: what its page shows, decisions, what two moderators at once get, undoing, and many at once."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moderation.cases.actions import look_at, open_case
from moderation.models import Case, Decision, Step
from notes.models import Note, Photo
from profiles.models import User
from tests.builders import make_comment, make_label, make_note, make_person, make_photo, signed_in
from tests.moderation.builders import make_reporter, make_rules, reported
from tests.moderation.queue.deciding import decided

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules(db: None) -> None:
    make_rules()


@pytest.fixture
def case(alice: User) -> Case:
    return reported(
        make_note(alice, "Three cafés", body="Buy here."), reason="advertising", details="He sells."
    )


def address(case: Case) -> str:
    return f"/admin/cases/{case.pk}/"


def hide(case: Case, **said: Any) -> dict[str, Any]:
    return {
        "version": case.version,
        "step": "hide",
        "rule": "advertising",
        "facts": "It sells coffee.",
    } | said


def test_the_page_has_what_a_decision_needs(case: Case, alice: User, mona: User) -> None:
    earlier = decided(
        reported(make_note(alice), reason="advertising"), by=make_person(is_staff=True), step=Step.HIDE
    )
    Note.objects.filter(pk=case.note_id).update(title="A walk")
    page = signed_in(mona).get(address(case)).text
    for words in ("Three cafés", "Buy here.", "A walk", "He sells.", str(earlier.case), "Hide 1", "@alice"):
        assert words in page
    assert "checked" in page.partition('value="hide"')[2][:200]  # what the rule usually leads to


def test_it_says_who_has_it_open(case: Case, mona: User) -> None:
    look_at(case=case, by=make_person("nell", name="Nell", is_staff=True))
    browser = signed_in(mona)
    assert "Nell has had this case open" in browser.get(address(case)).text
    assert "has had this case open" not in browser.get(address(case)).text
    case.refresh_from_db()
    assert case.opened_by == mona


def test_opening_what_is_not_public_is_recorded(alice: User, mona: User) -> None:
    note = make_note(alice, "For my friends", visibility="followers")
    case = reported(note)
    browser = signed_in(mona)
    assert "For my friends" in browser.get(address(case)).text
    assert "Opened by a moderator" in browser.get(f"/admin/notes/note/{note.pk}/history/").text
    Note.objects.filter(pk=note.pk).update(visibility="private")
    decided(case, by=mona, step=Step.NONE)
    assert "For my friends" not in browser.get(address(case)).text


def test_a_decision_leads_on_and_can_be_undone(case: Case, alice: User, mona: User) -> None:
    follows = reported(make_note(alice), reason="copied")
    browser = signed_in(mona)
    answer = browser.post(address(case), hide(case), follow=True)
    assert answer.redirect_chain == [(address(follows), 303)]
    made = Decision.objects.get()
    assert f"/admin/decisions/{made.pk}/undo/" in answer.text
    assert (made.step, made.rule.slug, made.facts, made.decided_by) == (
        "hide",
        "advertising",
        "It sells coffee.",
        mona,
    )  # type: ignore[union-attr]
    assert Note.objects.get(pk=case.note_id).hidden_at
    for _twice in range(2):
        answer = browser.post(f"/admin/decisions/{made.pk}/undo/")
        assert answer["Location"] == address(case)
    assert Note.objects.get(pk=case.note_id).hidden_at is None
    assert Case.objects.open().filter(pk=case.pk).exists()


def test_the_last_case_leads_to_the_queue(case: Case, mona: User) -> None:
    assert signed_in(mona).post(address(case), hide(case))["Location"] == "/admin/"


def test_filters_are_kept_on_the_way(case: Case, alice: User, bob: User, mona: User) -> None:
    reported(bob, reason="danger")
    other = reported(make_note(alice), reason="copied")
    answer = signed_in(mona).post(f"{address(case)}?kind=note", hide(case))
    assert answer["Location"] == f"{address(other)}?kind=note"


def test_the_same_form_twice_decides_once(case: Case, mona: User) -> None:
    browser = signed_in(mona)
    answers = [browser.post(address(case), hide(case)).status_code for _twice in range(2)]
    assert answers == [303, 303]
    assert Decision.objects.count() == 1


def test_a_second_moderator_is_told_what_was_decided(case: Case, mona: User) -> None:
    second = make_person("nell", name="Nell", is_staff=True, is_superuser=True)
    signed_in(second).post(
        address(case), {"version": case.version, "step": "none", "facts": "A shop of students."}
    )
    answer = signed_in(mona).post(address(case), hide(case, facts="Long words of mine."))
    assert answer.status_code == 409
    for words in ("Decided meanwhile by Nell", "No action", "A shop of students."):
        assert words in answer.text
    assert Decision.objects.count() == 1


def test_a_graver_report_meanwhile_asks_to_look_again(case: Case, mona: User) -> None:
    before = hide(case, facts="Long words of mine.")
    reported(case.note, reason="danger")
    browser = signed_in(mona)
    answer = browser.post(address(case), before)
    assert answer.status_code == 409
    assert "Long words of mine." in answer.text
    assert "a new report makes it graver" in answer.text
    case.refresh_from_db()
    assert f'name="version" value="{case.version}"' in answer.text
    assert browser.post(address(case), hide(case)).status_code == 303


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"step": ""}, "Choose what to do."),
        ({"rule": ""}, "Choose the rule that is broken."),
        ({"rule": "nothing"}, "Choose the rule that is broken."),
        ({"step": "limit", "days": "7"}, "Say what the account may not do."),
        ({"step": "limit", "limits": ["posting"]}, "Say until when."),
        ({"step": "warning"}, "Say what readers are warned of."),
        ({"facts": "x" * 1001}, "1000"),
        ({"step": "everything"}, "everything"),
    ],
)
def test_what_is_missing_is_said(case: Case, mona: User, said: dict[str, Any], words: str) -> None:
    answer = signed_in(mona).post(address(case), hide(case, **said))
    assert answer.status_code == 422
    assert words in answer.text
    assert not Decision.objects.exists()


def test_a_limit_ends_with_its_last_day(case: Case, alice: User, mona: User) -> None:
    said = hide(case, step="limit", limits=["posting", "commenting"], days="7")
    assert signed_in(mona).post(address(case), said).status_code == 303
    made = Decision.objects.get()
    assert made.ends_at
    assert (made.ends_at - made.created_at).days == 7
    alice.refresh_from_db()
    assert alice.posting_until == alice.commenting_until == made.ends_at


def test_a_deleted_target_can_be_closed(case: Case, mona: User) -> None:
    Note.objects.filter(pk=case.note_id).delete()
    browser = signed_in(mona)
    page = browser.get(address(case)).text
    assert "What was reported has been deleted." in page
    assert 'value="hide"' not in page
    assert browser.post(address(case), {"version": case.version, "step": "none"}).status_code == 303
    assert not Case.objects.open().exists()


def test_many_are_decided_at_once(case: Case, alice: User, mona: User) -> None:
    others = [reported(make_note(alice), reason="advertising") for _number in range(2)]
    stale = reported(make_note(alice))
    cases = [f"{each.pk}:{each.version}" for each in (case, *others)] + [f"{stale.pk}:7"]
    said = {"case": cases, "step": "hide", "rule": "advertising", "facts": "One campaign."}
    answer = signed_in(mona).post("/admin/cases/decide/", said, follow=True)
    assert "3 cases decided." in answer.text
    assert "1 was left as it is" in answer.text
    assert Decision.objects.filter(facts="One campaign.").count() == 3
    assert [found.case for found in answer.context["cards"]] == [stale]


@pytest.mark.parametrize("number", [0, 101])
def test_none_and_101_are_refused_in_a_sentence(mona: User, number: int) -> None:
    said = {"case": [f"{each}:0" for each in range(1, number + 1)], "step": "none", "facts": "Words to keep."}
    answer = signed_in(mona).post("/admin/cases/decide/", said)
    assert answer.status_code == 422
    assert ("Choose at most 100 cases" if number else "Choose one case or more.") in answer.text
    assert "Words to keep." in answer.text


def test_queries_are_the_same_however_much_there_is(alice: User, mona: User) -> None:
    make_label(alice, "Matcha person")
    note = make_note(alice, "a")
    case = reported(note, reason="advertising")
    browser = signed_in(mona)
    browser.get(address(case))
    numbers = []
    for more in (0, 3, 15):
        for each in range(more):
            reported(note, by=make_reporter(), reason="copied", details=str(each))
            make_photo(alice, note=note, position=Photo.objects.filter(note=note).count(), roles=["cover480"])
            decided(
                reported(make_note(alice), reason="advertising"),
                by=make_person(is_staff=True),
                step=Step.HIDE,
            )
        with CaptureQueriesContext(connection) as queries:
            browser.get(address(case))
        numbers.append(len(queries))
    assert len(set(numbers)) == 1, numbers


def test_every_kind_has_a_page(alice: User, mona: User) -> None:
    note = make_note(alice)
    browser = signed_in(mona)
    for target in (alice, make_comment(alice, note), make_label(alice, "Matcha person").label, note):
        assert browser.get(address(open_case(target=target))).status_code == 200
