"""Ways round what moderators may see and decide, each closed."""

import re

import pytest
from django.core import mail

from core.models import AuditEntry
from moderation.appeals.actions import AppealRefused, decide_appeal, make_appeal
from moderation.appeals.queries import waiting
from moderation.decisions.actions import undo
from moderation.models import Appeal, Case, Decision, Step
from moderation.sealing.roles import CHILD_SAFETY, give_role
from notes.models import Collection, Note
from notifications.models import Notification
from people.actions.moderators import appoint
from profiles.models import User
from tests.builders import make_comment, make_note, make_person, signed_in, status
from tests.markup import words
from tests.moderation.builders import reported
from tests.moderation.queue.deciding import decided
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db


def another(handle: str) -> User:
    person = make_person(handle)
    appoint(person=person)
    person.refresh_from_db()
    return person


@pytest.fixture
def hidden(alice: User, bob: User, mona: User) -> Decision:
    """A note of Alice's that Bob reported and Mona hid."""
    return decided(reported(make_note(alice, "Soup"), bob), by=mona, step="hide", facts="Rude.")


def test_the_history_of_an_author_names_no_sealed_case(alice: User, mona: User) -> None:
    sasha = another("sasha")
    give_role(person=sasha, role=CHILD_SAFETY)
    sealed = reported(make_note(alice), reason="child_abuse")
    decided(sealed, by=sasha, step="hide", facts="Sealed words.")
    other = reported(make_note(alice))
    shown = {who: words(signed_in(who).get(f"/admin/cases/{other.pk}/")) for who in (mona, sasha)}
    named = re.compile(rf"{sealed}\b")
    assert not named.search(shown[mona])
    assert "Nothing was decided about them before." in shown[mona]
    assert named.search(shown[sasha])


def test_who_reported_answers_no_appeal(alice: User, mona: User) -> None:
    nell, third = another("nell"), another("third")
    case = reported(make_note(alice, "Soup"), nell)
    appeal = make_appeal(decision=decided(case, by=mona, step="hide"), text="Please")
    assert [list(waiting(person)) for person in (mona, nell, third)] == [[], [], [appeal]]
    assert status(signed_in(nell), f"/admin/moderation/appeal/{appeal.pk}/decide/") == 404
    with pytest.raises(AppealRefused):
        decide_appeal(appeal=appeal, by=nell, granted=False, answer="No")


def test_an_appeal_that_nobody_else_could_answer_is_answered_by_who_decided(alice: User, mona: User) -> None:
    """Of two moderators one reported."""
    nell = another("nell")
    case = reported(make_note(alice, "Soup"), nell)
    appeal = make_appeal(decision=decided(case, by=mona, step="hide"), text="Please")
    assert list(waiting(nell)) == []
    assert list(waiting(mona)) == [appeal]


def test_undoing_answers_the_appeal(alice: User, mona: User, hidden: Decision) -> None:
    nell = another("nell")
    appeal = make_appeal(decision=hidden, text="Please")
    assert undo(decision=hidden, by=mona, reason="A slip.")
    assert list(waiting(nell)) == []
    assert not decide_appeal(appeal=appeal, by=nell, granted=False, answer="It stays.")
    run_jobs()
    letters = [each.subject for each in mail.outbox if each.to == [alice.email]]
    assert letters[-1].startswith("A decision about you was taken back")
    assert "Your appeal was granted" in words(signed_in(alice).get(hidden.get_absolute_url()))


def test_hostile_words_of_an_undoing(hidden: Decision, mona: User) -> None:
    answer = signed_in(mona).post(f"/admin/decisions/{hidden.pk}/undo/", {"reason": "a\x00b\u202e"})
    assert answer.status_code == 303
    hidden.refresh_from_db()
    assert hidden.undone_at
    assert not hidden.undone_reason


def test_typed_words_come_back_where_another_decided(hidden: Decision, mona: User) -> None:
    case = hidden.case
    answer = signed_in(mona).post(
        f"/admin/cases/{case.pk}/", {"version": 0, "step": "none", "facts": "Long words of mine."}
    )
    assert answer.status_code == 409
    assert "Long words of mine." in answer.text


