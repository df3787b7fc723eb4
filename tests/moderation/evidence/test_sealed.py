"""Sealed cases: at once, for two named roles alone, in no list, archive or export of anybody else."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.models import AuditEntry
from moderation.cases.access import open_to
from moderation.decisions.actions import decide
from moderation.decisions.refusals import Refused
from moderation.decisions.sealing import lift_seal
from moderation.models import Appeal, Case, Seal
from moderation.sealing.roles import CHILD_SAFETY, LEGAL, ROLES, give_role, may_open_sealed, take_role
from people.actions.moderators import appoint, remove_moderator
from profiles.models import Follow, User
from tests.builders import make_note, make_person, signed_in, status
from tests.leaving.asking import archive_of
from tests.moderation.evidence.reporting import kept, note_with_photos, reported
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def sealed(alice: User, bob: User) -> Case:
    case = reported(bob, note=note_with_photos(alice), reason="child_abuse")
    run_jobs()
    return case


@pytest.fixture
def sasha(db: None) -> User:
    """A moderator with a role."""
    person = make_person("sasha")
    appoint(person=person)
    give_role(person=person, role=CHILD_SAFETY)
    return person


def pages(case: Case) -> list[str]:
    (evidence,) = kept(case)
    base = "/admin/moderation/evidence/"
    return [f"{base}case/{case.pk}/", f"{base}{evidence.pk}/0.jpg", f"{base}{evidence.pk}/0/blurred.jpg"]


def test_two_roles_open_it_and_nobody_else(sealed: Case, mona: User, sasha: User) -> None:
    root = make_person("root", is_staff=True, is_superuser=True)
    legal = make_person("lena")
    appoint(person=legal)
    give_role(person=legal, role=LEGAL)
    for person, found in ((mona, 404), (root, 404), (sasha, 200), (legal, 200)):
        assert [status(signed_in(person), page) for page in pages(sealed)] == [found] * 3, person
        assert open_to(Case.objects.all(), person).exists() == (found == 200)
    said = AuditEntry.objects.filter(case_number=sealed.pk, action="sealed")
    assert set(said.values_list("actor", flat=True)) == {sasha.pk, legal.pk}


def test_its_reports_are_in_no_list_of_others(sealed: Case, mona: User, sasha: User) -> None:
    (report,) = sealed.reports.all()
    path = "/admin/moderation/report/"
    for person, found in ((mona, []), (sasha, [report.pk])):
        browser = signed_in(person)
        assert [row.pk for row in browser.get(path).context["cl"].result_list] == found
        assert status(browser, f"{path}{report.pk}/change/") == (200 if found else 404)


def test_a_report_seals_a_case_that_was_open_already(
    mona: User, alice: User, bob: User, charlie: User
) -> None:
    note = make_note(alice)
    case = reported(bob, note=note)
    assert open_to(Case.objects.all(), mona).exists()
    assert reported(charlie, note=note, reason="child_abuse") == case
    assert not open_to(Case.objects.all(), mona).exists()


def test_a_lifted_seal_stays_lifted(sealed: Case, sasha: User, mona: User, charlie: User) -> None:
    assert [lift_seal(case=sealed, by=sasha) for _ in range(2)] == [True, False]
    reported(charlie, note=sealed.note, reason="child_abuse")
    assert open_to(Case.objects.all(), mona).exists()
    assert AuditEntry.objects.filter(action="unsealed", case_number=sealed.pk, actor=sasha).count() == 1
    sasha.delete()
    assert Seal.objects.get().lifted_by is None


def test_the_button_lifts_it_for_a_role_alone(sealed: Case, sasha: User, mona: User) -> None:
    page = f"/admin/moderation/evidence/case/{sealed.pk}/"
    button = f"{page}unseal/"
    assert signed_in(mona).post(button).status_code == 404
    assert signed_in(sasha).get(button).status_code == 405
    assert f'action="{button}"' in signed_in(sasha).get(page).text
    assert Seal.objects.in_force().exists()
    for _ in range(2):
        assert signed_in(sasha).post(button)["Location"] == page
    assert not Seal.objects.in_force().exists()
    assert f'action="{button}"' not in signed_in(mona).get(page).text


def test_others_decide_nothing_about_it(sealed: Case, sasha: User, mona: User) -> None:
    terms = {"case": sealed, "version": sealed.version, "step": "none", "facts": "Nothing."}
    with pytest.raises(Refused):
        decide(by=mona, **terms)
    hidden = signed_in(mona).post(f"/admin/notes/note/{sealed.number}/hide/", {"reason": "Mine."})
    assert hidden.status_code == 303, "it is public: she notices nothing of the other case"
    sealed.refresh_from_db()
    assert sealed.closed_at is None
    decide(by=sasha, **terms)


def test_an_appeal_goes_to_the_other_role(sealed: Case, sasha: User, mona: User) -> None:
    legal = make_person("lena")
    appoint(person=legal)
    give_role(person=legal, role=LEGAL)
    terms = {"case": sealed, "version": sealed.version, "step": "hide", "facts": "A child."}
    appeal = Appeal.objects.create(decision=decide(by=sasha, **terms), text="It is a painting.")
    page = f"/admin/moderation/appeal/{appeal.pk}/decide/"
    assert [status(signed_in(person), page) for person in (mona, sasha, legal)] == [404, 404, 200]


def test_it_hides_nothing_by_itself(sealed: Case) -> None:
    """Else one press of anybody would take down anybody's note."""
    assert signed_in(None).get(sealed.note.get_absolute_url()).status_code == 200


