"""What those concerned hear of a decision: its author, and who reported it, each once."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from moderation.actions import report_named
from moderation.appeals.actions import AppealRefused, decide_appeal, make_appeal
from moderation.appeals.keys import key_of
from moderation.appeals.letters import send_decision
from moderation.appeals.queries import waiting
from moderation.decisions.actions import decide, undo
from moderation.models import Appeal, Case, Decision, Report, Step
from notes.compose.actions import delete_note
from notes.models import Note
from notifications.models import Notification
from people.actions.moderators import appoint
from profiles.models import User
from tests.builders import PASSWORD, make_comment, make_note, make_person, signed_in
from tests.markup import without_tokens, words
from tests.moderation.builders import make_reporter, make_rule, reported
from tests.notes.collections.shelving import shelve
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db
FACTS = "The second photo shows a phone number."


def decided(case: Case, by: User, step: str = Step.HIDE, **terms: Any) -> Decision:
    case.refresh_from_db()
    terms = {"rule": make_rule("private"), "facts": FACTS} | terms
    return decide(case=case, version=case.version, by=by, step=step, **terms)


def kinds(person: User) -> list[str]:
    told = Notification.objects.visible_to(person).exclude(kind="follow").order_by("pk")
    return list(told.values_list("kind", flat=True))


def another_moderator() -> User:
    other = make_person()
    appoint(person=other)
    other.refresh_from_db()
    return other


@pytest.fixture
def hidden(alice: User, bob: User, mona: User) -> Decision:
    """A note of Alice's that Bob reported and Mona hid."""
    return decided(reported(make_note(alice, "Soup"), bob), mona)


@pytest.mark.parametrize(
    ("step", "terms", "heading"),
    [
        (Step.NOTE, {}, "Moderators have a word for you"),
        (Step.WARNING, {"warning": "sensitive"}, "Your note carries a warning"),
        (Step.HIDE, {}, "Your note is hidden"),
        (Step.LIMIT, {"limits": ["posting"], "days": 3}, "Your account is limited for a time"),
        (Step.SUSPEND, {}, "Your account is suspended"),
    ],
)
def test_the_author_reads_each_step_on_its_page_and_in_a_mail(
    alice: User, bob: User, mona: User, step: str, terms: dict[str, Any], heading: str
) -> None:
    terms = dict(terms)
    if days := terms.pop("days", 0):
        terms["ends_at"] = timezone.now() + timedelta(days=days)
    made = decided(reported(make_note(alice, "Soup"), bob, details="secret words"), mona, step, **terms)
    run_jobs()
    run_jobs()
    letter = next(each for each in mail.outbox if each.to == [alice.email])
    assert len([each for each in mail.outbox if each.to == [alice.email]]) == 1
    assert heading in letter.subject
    assert FACTS in letter.body
    assert "/appeals/" in letter.body
    User.objects.filter(pk=alice.pk).update(suspended_at=None)
    page = signed_in(alice).get(made.get_absolute_url())
    shown = words(page)
    for said in (heading, "Soup", FACTS, made.rule.name, "A person: one of our moderators.", "Send appeal"):
        assert said in shown, said
    assert heading in words(signed_in(alice).get("/decisions/"))
    for text in (without_tokens(page.text), re.sub(r"/appeals/\S+", "", letter.body)):
        assert "mona" not in text.lower()
        assert "bob" not in text.lower()
        assert "secret words" not in text
    assert kinds(alice) == (["note_hidden"] if step == Step.HIDE else ["decision"])


def test_a_mail_is_in_the_language_of_the_person(alice: User, bob: User, mona: User) -> None:
    User.objects.filter(pk=alice.pk).update(language="zh-hans")
    decided(reported(make_comment(alice, make_note(bob)), bob), mona)
    run_jobs()
    letter = next(each for each in mail.outbox if each.to == [alice.email])
    assert letter.subject == "你的评论被隐藏了"
    assert "违反的规则" in letter.body
    assert "The rule" not in letter.body


def test_no_mail_to_an_address_that_was_never_confirmed(bob: User, mona: User) -> None:
    author = make_person(verified=False)
    made = decided(reported(make_note(author), bob), mona)
    send_decision(made.pk, "decision")
    assert not [each for each in mail.outbox if each.to == [author.email]]


def test_a_hidden_note_leads_to_its_decision(alice: User, hidden: Decision) -> None:
    page = signed_in(alice).get(f"/notes/{hidden.case.note_id}/")
    assert f"/decisions/?note={hidden.case.note_id}" in page.text
    assert "Edit" in words(page)
    answer = signed_in(alice).get(f"/decisions/?note={hidden.case.note_id}")
    assert answer["Location"] == hidden.get_absolute_url()


