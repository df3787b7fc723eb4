"""What is kept of a report: whatever becomes of what was reported, once a version, and without a gap."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import core.storage
from core.models import HeldFolder
from core.storage import StorageAway
from moderation.evidence import actions
from moderation.evidence.actions import (
    Unprepared,
    clear_evidence,
    copy_evidence,
    resume_copies,
    sweep_evidence,
)
from moderation.evidence.queries import kept_until
from moderation.models import Appeal, Case, Decision, Evidence, Seal
from notes.compose.actions import delete_note
from notes.models import Note, Photo
from notes.moderation import hide_note
from people.actions.avatars import remove_avatar
from profiles.models import User
from tests.builders import make_comment, make_label, make_note, make_photo
from tests.moderation.evidence.reporting import kept, note_with_photos, reported
from tests.people.test_avatar import give_picture
from tests.servers import run_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_in_folder")]


@pytest.fixture
def kept_in_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def content(path: str) -> bytes:
    with default_storage.open(path) as file:
        return file.read()


def files_in(folder: str) -> set[str]:
    try:
        return set(default_storage.listdir(folder)[1])
    except FileNotFoundError:
        return set()


def end(case: Case, ago: timedelta) -> None:
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now() - ago)


BECOMES: dict[str, Callable[[Note, User], Any]] = {
    "edited": lambda note, _mona: Note.objects.filter(pk=note.pk).update(title="Now", body="Now"),
    "deleted": lambda note, _mona: delete_note(note=note),
    "hidden": lambda note, mona: hide_note(note=note, by=mona, reason="Rude."),
    "gone with its photos": lambda note, _mona: [delete_note(note=note), run_jobs()],
}


@pytest.mark.parametrize("what", BECOMES)
def test_words_and_pictures_stay_as_they_were(alice: User, bob: User, mona: User, what: str) -> None:
    note = note_with_photos(alice, tags=["tea"])
    photos = list(note.photos.all())
    originals = [content(photo.path("1080.jpg")) for photo in photos]
    case = reported(bob, note=note)
    BECOMES[what](note, mona)
    run_jobs()
    (evidence,) = kept(case)
    assert {name: evidence.words[name] for name in ("title", "body", "tags")} == {
        "title": "Title then",
        "body": "Body then",
        "tags": ["tea"],
    }
    assert [content(evidence.path(number)) for number in range(2)] == originals
    assert [picture["alt"] for picture in evidence.shown] == ["Photo 0", "Photo 1"]
    assert all(picture["blurred"] and len(picture["blurred"]) < 1200 for picture in evidence.shown)
    assert not HeldFolder.objects.exists()
    if "gone" in what or what == "deleted":
        assert [files_in(photo.storage_folder) for photo in photos] == [set(), set()], "not a day longer"


def test_without_holding_the_files_would_be_gone(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race that holding closes: deletion is done before the copying begins."""
    for is_held, found in ((True, {"0.jpg", "1.jpg"}), (False, set())):
        with monkeypatch.context() as patch:
            if not is_held:
                patch.setattr(core.storage, "_held", lambda root, folders: set())
            note = note_with_photos(alice)
            folders = [photo.folder for photo in note.photos.all()]
            case = reported(bob, note=note)
            delete_note(note=note)
            core.storage.delete_unused("photos", folders, lambda _folders: set())
            run_jobs()
            (evidence,) = kept(case)
            assert files_in(evidence.storage_folder) == found
            assert [picture.get("is_lost", False) for picture in evidence.shown] == [not is_held] * 2


def test_each_version_is_kept_once_a_case(alice: User, bob: User, charlie: User) -> None:
    note = note_with_photos(alice)
    case = reported(bob, note=note)
    run_jobs()
    assert reported(charlie, note=note) == case
    assert reported(charlie, note=note, reason="sexual") == case
    assert len(kept(case)) == 1
    Note.objects.filter(pk=note.pk).update(body="Another body")
    reported(bob, note=note, reason="danger")
    Photo.objects.filter(note=note, position=1).delete()
    reported(bob, note=note, reason="other")
    assert [len(evidence.pictures) for evidence in kept(case)] == [2, 2, 1]


def test_a_comment_and_a_person_with_their_picture(alice: User, bob: User) -> None:
    comment = make_comment(alice, make_note(bob), "Rude then")
    case = reported(bob, comment=comment)
    type(comment).objects.filter(pk=comment.pk).update(body="Kind now")
    assert [evidence.words for evidence in kept(case)] == [{"body": "Rude then"}]
    assert kept(case)[0].copied_at, "there is nothing to copy"

    make_label(alice, "Reads at night", statement="Every night")
    give_picture(alice)
    picture = content(f"avatars/{alice.avatar_folder}/square192.jpg")
    case = reported(bob, person=alice)
    remove_avatar(person=alice)
    User.objects.filter(pk=alice.pk).update(name="Another", bio="Another")
    run_jobs()
    (evidence,) = kept(case)
    assert (evidence.words["name"], evidence.words["label"]) == ("Alice An", "Reads at night")
    assert content(evidence.path(0)) == picture
    assert not files_in(f"avatars/{alice.avatar_folder}")


