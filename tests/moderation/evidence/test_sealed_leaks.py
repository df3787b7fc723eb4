"""What is sealed shows nowhere else: no column, list, log, archive or answer of other moderators tells of it."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from core.models import AuditEntry
from moderation.actions import report_named
from moderation.appeals.actions import decide_appeal, make_appeal
from moderation.appeals.queries import may_decide, waiting
from moderation.decisions.actions import decide, undo
from moderation.decisions.directly import decide_about, undo_about
from moderation.decisions.sealing import lift_seal
from moderation.models import Case, Decision, Step
from moderation.sealing.roles import CHILD_SAFETY, LEGAL, give_role
from notes.models import Collection, Comment, Note, Photo, Series
from people.actions.moderators import appoint
from profiles.models import User
from tests.builders import make_comment, make_note, make_person, signed_in, status
from tests.leaving.asking import archive_of
from tests.moderation.evidence.reporting import note_with_photos, reported
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db
FACTS = "A sealed fact."


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def holder(handle: str, role: str = CHILD_SAFETY, **fields: Any) -> User:
    person = make_person(handle, **fields)
    appoint(person=person)
    give_role(person=person, role=role)
    person.refresh_from_db()
    return person


@pytest.fixture
def sasha(db: None) -> User:
    return holder("sasha", language="en")


@pytest.fixture
def root(db: None) -> User:
    """A superuser without a role."""
    return make_person("root", is_staff=True, is_superuser=True, language="en")


@pytest.fixture
def sealed(alice: User, bob: User) -> Case:
    case = reported(bob, note=note_with_photos(alice), reason="child_abuse")
    run_jobs()
    return case


def decided(case: Case, by: User, step: str = Step.HIDE) -> Decision:
    case.refresh_from_db()
    return decide(case=case, version=case.version, by=by, step=step, facts=FACTS)


def fresh(row: Any) -> Any:
    return type(row)._default_manager.get(pk=row.pk)


def test_a_note_that_is_hidden_so_is_for_no_other_moderator(
    sealed: Case, alice: User, mona: User, root: User, sasha: User
) -> None:
    decided(sealed, sasha)
    note = fresh(sealed.note)
    assert (note.hidden_reason, note.hidden_by, note.is_sealed) == ("", None, True)
    photo = note.photos.first()
    file = f"{photo.base}320.jpg"
    for person in (mona, root):
        client = signed_in(person)
        pages = [note.get_absolute_url(), f"/admin/notes/note/{note.pk}/change/", file]
        pages += [f"/admin/notes/note/{note.pk}/{name}/" for name in ("history", "hide")]
        assert [status(client, page) for page in pages] == [404] * 5
        for page in ("/admin/notes/note/", "/admin/notes/note/?hidden=yes", "/admin/moderation/report/"):
            assert "Title then" not in client.get(page).text
            assert FACTS not in client.get(page).text
    for person in (alice, sasha, None):
        assert status(signed_in(person), file) == 404, "its pictures are kept copies alone"
    assert status(signed_in(sasha), reverse("admin:case", args=[sealed.pk])) == 200
    own = signed_in(alice).get(note.get_absolute_url()).text
    assert "Only you can see it" in own
    assert f"/decisions/?note={note.pk}" in own


def test_a_comment_and_a_photo_that_are_hidden_so(alice: User, bob: User, mona: User, sasha: User) -> None:
    note = note_with_photos(alice, 2)
    comment, photo = make_comment(bob, note, "Sealed words"), note.photos.get(position=1)
    decided(reported(alice, comment=comment, reason="child_abuse"), sasha)
    report_named(reporter=bob, named=photo, reason="child_abuse", details="", key=uuid4())
    decided(Case.objects.get(kind="photo"), sasha)
    client = signed_in(mona)
    assert status(client, f"/admin/notes/comment/{comment.pk}/change/") == 404
    for page in ("/admin/notes/comment/", f"/admin/notes/note/{note.pk}/change/"):
        assert "Sealed words" not in client.get(page).text
    now = fresh(photo)
    for person in (mona, alice, sasha, None):
        assert status(signed_in(person), f"{now.base}320.jpg") == 404


def test_an_account_that_is_suspended_so_tells_no_reason(
    alice: User, bob: User, mona: User, sasha: User
) -> None:
    reported(bob, person=alice, reason="child_abuse")
    sent = signed_in(sasha).post(f"/admin/profiles/user/{alice.pk}/suspend/", {"reason": FACTS})
    assert sent.status_code == 303
    made = Decision.objects.get()
    alice.refresh_from_db()
    assert (alice.suspended_reason, alice.suspended_by, bool(alice.suspended_at)) == ("", None, True)
    for page in ("change", "history"):
        answer = signed_in(mona).get(f"/admin/profiles/user/{alice.pk}/{page}/")
        assert answer.status_code == 200
        assert FACTS not in answer.text
    assert not undo_about(target=alice, by=mona, step=Step.SUSPEND)
    assert fresh(alice).suspended_at
    assert undo_about(target=alice, by=sasha, step=Step.SUSPEND)
    assert not fresh(alice).suspended_at
    assert fresh(made).undone_at


def test_a_moderator_who_hides_the_note_notices_nothing(sealed: Case, mona: User, sasha: User) -> None:
    client, note = signed_in(mona), sealed.note
    assert note is not None
    answer = client.post(f"/admin/cases/of/note/{note.pk}/")
    second = Case.objects.exclude(pk=sealed.pk).get()
    assert answer["Location"] == reverse("admin:case", args=[second.pk])
    assert (second.is_second, second.report_count) == (True, 0)
    again = client.post(f"/admin/cases/of/note/{note.pk}/")
    assert again["Location"] == answer["Location"]
    assert client.get(answer["Location"]).status_code == 200
    hidden = client.post(f"/admin/notes/note/{note.pk}/hide/", {"reason": "Rude."})
    assert hidden.status_code == 303
    assert (fresh(note).hidden_reason, fresh(note).is_sealed) == ("Rude.", False)
    assert fresh(sealed).closed_at is None
    assert fresh(second).closed_at
    decided(sealed, sasha)
    assert (fresh(note).hidden_reason, fresh(note).is_sealed) == ("Rude.", True)


def test_what_is_reported_meanwhile_is_sealed(sealed: Case, mona: User, charlie: User) -> None:
    decide_about(target=sealed.note, by=mona, step=Step.NOTE, facts="A word.")
    assert reported(charlie, note=sealed.note) == sealed


def test_an_undone_sealed_decision_opens_its_case_beside_another(
    sealed: Case, mona: User, sasha: User
) -> None:
    made = decided(sealed, sasha)
    Note.objects.update(is_sealed=False)  # as if it had been opened before
    signed_in(mona).post(f"/admin/cases/of/note/{sealed.number}/")
    assert Case.objects.open().count() == 1
    undo(decision=made, by=sasha)
    assert Case.objects.open().count() == 2


def test_lifting_the_seal_shows_the_columns(sealed: Case, mona: User, sasha: User) -> None:
    decided(sealed, sasha)
    lift_seal(case=fresh(sealed), by=sasha)
    note = fresh(sealed.note)
    assert (note.hidden_reason, note.hidden_by, note.is_sealed) == (FACTS, sasha, False)
    assert not Photo.objects.filter(is_sealed=True).exists()
    assert status(signed_in(mona), f"/admin/notes/note/{note.pk}/change/") == 200


def test_the_log_names_it_to_the_roles_alone(sealed: Case, root: User) -> None:
    sasha = holder("sam", is_superuser=True)
    decided(sealed, sasha)
    address = f"/admin/redbook/auditentry/?case={sealed.pk}"
    number = f"/admin/cases/{sealed.pk}/"
    assert number in signed_in(sasha).get(address).text
    assert number not in signed_in(root).get(address).text


def test_no_archive_has_it(sealed: Case, alice: User, bob: User, sasha: User) -> None:
    decided(sealed, sasha)
    for person in (alice, bob):
        archive = archive_of(person)
        names = archive.namelist()
        assert not [name for name in names if name.startswith("photos/note-")]
        assert FACTS not in "".join(archive.read(name).decode() for name in names if name.endswith(".json"))
        assert json.loads(archive.read("data/decisions.json")) == []


def test_the_roles_are_written_to_without_a_word_of_it(
    alice: User, bob: User, mona: User, sasha: User
) -> None:
    zoe = holder("zoe", LEGAL, language="zh-hans")
    concerned = holder("cara", LEGAL)
    case = reported(concerned, note=note_with_photos(alice), reason="child_abuse", details="Look.")
    reported(bob, note=case.note, reason="child_abuse")
    run_jobs()
    sent = {each.to[0]: each for each in mail.outbox}
    assert set(sent) == {sasha.email, zoe.email}, "each once; not the one who reported, nor others"
    assert sent[sasha.email].subject == "A sealed report waits for you"
    assert sent[zoe.email].subject == "有一条封存的举报等你处理"
    for letter in sent.values():
        for word in ("Title then", "Body then", "alice", "Look.", str(case.pk)):
            assert word not in letter.body.replace("http://testserver", "")


def test_superusers_are_written_to_where_nobody_holds_a_role(
    alice: User, bob: User, mona: User, root: User
) -> None:
    reported(bob, note=make_note(alice), reason="child_abuse")
    run_jobs()
    assert [(each.to, each.subject) for each in mail.outbox] == [
        ([root.email], "A sealed report waits, and nobody may open it")
    ]


def test_an_appeal_is_answered_by_the_other_role_or_by_the_only_one(
    sealed: Case, mona: User, root: User, sasha: User
) -> None:
    appeal = make_appeal(decision=decided(sealed, sasha), text="It is a statue.")
    assert may_decide(appeal, sasha), "nobody else holds a role"
    assert not may_decide(appeal, mona)
    assert not may_decide(appeal, root)
    legal = holder("lena", LEGAL)
    assert not may_decide(appeal, sasha)
    assert list(waiting(legal)) == [appeal]
    assert not waiting(mona).exists()
    assert status(signed_in(mona), f"/admin/moderation/appeal/{appeal.pk}/change/") == 404
    assert decide_appeal(appeal=appeal, by=legal, granted=True, answer="It is.")
    assert not fresh(sealed.note).hidden_at


@pytest.mark.parametrize("kind", ["collection", "series"])
def test_opening_what_is_private_since_it_was_reported_is_logged(
    kind: str, alice: User, bob: User, mona: User
) -> None:
    rows: dict[str, Any] = {
        "collection": Collection.objects.create(owner=alice, name="Desks", is_private=False),
        "series": Series.objects.create(author=alice, name="Winter"),
    }
    note = make_note(alice, series=rows["series"], series_place=1)
    report_named(reporter=bob, named=rows[kind], reason="harassment", details="", key=uuid4())
    page = reverse("admin:case", args=[Case.objects.get().pk])
    assert status(signed_in(mona), page) == 200
    assert not AuditEntry.objects.filter(action="opened").exists()
    Collection.objects.update(is_private=True)
    Note.objects.filter(pk=note.pk).update(visibility="private")
    assert status(signed_in(mona), page) == 200
    entry = AuditEntry.objects.filter(action="opened").get()
    assert (entry.kind, entry.number) == (f"notes.{kind}", rows[kind].pk)


def test_visitors_and_others_learn_nothing(sealed: Case, alice: User, charlie: User, sasha: User) -> None:
    paths = [reverse("admin:case", args=[number]) for number in (sealed.pk, sealed.pk + 999)]
    for person in (charlie, alice):
        answers = [signed_in(person).get(path) for path in paths]
        assert [answer.status_code for answer in answers] == [404, 404]
    first, second = (Client().get(path) for path in paths)
    assert (first.status_code, second.status_code) == (302, 302)
    assert Comment.objects.count() == 0
