"""A note that says otherwise than its file: a case that hides nothing, once, and over when its author says so again."""

import pytest

from moderation.decisions.actions import decide
from moderation.models import Case, Decision, Finding, Step
from moderation.pictures.labels import check_label
from notes.models import Note, Photo
from profiles.models import User
from tests.builders import make_note, make_photo, signed_in
from tests.moderation.builders import make_rules, reported

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules(db: None) -> None:
    make_rules()


@pytest.fixture
def note(alice: User) -> Note:
    """A note of Alice's that says it is her own, with a photo whose file says it was generated."""
    note = make_note(alice, origin=Note.Origin.OWN)
    make_photo(alice, note=note, origin="generated")
    make_photo(alice, note=note, position=1)
    return note


def says(note: Note, origin: str) -> None:
    Note.objects.filter(pk=note.pk).update(origin=origin)
    check_label(note=note)


@pytest.mark.parametrize("origin", ["own", "staged", "repost", ""])
def test_another_declaration_makes_a_case(note: Note, origin: str) -> None:
    says(note, origin)
    says(note, origin)
    case = Case.objects.get()
    assert (case.note, case.subject, case.severity, case.reason, case.report_count) == (
        note,
        note.author,
        1,
        "ai_label",
        0,
    )
    labelled = Photo.objects.get(origin="generated")
    assert [(row.kind, row.about) for row in Finding.objects.all()] == [("ai_label", [labelled.pk])]
    assert Note.objects.get(pk=note.pk).hidden_at is None
    assert not Decision.objects.exists()


def test_what_the_file_says_or_nothing_makes_none(note: Note, alice: User) -> None:
    says(note, "ai")
    plain = make_note(alice, origin="own")
    make_photo(alice, note=plain)
    check_label(note=plain)
    draft = make_note(alice, origin="own", status=Note.Status.DRAFT)
    make_photo(alice, note=draft, origin="composed")
    check_label(note=draft)
    assert not Case.objects.exists()


@pytest.mark.parametrize("visibility", ["followers", "private"])
def test_what_is_not_for_everyone_makes_none(note: Note, visibility: str) -> None:
    Note.objects.filter(pk=note.pk).update(visibility=visibility)
    says(note, "own")
    assert not Case.objects.exists()


def test_saying_so_again_closes_it(note: Note) -> None:
    says(note, "own")
    says(note, "ai")
    says(note, "ai")
    case, finding = Case.objects.get(), Finding.objects.get()
    assert (case.closed_at is not None, finding.over_at is not None) == (True, True)
    closing = Decision.objects.get()
    assert (closing.step, closing.by_program) == (Step.NONE, True)
    says(note, "own")
    assert Case.objects.open().count() == 1


def test_a_case_that_was_reported_stays_open(note: Note, bob: User) -> None:
    says(note, "own")
    reported(note, bob, reason="copied")
    says(note, "ai")
    case = Case.objects.open().get()
    assert (case.reason, case.severity) == ("copied", 2)


def test_what_was_decided_is_not_asked_again(note: Note, mona: User) -> None:
    says(note, "own")
    case = Case.objects.get()
    decide(case=case, version=case.version, by=mona, step=Step.NONE)
    says(note, "own")
    assert not Case.objects.open().exists()
    make_photo(note.author, note=note, position=2, origin="composed")
    says(note, "own")
    assert Case.objects.open().exists(), "another photo"


def test_a_deleted_note_makes_none(note: Note) -> None:
    gone = Note.objects.get(pk=note.pk)
    note.delete()
    assert check_label(note=gone) is None


def test_the_queue_is_filtered_by_what_programs_alone_find(note: Note, mona: User) -> None:
    says(note, "own")
    reported(make_note(note.author), reason="copied")
    page = signed_in(mona).get("/admin/", {"reason": "ai_label"})
    assert [card.case.reason for card in page.context["cards"]] == ["ai_label"]
    assert '<option value="ai_label" selected>' in page.text