def test_copying_twice_and_killed_between(alice: User, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    case = reported(bob, note=note_with_photos(alice, 3))
    (evidence,) = kept(case)
    save, saved = default_storage.save, []

    def killed(name: str, file: Any) -> str:
        if len(saved) == 1:
            raise KeyboardInterrupt
        saved.append(name)
        return save(name, file)

    with monkeypatch.context() as patch:
        patch.setattr(actions.default_storage, "save", killed)
        with pytest.raises(KeyboardInterrupt):
            copy_evidence(evidence.pk)
    assert HeldFolder.objects.count() == 3
    for _ in range(2):
        copy_evidence(evidence.pk)
        assert files_in(evidence.storage_folder) == {"0.jpg", "1.jpg", "2.jpg"}
    assert not HeldFolder.objects.exists()
    copy_evidence(0)


def test_storage_out_of_reach_is_tried_again(alice: User, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    note = note_with_photos(alice)
    case = reported(bob, note=note)
    (evidence,) = kept(case)

    def away(*args: Any) -> None:
        raise StorageAway

    with monkeypatch.context() as patch:
        patch.setattr(actions.default_storage, "save", away)
        with pytest.raises(StorageAway):
            copy_evidence(evidence.pk)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")  # it gave up
    delete_note(note=note)
    resume_copies()
    resume_copies()
    run_jobs()
    assert files_in(kept(case)[0].storage_folder) == {"0.jpg", "1.jpg"}


def test_a_photo_that_is_not_prepared_yet(alice: User, bob: User) -> None:
    note = make_note(alice)
    photo = make_photo(alice, note=note, with_files=True)
    Photo.objects.filter(pk=photo.pk).update(state="received", roles=[])
    renditions = {name: content(photo.path(name)) for name in ("640.jpg", "1080.jpg")}
    for name in files_in(photo.storage_folder):
        default_storage.delete(photo.path(name))
    case = reported(bob, note=note)
    (evidence,) = kept(case)
    with pytest.raises(Unprepared):
        copy_evidence(evidence.pk)
    for name, words in renditions.items():
        default_storage.save(photo.path(name), ContentFile(words))
    Photo.objects.filter(pk=photo.pk).update(state="ready", roles=["640", "1080"])
    copy_evidence(evidence.pk)
    assert content(evidence.path(0)) == renditions["1080.jpg"]


def test_a_photo_that_failed_is_told_as_lost(alice: User, bob: User) -> None:
    note = make_note(alice)
    make_photo(alice, note=note, state="failed", roles=[], file_name="../../etc/passwd\u202e.jpg")
    case = reported(bob, note=note)
    run_jobs()
    (evidence,) = kept(case)
    assert [picture["is_lost"] for picture in evidence.shown] == [True]
    assert "passwd" not in str(evidence.pictures)


def test_a_report_asks_the_same_for_one_photo_and_for_18(alice: User, bob: User) -> None:
    asked = []
    for number in (1, 3, 18):
        note = make_note(alice, photos=number)
        with CaptureQueriesContext(connection) as queries:
            reported(bob, note=note)
        asked.append(len(queries))
    assert len(set(asked)) == 1, asked


def test_copies_live_as_long_as_case_and_appeal_and_30_days(alice: User, bob: User, mona: User) -> None:
    case = reported(bob, note=note_with_photos(alice))
    run_jobs()
    (evidence,) = kept(case)
    decision = Decision.objects.create(case=case, step="hide", version=1, subject=alice, decided_by=mona)

    def is_kept() -> bool:
        clear_evidence()
        run_jobs()
        row = Evidence.objects.filter(pk=evidence.pk).exists()
        assert bool(files_in(evidence.storage_folder)) == row
        return row

    assert (is_kept(), kept_until(case)) == (True, None)
    end(case, timedelta(days=29))
    case.refresh_from_db()
    assert is_kept()
    assert kept_until(case) == case.closed_at + timedelta(days=30)
    end(case, timedelta(days=40))
    appeal = Appeal.objects.create(decision=decision, text="I did not.")
    case.refresh_from_db()
    assert (is_kept(), kept_until(case)) == (True, None)
    for ago, found in ((10, True), (31, False)):
        answered = timezone.now() - timedelta(days=ago)
        Appeal.objects.filter(pk=appeal.pk).update(decided_at=answered, granted=False)
        assert is_kept() == found
    assert Case.objects.filter(pk=case.pk).exists()


def test_copies_of_a_sealed_case_live_for_a_year(alice: User, bob: User) -> None:
    case = reported(bob, note=make_note(alice), reason="child_abuse")
    for days, number in ((31, 1), (364, 1), (366, 0)):
        end(case, timedelta(days=days))
        clear_evidence()
        assert len(kept(case)) == number
    other = reported(bob, note=make_note(alice), reason="child_abuse")
    Seal.objects.filter(case=other).update(lifted_at=timezone.now())
    end(other, timedelta(days=31))
    clear_evidence()
    assert not kept(other)


def test_a_case_that_is_over_before_its_pictures_were_copied(alice: User, bob: User) -> None:
    note = note_with_photos(alice)
    folder = note.photos.first().folder
    case = reported(bob, note=note)
    (evidence,) = kept(case)
    delete_note(note=note)
    end(case, timedelta(days=31))
    clear_evidence()
    run_jobs()
    copy_evidence(evidence.pk)
    assert not HeldFolder.objects.exists()
    assert (files_in(evidence.storage_folder), files_in(f"photos/{folder}")) == (set(), set())


def test_files_that_no_row_names_are_swept_and_others_stay(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = reported(bob, note=note_with_photos(alice))
    run_jobs()
    (evidence,) = kept(case)
    shard = evidence.folder[:2]
    default_storage.save(f"evidence/{shard}/{'0' * 29}/0.jpg", ContentFile(b"words"))
    monkeypatch.setattr(core.storage, "_is_old", lambda path: True)
    for _ in range(2):
        sweep_evidence(turn=int(shard, 16))
    assert default_storage.listdir(f"evidence/{shard}")[0] == [evidence.folder[3:]]
    assert len(files_in(evidence.storage_folder)) == 2