@pytest.mark.parametrize("kind", ["collection", "comment", "note", "own", "photo"])
def test_no_case_is_opened_about_what_a_moderator_may_not_see(kind: str, alice: User, mona: User) -> None:
    match kind:
        case "collection":
            number = Collection.objects.create(owner=alice, name="Secret", is_private=True).pk
        case "comment":
            number = make_comment(alice, make_note(alice, visibility="private"), "Secret").pk
        case "note":
            number = make_note(alice, visibility="private").pk
        case "own":
            kind, number = "note", make_note(mona).pk
        case "photo":
            number = make_note(alice, visibility="private", photos=1).cover_id
    assert signed_in(mona).post(f"/admin/cases/of/{kind}/{number}/").status_code == 404
    assert not Case.objects.exists()


def test_an_appeal_opens_what_is_not_public_with_a_record(alice: User, mona: User) -> None:
    note = make_note(alice, "Soup")
    case = reported(note)
    appeal = make_appeal(decision=decided(case, by=mona, step="note"), text="Please")
    Note.objects.filter(pk=note.pk).update(title="Changed in private", visibility="private")
    nell = another("nell")
    shown = signed_in(nell).get(f"/admin/moderation/appeal/{appeal.pk}/decide/").text
    assert "Changed in private" not in shown
    Note.objects.filter(pk=note.pk).update(visibility="public", hidden_at=note.published_at)
    before = AuditEntry.objects.count()
    assert "Changed in private" in signed_in(nell).get(f"/admin/moderation/appeal/{appeal.pk}/decide/").text
    assert AuditEntry.objects.count() > before


def test_reporters_hear_of_no_change_where_something_stands(alice: User, bob: User, mona: User) -> None:
    case = reported(make_note(alice), bob)
    decided(case, by=mona, step="hide")
    case.refresh_from_db()
    undo(decision=decided(case, by=mona, step="note"), by=mona)
    told = Notification.objects.visible_to(bob).values_list("kind", flat=True)
    assert "report_changed" not in told


def test_the_same_card_twice_is_one(alice: User, mona: User) -> None:
    case = reported(make_note(alice))
    data = {"case": [f"{case.pk}:{case.version}"] * 2, "step": Step.NONE}
    shown = words(signed_in(mona).post("/admin/cases/decide/", data, follow=True))
    assert "1 case decided." in shown
    assert "left as" not in shown


@pytest.mark.parametrize(
    "query",
    [
        "?after=fnan_1",
        "?after=f1e999_1",
        "?show=closed&after=t99999999999999999999_1",
        "?severity=9",
        "?kind=ph0to",
    ],
)
def test_forged_addresses_of_the_queue(query: str, alice: User, mona: User) -> None:
    reported(make_note(alice))
    assert status(signed_in(mona), f"/admin/{query}") == 200


@pytest.mark.parametrize("chosen", ["٣:٠", "9" * 18 + ":0", "1:" + "9" * 18, "-1:0", "1", "\x00:1"])
def test_forged_choices(chosen: str, alice: User, mona: User) -> None:
    reported(make_note(alice))
    answer = signed_in(mona).post("/admin/cases/decide/", {"case": [chosen], "step": "none"})
    assert answer.status_code in {303, 422}


HOSTILE = ["<script>alert(1)</script>", "😀" * 1000, "\u202eabc", "{{ 1|add:1 }}"]


@pytest.mark.parametrize("said", HOSTILE)
def test_hostile_appeals(said: str, alice: User, mona: User, hidden: Decision) -> None:
    answer = signed_in(alice).post(f"{hidden.get_absolute_url()}appeal/", {"text": said})
    assert answer.status_code == 303
    appeal = Appeal.objects.get()
    for page in (
        signed_in(alice).get(hidden.get_absolute_url()),
        signed_in(another("nell")).get(f"/admin/moderation/appeal/{appeal.pk}/decide/"),
        signed_in(another("nora")).get("/admin/?show=appeals"),
    ):
        assert page.status_code == 200
        assert "<script>alert" not in page.text


def test_no_id_out_of_range_is_an_error(mona: User) -> None:
    browser = signed_in(mona)
    for path in ("cases/{}/",):
        assert status(browser, f"/admin/{path.format(10**25)}") == 404
    assert browser.post(f"/admin/decisions/{10**25}/undo/").status_code == 404
    assert browser.post(f"/admin/cases/of/note/{10**25}/").status_code == 404
