"""A report beside the deletion of what it is about, for real: one of them is first, and nothing is lost between."""

import threading
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from moderation.models import Case, Evidence
from notes.compose.actions import delete_note
from notes.photos.files import delete_files
from profiles.models import User
from tests.moderation.evidence.reporting import kept, note_with_photos, reported
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_a_deletion_waits_for_the_report_and_its_job_for_the_copies(alice: User, bob: User) -> None:
    note = note_with_photos(alice)
    folders = [photo.folder for photo in note.photos.all()]
    is_gone = threading.Event()

    def delete() -> None:
        delete_note(note=note)
        connection.close()
        is_gone.set()

    other = threading.Thread(target=delete)
    with transaction.atomic():
        case = reported(bob, note=note)
        other.start()
        assert not is_gone.wait(1), "the photos are locked"
    assert is_gone.wait(20)
    other.join()
    delete_files(folders)  # as quick as can be
    run_jobs()
    (evidence,) = kept(case)
    assert set(default_storage.listdir(evidence.storage_folder)[1]) == {"0.jpg", "1.jpg"}
    assert not any(default_storage.exists(f"photos/{folder}/1080.jpg") for folder in folders)


def test_a_report_after_the_deletion_keeps_nothing(alice: User, bob: User) -> None:
    note = note_with_photos(alice)
    note_then = type(note).objects.get(pk=note.pk)
    delete_note(note=note)
    with pytest.raises(IntegrityError):
        reported(bob, note=note_then)
    assert not Case.objects.exists()
    assert not Evidence.objects.exists()
