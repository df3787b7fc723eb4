"""What is sealed in one case is closed in every other case about the same note or photo."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from moderation.actions import report_named
from moderation.decisions.actions import decide, undo
from moderation.models import Case, Decision, Evidence, Step
from moderation.sealing.roles import CHILD_SAFETY, give_role
from notes.compose.actions import delete_note
from notes.models import Note, Photo
from people.actions.moderators import appoint
from profiles.models import User
from tests.builders import make_person, signed_in, status
from tests.moderation.evidence.reporting import note_with_photos, reported
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def sasha(db: None) -> User:
    person = make_person("sasha")
    appoint(person=person)
    give_role(person=person, role=CHILD_SAFETY)
    return person


@pytest.fixture
def note(alice: User) -> Note:
    return note_with_photos(alice)


def of_photo(photo: Photo, by: User, reason: str = "private") -> Case:
    report_named(reporter=by, named=photo, reason=reason, details="", key=uuid4())
    run_jobs()
    return Case.objects.filter(kind="photo", number=photo.pk).latest("pk")


def decided(case: Case, by: User, step: str = Step.HIDE) -> Decision:
    case.refresh_from_db()
    return decide(case=case, version=case.version, by=by, step=step, facts="Facts.")


def pictures(case: Case) -> list[str]:
    base, kept = "/admin/moderation/evidence/", Evidence.objects.filter(case=case)
    numbered = [(each.pk, number) for each in kept for number in range(len(each.pictures))]
    return [f"{base}{pk}/{number}{end}" for pk, number in numbered for end in (".jpg", "/blurred.jpg")]


def shown(case: Case, by: User) -> tuple[int, set[int], bool]:
    """Status of the case's page, of its kept pictures, and whether their description is to be read."""
    client, page = signed_in(by), reverse("admin:case", args=[case.pk])
    texts = [client.get(f"{page}{query}").text for query in ("", "?kept")]
    texts += [client.get(reverse("admin:moderation_evidence_case", args=[case.pk])).text]
    says = any("Photo 0" in text or "Title then" in text for text in texts)
    return status(client, page), {status(client, path) for path in pictures(case)}, says


def test_of_a_photo_in_a_sealed_note(note: Note, bob: User, charlie: User, mona: User, sasha: User) -> None:
    photo = note.photos.get(position=0)
    case = of_photo(photo, charlie)
    assert shown(case, mona) == (200, {200}, True)
    sealed = reported(bob, note=note, reason="child_abuse")
    run_jobs()
    decided(sealed, sasha)
    assert shown(case, mona) == (200, {404}, False)
    assert shown(case, sasha)[1] == {200}
    decided(case, mona)
    photo.refresh_from_db()
    assert (photo.hidden_in, photo.is_sealed) == (note, True)
    assert status(signed_in(mona), f"{photo.base}320.jpg") == 404
    assert shown(case, mona) == (200, {404}, False)
    undo(decision=Decision.objects.get(case=sealed), by=sasha)
    photo.refresh_from_db()
    assert not photo.is_sealed
    delete_note(note=note)


def test_of_a_note_with_a_sealed_photo(note: Note, bob: User, charlie: User, mona: User, sasha: User) -> None:
    case = reported(charlie, note=note)
    run_jobs()
    decided(of_photo(note.photos.get(position=0), bob, "child_abuse"), sasha)
    client = signed_in(mona)
    assert [status(client, path) for path in pictures(case)] == [404, 404, 200, 200]
    page = client.get(reverse("admin:moderation_evidence_case", args=[case.pk])).text
    assert "Photo 0" not in page
    assert "Photo 1" in page
    assert "Photo 0" not in client.get(reverse("admin:case", args=[case.pk])).text


def test_of_a_case_that_was_decided_before(
    note: Note, bob: User, charlie: User, mona: User, sasha: User
) -> None:
    first = reported(charlie, note=note)
    run_jobs()
    made = decided(first, mona, Step.NOTE)
    sealed = reported(bob, note=note, reason="child_abuse")
    run_jobs()
    decided(sealed, sasha)
    assert shown(first, mona) == (200, {404}, False)
    undo(decision=made, by=mona)
    assert shown(first, mona)[1:] == ({404}, False)
    assert Note.objects.get().is_sealed
    delete_note(note=note)
    assert shown(first, mona)[1:] == ({404}, False)
    assert shown(sealed, sasha)[1] == {200}
