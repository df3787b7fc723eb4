"""Everything that lowers a person and their notes stands on /settings/standing/, and on the note for its author."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.dates import calendar_time
from leaving.actions.leaving import request_deletion
from leaving.actions.removal import remove_person
from leaving.contents.decisions import decisions, standing
from moderation.appeals.actions import decide_appeal, make_appeal
from moderation.appeals.queries import may_decide
from moderation.decisions.directly import decide_about
from moderation.decisions.holding import hold
from moderation.models import Appeal, Decision, Seal
from moderation.standing.limits import limits_of
from notes.models import Note
from notifications.models import Kind, Notification
from people.actions.moderators import appoint
from profiles.models import User
from profiles.new_accounts import counts_from
from tests.builders import PASSWORD, make_campus, make_label, make_note, make_person, signed_in
from tests.moderation.builders import make_rule

pytestmark = pytest.mark.django_db
STANDING = "/settings/standing/"


@pytest.fixture
def terms(mona: User) -> dict[str, Any]:
    return {"by": mona, "rule": make_rule(), "facts": "It names a student."}


def shown(response: Any) -> str:
    return html.unescape(response.content.decode())


def page_of(person: User) -> str:
    return shown(signed_in(person).get(STANDING))


def test_everything_counts_in_full(alice: User) -> None:
    make_note(alice)
    assert limits_of(alice).is_clear
    assert "Everything counts in full" in page_of(alice)


def test_each_decision_in_force(alice: User, terms: dict[str, Any]) -> None:
    hidden, warned, held, over = (make_note(alice, title) for title in ("Hid", "Warned", "Held", "Over"))
    decide_about(target=hidden, step="hide", **terms)
    decide_about(target=warned, step="warning", warning="doubtful", **terms)
    hold(note=held, rule=terms["rule"])
    until = timezone.now() + timedelta(days=3)
    decide_about(target=alice, step="limit", limits=["commenting"], ends_at=until, **terms)
    undone = decide_about(target=over, step="hide", **terms)
    assert undone
    type(undone).objects.filter(pk=undone.pk).update(undone_at=timezone.now())
    found = limits_of(alice)
    assert [each.told.heading for each in found.decisions] == [
        "Your account is limited for a time",
        "Your note is held for review",
        "Your note carries a warning",
        "Your note is hidden",
    ]
    page = page_of(alice)
    for said in (
        "Decided by a program",
        "Decided by a person",
        "Hid",
        "Warned",
        "Held",
        "Commenting",
        terms["rule"].name,
    ):
        assert said in page
    assert "Over" not in page
    assert page.count('#appeal"') == 4
    assert "Everything counts in full" not in page


def test_strikes_with_their_end(alice: User, terms: dict[str, Any]) -> None:
    decide_about(target=make_note(alice), step="hide", **terms)
    strikes = limits_of(alice).strikes
    assert len(strikes) == 1
    assert "Expires on" in page_of(alice)
    type(strikes[0]).objects.update(strike_until=timezone.now())
    assert limits_of(alice).strikes == []


def test_hidden_names(alice: User, bob: User, terms: dict[str, Any]) -> None:
    campus = make_campus()
    make_label(alice, "Tea person", topics=["leaves"])
    note = make_note(alice, tags=["tea"], campus=campus)
    make_note(alice, tags=["tea"])
    make_note(bob, tags=["tea"])
    decide_about(target=note.tags.get(), step="hide", **terms)
    decide_about(target=campus, step="hide", **terms)
    decide_about(target=alice.positionings.get().label, step="hide", **terms)
    names = limits_of(alice).names
    assert [(each.kind, each.name, each.notes) for each in names] == [
        ("campus", "Linhai University", 1),
        ("label", "Tea person", 0),
        ("tag", "tea", 2),
    ]
    assert all(each.decision and each.decision.rule == terms["rule"] for each in names)
    assert [each.name for each in limits_of(bob).names] == ["tea"]
    page = page_of(alice)
    for said in ("#tea", "2 of your notes have it.", "Your label is hidden", terms["rule"].name):
        assert said in page


def test_an_account_that_is_new() -> None:
    person = make_person("newcomer", is_counted=False)
    found = limits_of(person).account
    assert [each.what for each in found] == ["Your account is new"]
    assert found[0].until == person.date_joined + timedelta(days=1)
    User.objects.filter(pk=person.pk).update(date_joined=timezone.now() - timedelta(days=2))
    person.refresh_from_db()
    soon = counts_from(person)
    assert soon
    assert timezone.now() < soon < timezone.now() + timedelta(hours=1)
    assert "Your account is new" in page_of(person)


def test_an_address_that_is_not_confirmed() -> None:
    person = make_person("unsure", verified=False)
    assert [each.address for each in limits_of(person).account] == ["/accounts/email/"]
    assert "Your e-mail address is not confirmed" in page_of(person)


def test_what_one_chose_lowers_nothing_else(alice: User, mona: User) -> None:
    make_note(alice, visibility="followers")
    make_note(alice, visibility="private")
    User.objects.filter(pk=alice.pk).update(approves_followers=True, is_indexed=False, stage="high_school")
    alice.refresh_from_db()
    found = limits_of(alice)
    assert found.is_clear
    assert len(found.chosen) == 5
    page = page_of(alice)
    assert "1 note is for followers" in page
    assert "Everything counts in full" in page
    assert [each.what for each in limits_of(mona).account] == ["You are a moderator"]


@pytest.mark.parametrize("state", ["suspended", "leaving"])
def test_the_suspended_and_the_leaving_read_it(alice: User, terms: dict[str, Any], state: str) -> None:
    note = make_note(alice, "My tea")
    decide_about(target=note, step="hide", **terms)
    if state == "suspended":
        decide_about(target=alice, step="suspend", **terms)
    else:
        User.objects.filter(pk=alice.pk).update(leaving_at=timezone.now())
    browser = Client()
    browser.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    page = shown(browser.get(STANDING))
    assert "My tea" in page
    assert {"suspended": "Your account is suspended", "leaving": "Keep the account"}[state] in page


def test_nobody_elses(alice: User, bob: User, terms: dict[str, Any]) -> None:
    decide_about(target=make_note(alice, "My tea"), step="hide", **terms)
    assert "My tea" not in page_of(bob)
    assert Client().get(STANDING).status_code == 302
    response = signed_in(alice).get(STANDING)
    assert response["Cache-Control"] == "private, no-store"
    assert signed_in(alice).post(STANDING).status_code == 405


def test_the_archive_has_it_but_for_what_is_sealed(alice: User, terms: dict[str, Any]) -> None:
    make_label(alice, "Tea person", topics=["leaves"])
    decide_about(target=alice.positionings.get().label, step="hide", **terms)
    shown, sealed = make_note(alice), make_note(alice)
    for note in (shown, sealed):
        decide_about(target=note, step="hide", **terms)
    Seal.objects.create(case=sealed.cases.get())
    found = standing(alice)
    assert [row["number"] for row in found["decisions_in_force"]] == [shown.pk]
    assert [row["name"] for row in found["hidden_names"]] == ["Tea person"]
    assert len(found["strikes"]) == 1
    assert not found["everything_counts_in_full"]


def test_queries_are_the_same_for_1_3_and_24(alice: User, terms: dict[str, Any]) -> None:
    asked, pages = [], []
    for number in (1, 2, 21):
        for _ in range(number):
            note = make_note(alice, tags=[f"tag-{Note.objects.count()}"])
            decide_about(target=note.tags.get(), step="hide", **terms)
            decide_about(target=note, step="hide", **terms)
        with CaptureQueriesContext(connection) as queries:
            limits_of(alice)
        asked.append(len(queries))
        browser = signed_in(alice)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(STANDING).status_code == 200
        pages.append(len(queries))
    assert asked == [5, 5, 5]
    assert len(set(pages)) == 1


class TestOnTheNote:
    def test_its_author_alone_reads_what_lowers_it(
        self, alice: User, bob: User, terms: dict[str, Any]
    ) -> None:
        note = make_note(alice, tags=["tea", "walks"], campus=make_campus())
        tag = note.tags.get(name="tea")
        for target in (tag, note.campus):
            decide_about(target=target, step="hide", **terms)
        decide_about(target=note, step="warning", warning="doubtful", **terms)
        said = (
            "Readers are warned of this note: May not be true",
            f"{STANDING}#tag-{tag.pk}",
            f"{STANDING}#campus-{note.campus_id}",
        )
        page = shown(signed_in(alice).get(note.get_absolute_url()))
        for each in said:
            assert each in page
        for viewer in (bob, None):
            page = shown(signed_in(viewer).get(note.get_absolute_url()))
            assert not any(each in page for each in said)
            assert "Only you read this" not in page

    def test_a_new_account_reads_from_when_it_counts(self) -> None:
        person = make_person("newcomer", is_counted=False)
        note = make_note(person)
        assert "this note moves no channel until" in shown(signed_in(person).get(note.get_absolute_url()))

    def test_an_account_that_the_job_has_not_counted_yet_reads_of_no_time_that_is_over(self) -> None:
        joined = timezone.now() - timedelta(days=3)
        person = make_person("newcomer", is_counted=False, date_joined=joined)
        page = shown(signed_in(person).get(make_note(person).get_absolute_url()))
        assert "this note moves no channel until" in page
        assert f"until {calendar_time(joined + timedelta(days=1))}" not in page

    def test_nothing_where_nothing_lowers_it(self, alice: User) -> None:
        note = make_note(alice)
        assert "Only you read this" not in shown(signed_in(alice).get(note.get_absolute_url()))


class TestAppealsAboutNames:
    """A hidden name is nobody's: who uses it reads why, and one of them appeals for all."""

    @pytest.fixture
    def decision(self, alice: User, bob: User, terms: dict[str, Any]) -> Decision:
        tag = make_note(alice, tags=["tea"]).tags.get()
        make_note(bob, tags=["tea"])
        made = decide_about(target=tag, step="hide", **terms)
        assert made
        return made

    def test_from_the_row_to_an_appeal_that_is_granted(
        self, alice: User, bob: User, decision: Decision
    ) -> None:
        page = page_of(alice)
        assert decision.get_absolute_url() in page
        assert "Read why, and how to appeal" in page
        own, others = signed_in(alice), signed_in(bob)
        page = shown(own.get(decision.get_absolute_url()))
        for said in ("A tag you use is hidden", "#tea", "once for all who use it"):
            assert said in page
        assert decision.facts not in page  # they were written for moderators and an author
        sent = f"{decision.get_absolute_url()}appeal/"
        for _twice in range(2):
            assert own.post(sent, {"text": "It is what we drink."}).status_code == 303
        appeal = Appeal.objects.get()
        assert appeal.author == alice
        assert "It is what we drink." in shown(own.get(decision.get_absolute_url()))
        page = shown(others.get(decision.get_absolute_url()))
        assert "Someone else who uses it has appealed. A moderator looks at it again" in page
        assert "It is what we drink." not in page
        assert others.post(sent, {"text": "I drink it too."}).status_code == 409
        otto = make_person("otto")
        appoint(person=otto)
        assert decide_appeal(appeal=appeal, by=otto, granted=True, answer="True.")
        assert limits_of(alice).names == []
        told = Notification.objects.filter(person=alice, kind=Kind.APPEAL_GRANTED)
        assert [each.number for each in told] == [decision.pk]
        assert "Your appeal was granted" in shown(own.get(decision.get_absolute_url()))
        assert others.get(decision.get_absolute_url()).status_code == 404

    def test_nobody_else(self, charlie: User, decision: Decision) -> None:
        for path in (decision.get_absolute_url(), f"{decision.get_absolute_url()}appeal/"):
            assert signed_in(charlie).get(path).status_code == 404
        sent = signed_in(charlie).post(f"{decision.get_absolute_url()}appeal/", {"text": "Me too."})
        assert sent.status_code == 404
        assert not Appeal.objects.exists()

    def test_no_moderator_answers_their_own(self, alice: User, decision: Decision) -> None:
        appeal = make_appeal(decision=decision, text="It is what we drink.", by=alice)
        appoint(person=alice)
        assert not may_decide(appeal, alice)

    def test_the_account_that_goes_takes_its_words_along(self, alice: User, decision: Decision) -> None:
        make_appeal(decision=decision, text="It is what we drink.", by=alice)
        assert [row["appeal"] for row in decisions(alice)] == ["It is what we drink."]
        request_deletion(person=alice, site="", language="en")
        User.objects.filter(pk=alice.pk).update(going_at=timezone.now())
        remove_person(alice.pk)
        appeal = Appeal.objects.get()
        assert (appeal.author, appeal.text) == (None, "")