def test_it_is_in_no_archive(sealed: Case, alice: User, bob: User) -> None:
    for person in (alice, bob):
        archive = archive_of(person)
        assert json.loads(archive.read("data/reports.json")) == []
        assert not [name for name in archive.namelist() if "evidence" in name]
        assert b"child_abuse" not in b"".join(
            archive.read(name) for name in archive.namelist() if name.startswith("data/")
        )


def test_a_role_needs_a_moderator_and_is_logged(alice: User, mona: User) -> None:
    with pytest.raises(CommandError, match="is no moderator"):
        call_command("sealed_role", "legal", alice.email)
    with pytest.raises(CommandError, match="No account"):
        call_command("sealed_role", "legal", "nobody@campus.test")
    for role, name in ROLES.items():
        for _ in range(2):
            call_command("sealed_role", role, mona.email)
        assert may_open_sealed(mona)
        assert AuditEntry.objects.filter(action="appointed", words=name).count() == 1
        call_command("sealed_role", role, mona.email, "--dismiss")
        assert not may_open_sealed(mona)
    give_role(person=mona, role=LEGAL)
    remove_moderator(person=mona)
    mona.refresh_from_db()
    assert not may_open_sealed(mona), "the role is of moderators"
    take_role(person=mona, role=LEGAL)


def test_its_reports_open_no_note_to_other_moderators(
    mona: User, alice: User, bob: User, charlie: User
) -> None:
    """However it is reported: before the seal, with it and after; until the seal is lifted."""
    note = make_note(alice, visibility="followers")
    follow = [Follow(follower=person, followed=alice) for person in (bob, charlie)]
    Follow.objects.bulk_create(follow, ignore_conflicts=True)
    places = [note.get_absolute_url(), f"/admin/notes/note/{note.pk}/change/"]
    browser = signed_in(mona)
    assert [status(browser, place) for place in places] == [404, 404]
    case = reported(bob, note=note)
    assert [status(browser, place) for place in places] == [200, 200]
    reported(charlie, note=note, reason="child_abuse")
    assert [status(browser, place) for place in places] == [404, 404]
    reported(bob, note=note, reason="sexual")
    assert [status(browser, place) for place in places] == [404, 404]
    assert status(browser, f"/admin/notes/note/{note.pk}/hide/") == 404
    note.refresh_from_db()
    assert note.open_report_count == 0
    lift_seal(case=case, by=mona)
    assert [status(browser, place) for place in places] == [200, 200]
    note.refresh_from_db()
    assert note.open_report_count == 3
