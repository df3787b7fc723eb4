"""A photo that looks like a known picture holds its note for review, whichever of the two comes first."""

from pathlib import Path
from typing import Any

import pytest

from core.db.alike import NEAR
from imaging import SAYS_NOTHING
from moderation.cases.access import open_to
from moderation.decisions.actions import decide, undo
from moderation.decisions.directly import decide_about, undo_about
from moderation.models import Case, Decision, Finding, KnownPicture, PictureMatch, Seal, Step
from moderation.pictures.actions import NotAdded, add_photo, set_retired
from moderation.pictures.looking import look_over_note
from moderation.pictures.matching import match_known
from notes.models import Note, Photo
from profiles.models import User
from tests.builders import make_person
from tests.imaging.test_fingerprint import CHANGES, scene
from tests.moderation.builders import make_rule
from tests.moderation.pictures.scenes import known, note_with, shot
from tests.races import at_once
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def is_held(note: Note) -> bool:
    now = Note.objects.get(pk=note.pk)
    return now.hidden_at is not None and now.is_held


def hidden(alice: User, mona: User, number: int = 1) -> tuple[Photo, Case]:
    """A photo of a note that a moderator hid."""
    note = note_with(alice, number)
    made = decide_about(target=note, by=mona, step=Step.HIDE, rule=make_rule("sexual"))
    assert made is not None
    return note.photos.get(), made.case


def test_a_note_with_a_known_picture_is_held_and_others_are_not(alice: User, bob: User) -> None:
    source = known(shot(alice, scene(1)))
    same, other = note_with(bob, scene(1).reduce(2)), note_with(bob, 2)
    for note in (same, other, same):
        look_over_note(note.pk)
    assert (is_held(same), is_held(other)) == (True, False)
    match = PictureMatch.objects.get()
    assert (match.known, match.case.note, match.distance <= NEAR) == (source, same, True)
    case = Case.objects.open().get()
    assert (case.severity, case.reason, case.subject) == (3, "sexual", bob)
    finding = Finding.objects.get()
    assert (finding.kind, finding.case, finding.about) == (Finding.Kind.KNOWN, case, [source.pk])
    assert Decision.objects.get().rule == source.rule


@pytest.mark.parametrize("change", CHANGES)
def test_a_hidden_photo_is_recognised_however_it_was_changed(
    change: str, alice: User, bob: User, mona: User
) -> None:
    photo, case = hidden(alice, mona)
    add_photo(photo=photo, rule=make_rule("sexual"), by=mona, case=case)
    again, other = note_with(bob, CHANGES[change](scene(1))), note_with(bob, 2)
    look_over_note(again.pk)
    look_over_note(other.pk)
    assert (is_held(again), is_held(other)) == (True, False)


def test_adding_finds_the_photos_that_are_there(alice: User, bob: User, mona: User) -> None:
    photo, case = hidden(alice, mona)
    before, other = note_with(bob, scene(1).reduce(2)), note_with(bob, 2)
    rule = make_rule("sexual")
    assert add_photo(photo=photo, rule=rule, by=mona, case=case) == add_photo(
        photo=photo, rule=rule, by=mona, case=case
    )
    run_jobs()
    run_jobs()
    assert (is_held(before), is_held(other)) == (True, False)
    assert KnownPicture.objects.whole().count() == 1
    assert KnownPicture.objects.count() > 5
    assert Decision.objects.holds().count() == 1


def test_its_own_note_is_not_held_when_it_is_shown_again(alice: User, mona: User) -> None:
    photo, case = hidden(alice, mona)
    add_photo(photo=photo, rule=make_rule("sexual"), by=mona, case=case)
    undo_about(target=photo.note, by=mona, step=Step.HIDE)
    assert photo.note is not None
    look_over_note(photo.note.pk)
    assert not is_held(photo.note)


def test_a_false_match_is_let_pass_for_good(alice: User, bob: User, mona: User) -> None:
    first = known(shot(alice, scene(1)))
    note = note_with(bob, 1)
    look_over_note(note.pk)
    case = Case.objects.open().get()
    made = decide(case=case, version=case.version, by=mona, step=Step.NONE)
    assert not is_held(note)
    KnownPicture.objects.create(fingerprint=first.fingerprint ^ 1, rule=first.rule)
    look_over_note(note.pk)
    match_known(known=first)
    assert not is_held(note)
    assert Decision.objects.holds().count() == 1
    undo(decision=made, by=mona)
    assert is_held(note)
    assert not Note.objects.get(pk=note_with(bob, 1).pk).hidden_at