def test_others_find_no_page(bob: User, mona: User, client: Client, hidden: Decision) -> None:
    for person in (bob, mona):
        for path in (hidden.get_absolute_url(), f"{hidden.get_absolute_url()}appeal/"):
            assert signed_in(person).get(path).status_code == 404
            assert (
                signed_in(person).post(f"{hidden.get_absolute_url()}appeal/", {"text": "No"}).status_code
                == 404
            )
    assert client.get(hidden.get_absolute_url()).status_code == 302
    assert not Appeal.objects.exists()


def test_reporters_hear_once_what_came_of_it(alice: User, bob: User, mona: User) -> None:
    other, note = make_reporter(), make_note(alice, "Soup")
    case = reported(note, bob)
    reported(note, bob, reason="private")
    reported(note, other)
    decided(case, mona)
    assert kinds(bob) == ["report_acted"] == kinds(other)
    assert not Report.objects.filter(answered_at=None).exists()
    shown = words(signed_in(bob).get("/reports/"))
    assert "It breaks a rule, and moderators acted on it." in shown
    assert FACTS not in shown
    assert "Soup" not in shown
    assert "you can’t see it any more" in shown
    inbox = signed_in(bob).get("/notifications/")
    assert "moderators acted on it" in words(inbox)
    assert "/reports/#report-" in inbox.text


@pytest.mark.parametrize("is_gone", [False, True])
def test_no_action_is_answered_with_its_reason(alice: User, bob: User, mona: User, is_gone: bool) -> None:
    note = make_note(alice, "Soup")
    case = reported(note, bob)
    if is_gone:
        delete_note(note=note)
    decided(Case.objects.get(pk=case.pk), mona, Step.NONE, rule=None, facts="It is satire.")
    assert kinds(bob) == (["report_gone"] if is_gone else ["report_kept"])
    shown = words(signed_in(bob).get("/reports/"))
    assert "It is satire." in shown
    assert ("deleted" if is_gone else "Soup") in shown
    assert kinds(alice) == []
    assert not Decision.objects.exclude(step=Step.NONE).exists()
    assert "Nothing was decided about you" in words(signed_in(alice).get("/decisions/"))


def test_the_old_version_is_shown_none_of_the_new_kinds(alice: User, bob: User, mona: User) -> None:
    from django.db import connection

    decided(reported(make_note(alice), bob), mona, Step.NOTE)
    with connection.cursor() as cursor:
        for of, number in (("", 0), ("_2", 1)):
            cursor.execute(f"SELECT count(*) FROM page_of_notifications{of}(%s, 9, NULL, NULL)", [alice.pk])
            assert cursor.fetchone()[0] == number + 1, "and that Bob follows her"
            cursor.execute(f"SELECT has_unread_notifications{of}(%s)", [alice.pk])
            assert cursor.fetchone()[0]


def appeal(browser: Client, address: str, text: str = "It is my own number.") -> Any:
    return browser.post(address, {"text": text})


def test_an_appeal_is_made_once(alice: User, hidden: Decision) -> None:
    browser, address = signed_in(alice), f"{hidden.get_absolute_url()}appeal/"
    assert appeal(browser, address, "").status_code == 422
    assert appeal(browser, address, "x" * 1001).status_code == 422
    for _twice in range(2):
        assert appeal(browser, address)["Location"] == hidden.get_absolute_url()
    other = appeal(browser, address, "Another word")
    assert other.status_code == 409
    assert "You have appealed already" in words(other)
    assert "Another word" in other.text
    assert Appeal.objects.get().text == "It is my own number."
    assert "Your appeal waits for a moderator" in words(browser.get(hidden.get_absolute_url()))


def test_not_after_six_months_nor_against_what_was_taken_back(
    alice: User, mona: User, hidden: Decision
) -> None:
    browser, address = signed_in(alice), f"{hidden.get_absolute_url()}appeal/"
    Decision.objects.update(created_at=timezone.now() - timedelta(days=184))
    late = appeal(browser, address)
    assert late.status_code == 409
    assert "six months" in words(late)
    assert "It is my own number." in late.text
    Decision.objects.update(created_at=timezone.now())
    undo(decision=hidden, by=mona, reason="By mistake.", reopens=False)
    assert appeal(browser, address).status_code == 409
    shown = words(browser.get(hidden.get_absolute_url()))
    assert "Taken back on" in shown
    assert "By mistake." in shown
    assert not Appeal.objects.exists()


def test_the_suspended_appeal_by_the_link_in_the_mail(
    alice: User, bob: User, mona: User, client: Client
) -> None:
    made = decided(reported(make_note(alice, "Soup"), bob), mona, Step.SUSPEND)
    run_jobs()
    letter = next(each for each in mail.outbox if each.to == [alice.email])
    path = "/appeals/" + letter.body.split("/appeals/")[1].split()[0]
    page = client.get(path)
    assert "Your account is suspended" in words(page)
    assert "/edit/" not in page.text, "which would be no page for them"
    assert client.get("/decisions/").status_code == 302
    assert appeal(client, path)["Location"] == path
    assert "Your appeal waits" in words(client.get(path))
    assert client.get(path[:-3] + "xx/").status_code == 404
    assert client.get(made.get_absolute_url()).status_code == 302


def test_the_suspended_get_there_with_their_password(
    alice: User, bob: User, mona: User, client: Client
) -> None:
    made = decided(reported(make_note(alice), bob), mona, Step.SUSPEND)
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert "/decisions/" in client.get("/accounts/inactive/").text
    assert appeal(client, f"{made.get_absolute_url()}appeal/").status_code == 303
    assert client.get("/notes/new/").status_code == 302


def test_a_link_ends_with_the_account_and_its_time(
    alice: User, client: Client, hidden: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = key_of(hidden)
    assert client.get(f"/appeals/{key}/").status_code == 200
    monkeypatch.setattr("time.time", lambda: (timezone.now() + timedelta(days=184)).timestamp())
    assert client.get(f"/appeals/{key}/").status_code == 404
    monkeypatch.undo()
    User.objects.filter(pk=alice.pk).update(leaving_at=timezone.now())
    assert client.get(f"/appeals/{key}/").status_code == 200
    User.objects.filter(pk=alice.pk).update(going_at=timezone.now())
    assert client.get(f"/appeals/{key}/").status_code == 404


def test_another_moderator_decides_and_granting_restores(
    alice: User, bob: User, mona: User, hidden: Decision
) -> None:
    other = another_moderator()
    made = make_appeal(decision=hidden, text="It is my own number.")
    assert list(waiting(mona)) == []
    assert list(waiting(other)) == [made]
    with pytest.raises(AppealRefused):
        decide_appeal(appeal=made, by=mona, granted=True, answer="Yes")
    assert decide_appeal(appeal=made, by=other, granted=True, answer="You are right.")
    assert not decide_appeal(appeal=made, by=other, granted=False, answer="No")
    note = Note.objects.get(pk=hidden.case.note_id)
    assert note.hidden_at is None
    assert not Decision.objects.in_force().exists()
    assert kinds(alice)[-1] == "appeal_granted" or "appeal_granted" in kinds(alice)
    assert "report_changed" in kinds(bob)
    assert "took that back" in words(signed_in(bob).get("/reports/"))
    run_jobs()
    letters = [each for each in mail.outbox if each.to == [alice.email]]
    assert "Your appeal was granted" in letters[-1].subject
    assert "You are right." in letters[-1].body
    shown = words(signed_in(alice).get(hidden.get_absolute_url()))
    assert "You are right." in shown
    assert "The time until now does not come back." in shown


def test_refusing_says_why(alice: User, bob: User, hidden: Decision) -> None:
    other = another_moderator()
    made = make_appeal(decision=hidden, text="It is my own number.")
    decide_appeal(appeal=made, by=other, granted=False, answer="It is a class list.")
    assert "appeal_refused" in kinds(alice)
    assert kinds(bob) == ["report_acted"]
    assert "It is a class list." in words(signed_in(alice).get(hidden.get_absolute_url()))
    assert Note.objects.get(pk=hidden.case.note_id).hidden_at


def test_the_only_moderator_decides_appeals_against_their_own(mona: User, hidden: Decision) -> None:
    made = make_appeal(decision=hidden, text="Please")
    assert list(waiting(mona)) == [made]
    assert decide_appeal(appeal=made, by=mona, granted=False, answer="No.")


def test_the_rules_have_anchors_in_both_languages(client: Client) -> None:
    rule = make_rule("private")
    page = client.get("/rules/")
    assert f'id="{rule.slug}"' in page.text
    assert rule.name_en in words(page)
    chinese = client.get("/rules/", headers={"Accept-Language": "zh-hans"})
    assert rule.name_zh in words(chinese)


def test_names_that_were_reported_and_hidden_are_shown_too(alice: User, bob: User, mona: User) -> None:
    note = make_note(alice)
    shelf = shelve(alice, "Soups", note)
    report_named(reporter=bob, named=shelf, reason="other", details="", key=uuid4())
    assert "Soups" in words(signed_in(bob).get("/reports/"))
    made = decided(Case.objects.get(), mona)
    assert "Your collection is hidden" in words(signed_in(alice).get(made.get_absolute_url()))
    assert "Soups" in words(signed_in(alice).get("/decisions/"))
    shown = words(signed_in(bob).get("/reports/"))
    assert "Soups" not in shown
    assert "you can’t see it any more" in shown