def test_what_is_retired_matches_nothing(alice: User, bob: User, mona: User) -> None:
    photo, case = hidden(alice, mona)
    source = add_photo(photo=photo, rule=make_rule("sexual"), by=mona, case=case)
    run_jobs()
    assert set_retired(known=source, by=mona, is_retired=True)
    assert not set_retired(known=source, by=mona, is_retired=True)
    note = note_with(bob, 1)
    look_over_note(note.pk)
    assert not is_held(note)
    assert set_retired(known=source, by=mona, is_retired=False)
    run_jobs()
    assert is_held(note)


def test_abuse_of_children_opens_a_sealed_case(alice: User, bob: User, mona: User) -> None:
    known(shot(alice, scene(1)), "child_abuse")
    note = note_with(bob, 1)
    look_over_note(note.pk)
    case = Case.objects.open().get()
    assert is_held(note)
    assert Seal.objects.in_force().filter(case=case).exists()
    assert case.severity == 4
    assert not open_to(Case.objects.all(), mona).exists()


@pytest.mark.parametrize(("rule", "is_found"), [("sexual", False), ("child_abuse", True)])
def test_what_only_its_author_reads(rule: str, is_found: bool, alice: User, bob: User) -> None:
    source = known(shot(alice, scene(1)), rule)
    note = note_with(bob, 1, visibility=Note.Visibility.PRIVATE)
    look_over_note(note.pk)
    match_known(known=source)
    assert is_held(note) == is_found
    Note.objects.filter(pk=note.pk).update(visibility=Note.Visibility.FOLLOWERS)
    look_over_note(note.pk)
    assert is_held(note)


def test_what_a_moderator_hid_already_stays_so(alice: User, bob: User, mona: User) -> None:
    known(shot(alice, scene(1)))
    note = note_with(bob, 1)
    decide_about(target=note, by=mona, step=Step.HIDE)
    look_over_note(note.pk)
    assert not Decision.objects.holds().exists()
    assert not PictureMatch.objects.exists()


def test_pictures_of_one_tone_match_nothing(alice: User, bob: User, mona: User) -> None:
    photo, case = hidden(alice, mona)
    Photo.objects.filter(pk=photo.pk).update(fingerprint=SAYS_NOTHING)
    look_over_note(note_with(bob, 2).pk)
    with pytest.raises(NotAdded):
        add_photo(photo=shot(bob, scene(1).point(lambda value: 90)), rule=make_rule(), by=mona, case=case)


def test_a_photo_whose_files_are_gone_is_refused(alice: User, mona: User) -> None:
    photo, case = hidden(alice, mona)
    Photo.objects.filter(pk=photo.pk).update(folder="gone")
    photo.refresh_from_db()
    with pytest.raises(NotAdded):
        add_photo(photo=photo, rule=make_rule(), by=mona, case=case)


def test_deleting_the_photo_deletes_its_matches(alice: User, bob: User) -> None:
    known(shot(alice, scene(1)))
    note = note_with(bob, 1)
    look_over_note(note.pk)
    Photo.objects.filter(note=note).delete()
    assert not PictureMatch.objects.exists()
    assert Case.objects.open().exists()


@pytest.mark.parametrize("number", [1, 6])
def test_queries_do_not_grow_with_what_is_known(
    number: int, alice: User, bob: User, django_assert_num_queries: Any
) -> None:
    first = known(shot(alice, scene(1)))
    for each in range(1, number):
        KnownPicture.objects.create(fingerprint=first.fingerprint ^ (1 << each), rule=first.rule)
    note = note_with(bob, 2)
    with django_assert_num_queries(8):
        look_over_note(note.pk)


@pytest.mark.django_db(transaction=True)
def test_twice_at_once_it_is_held_once(alice: User) -> None:
    known(shot(alice, scene(1)))
    note = note_with(make_person(), 1)
    at_once(*[lambda: look_over_note(note.pk)] * 4)
    assert is_held(note)
    assert Decision.objects.count() == Finding.objects.count() == PictureMatch.objects.count() == 1
