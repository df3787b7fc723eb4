"""Storage as a folder and as a bucket: one contract for both."""

import contextlib
import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from PIL import Image
from procrastinate.jobs import Job

import imaging
from core import storage
from core.ids import random_folder
from core.jobs import AFTER_TROUBLE
from core.storage import SHARDS, delete_folder
from leaving.actions.archives import sweep_archives
from leaving.models import KEEP, Archive
from notes.models import Photo
from notes.photos.actions import process_photo, receive_photo
from notes.photos.files import delete_files, sweep_files
from people.actions.avatars import sweep_avatars
from profiles.models import User
from tests.buckets import S3Server, bucket_in
from tests.builders import make_note, make_photo, signed_in, status, upload
from tests.leaving.asking import archive_of, told
from tests.markup import content
from tests.notes.compose.filled_form import made, send
from tests.servers import Process, database_url, run_jobs, wait_until, worker_command

pytestmark = pytest.mark.django_db


def put(name: str, words: bytes = b"words") -> str:
    return default_storage.save(name, ContentFile(words))


def held(name: str) -> bytes:
    with default_storage.open(name) as file:
        return file.read()


def names(folder: str) -> set[str]:
    return set(default_storage.listdir(folder)[1])


def received(owner: User) -> Photo:
    file = upload()
    return receive_photo(owner=owner, file=file, facts=imaging.inspect(file))


def sweep_everything() -> None:
    """The turns of all parts in which anything lies: in a bucket each takes its time."""
    for root, sweep in (("photos", sweep_files), ("avatars", sweep_avatars)):
        with contextlib.suppress(FileNotFoundError):
            for shard in default_storage.listdir(root)[0]:
                sweep(turn=int(shard, 16))


@pytest.mark.usefixtures("kept")
def test_files_come_back_as_they_went_in() -> None:
    assert put("photos/ab/c/320.jpg") == "photos/ab/c/320.jpg"
    assert held("photos/ab/c/320.jpg") == b"words"
    assert put("photos/ab/c/320.jpg", b"other words") == "photos/ab/c/320.jpg", "no second name"
    assert held("photos/ab/c/320.jpg") == b"other words"
    put("photos/ab/d/original", b"")
    assert held("photos/ab/d/original") == b""
    assert set(default_storage.listdir("photos/ab")[0]) == {"c", "d"}
    assert names("photos/ab/c") == {"320.jpg"}
    age = timezone.now() - default_storage.get_modified_time("photos/ab/c/320.jpg")
    assert timedelta(seconds=-2) < age < timedelta(minutes=1)


@pytest.mark.usefixtures("kept")
def test_what_is_not_there_is_not_found_and_deleting_it_is_no_trouble() -> None:
    put("photos/ab/c/320.jpg")
    for name in ("photos/ab/c/640.jpg", "photos/x/320.jpg"):
        with pytest.raises(FileNotFoundError):
            default_storage.open(name)
        with pytest.raises(FileNotFoundError):
            default_storage.get_modified_time(name)
        default_storage.delete(name)
    for _ in range(2):
        delete_folder("photos/ab/c")
    with pytest.raises(FileNotFoundError):
        default_storage.open("photos/ab/c/320.jpg")


@pytest.mark.usefixtures("kept")
def test_a_photos_life(alice: User) -> None:
    client = signed_in(alice)
    note = made(send(client, title="By the window", photos=[upload(size=(900, 1200))]))
    photo = note.photos.get()
    assert names(f"photos/{photo.folder}") == {"original"}
    run_jobs()
    photo.refresh_from_db()
    renditions = {f"{role}.{kind}" for role in photo.roles for kind in ("avif", "jpg")}
    assert names(f"photos/{photo.folder}") == renditions | {"master.jpg"}, (
        "The upload is gone, a master is kept."
    )
    for name in renditions:
        response = Client().get(photo.base + name)
        body = content(response)
        assert body == held(photo.path(name))
        assert int(response["Content-Length"]) == len(body)
        assert response["Content-Type"] == ("image/jpeg" if name.endswith("jpg") else "image/avif")
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert response["X-Content-Type-Options"] == "nosniff"
    assert status(Client(), f"{photo.base}master.jpg") == 404
    with Image.open(io.BytesIO(held(photo.path("master.jpg")))) as master:
        assert (master.size, master.info.keys() & {"exif", "icc_profile", "comment"}) == ((900, 1200), set())

    client.post(f"{note.get_absolute_url()}delete/")
    run_jobs()
    assert status(Client(), f"{photo.base}320.jpg") == 404
    with pytest.raises(FileNotFoundError):
        default_storage.open(photo.path("master.jpg"))


@pytest.mark.usefixtures("kept")
def test_a_persons_picture(alice: User) -> None:
    profile = {"name": "Alice An", "handle": "alice"}
    assert signed_in(alice).post("/settings/profile/", profile | {"avatar": upload()}).status_code == 303
    run_jobs()
    alice.refresh_from_db()
    assert names(f"avatars/{alice.avatar_folder}") == {
        f"square{s}.{k}" for s in (96, 192) for k in ("jpg", "avif")
    }
    assert content(Client().get(f"{alice.avatar_base}square96.jpg")).startswith(b"\xff\xd8")


@pytest.mark.usefixtures("kept")
def test_the_sweep_takes_what_is_old_and_without_owner(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    note = made(send(signed_in(alice), title="Kept", photos=[upload()]))
    signed_in(alice).post("/settings/profile/", {"name": "A", "handle": "alice", "avatar": upload()})
    alice.refresh_from_db()
    used = [f"photos/{note.photos.get().folder}", f"avatars/{alice.avatar_waiting}"]
    left_over = [f"photos/{random_folder()}", f"avatars/{random_folder()}"]
    for folder in left_over:
        put(f"{folder}/original")
        put(f"{folder}/320.jpg")
    sweep_everything()
    assert [names(folder) for folder in left_over] == [{"original", "320.jpg"}] * 2, "It may be on its way."
    monkeypatch.setattr(storage, "KEEP_UNUSED", timedelta(seconds=-5))
    sweep_everything()
    assert [names(folder) for folder in left_over] == [{"original", "320.jpg", "unused"}] * 2, (
        "A second look has to agree."
    )
    sweep_everything()
    for folder in left_over:
        for name in ("original", "320.jpg"):
            assert not default_storage.exists(f"{folder}/{name}")
    assert [names(folder) for folder in used] == [{"original"}] * 2


@pytest.mark.usefixtures("kept")
def test_a_sweep_is_bounded(monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any) -> None:
    monkeypatch.setattr(storage, "KEEP_UNUSED", timedelta(seconds=-5))
    monkeypatch.setattr(storage, "MOST_AT_ONCE", 2)
    for number in range(5):
        put(f"photos/a7/{number}/original")
        put(f"photos/a8/{number}/original")
    with django_assert_num_queries(3):
        sweep_files(turn=0xA7 + SHARDS)
    sweep_files(turn=0xA7 + SHARDS)
    assert len(set(default_storage.listdir("photos/a7")[0])) == 3
    assert len(set(default_storage.listdir("photos/a8")[0])) == 5, "not its turn"


def test_an_empty_folder_is_swept_by_its_own_age(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    old, young = tmp_path / "photos/a7/old", tmp_path / "photos/a7/young"
    for folder in (old, young):
        folder.mkdir(parents=True)
    os.utime(old, (0, 0))
    sweep_files(turn=0xA7)
    assert (old.exists(), young.exists()) == (True, True)
    sweep_files(turn=0xA7)
    assert old.exists(), "the mark of the first look is young"
    os.utime(old / "unused", (0, 0))
    sweep_files(turn=0xA7)
    assert (old.exists(), young.exists()) == (False, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("kept")
def test_nothing_is_deleted_while_a_backup_is_made(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "KEEP_UNUSED", timedelta(seconds=-5))
    folder = random_folder()
    put(f"photos/{folder}/320.jpg")
    waiting = received(alice)
    with psycopg.connect(database_url()) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", storage.BACKUP_LOCK)
        for _ in range(2):
            sweep_everything()
        with pytest.raises(storage.BackupRuns):
            delete_files([folder])
        with pytest.raises(storage.BackupRuns):
            process_photo(waiting.pk)
        waiting.refresh_from_db()
        assert waiting.state == "ready"
        assert names(f"photos/{folder}") == {"320.jpg"}
        assert {"original", "master.jpg"} <= names(f"photos/{waiting.folder}")
        # Closing alone does not wait until the database has let go.
        other.execute("SELECT pg_advisory_unlock(%s, %s)", storage.BACKUP_LOCK)
    process_photo(waiting.pk)
    delete_files([folder])
    assert "original" not in names(f"photos/{waiting.folder}")
    assert not default_storage.exists(f"photos/{folder}/320.jpg")


def test_a_job_that_may_not_delete_yet_comes_again_as_often_as_it_takes() -> None:
    job = Job(id=1, queue="q", lock=None, queueing_lock=None, task_name="delete_files", attempts=50)
    decision = AFTER_TROUBLE.get_retry_decision(exception=storage.BackupRuns(), job=job)
    assert decision
    assert AFTER_TROUBLE.get_retry_decision(exception=OSError(), job=job) is None


@pytest.mark.usefixtures("kept")
def test_ready() -> None:
    for _ in range(2):
        assert Client().get("/readyz").status_code == 200
    assert not default_storage.exists("ready")


@pytest.mark.django_db(transaction=True)
def test_a_worker_of_its_own_keeps_photos_in_a_bucket(
    alice: User, s3_server: S3Server, settings: Any
) -> None:
    """The whole way from the environment, in the process that production runs."""
    environment = s3_server.make_bucket()
    settings.STORAGES = settings.STORAGES | {"default": bucket_in(environment)}
    photo = received(alice)
    worker = Process("bucket-worker", worker_command(), **environment)
    try:
        wait_until(
            lambda: Photo.objects.filter(pk=photo.pk, state="ready").exists(),
            "The photo is not ready",
            worker,
            90,
        )
    finally:
        worker.stop()
    assert "master.jpg" in names(f"photos/{photo.folder}")


@pytest.mark.usefixtures("kept")
def test_an_archive_is_kept_where_photos_are(alice: User) -> None:
    photo = make_photo(alice, note=make_note(alice))
    put(photo.path("master.jpg"), b"A photo")
    archive = archive_of(alice)
    assert archive.read(told(archive, "notes")[0]["photos"][0]["file"]) == b"A photo"
    assert len(names("archives")) == 1
    Archive.objects.update(ready_at=timezone.now() - KEEP)
    sweep_archives()
    assert names("archives") == set()
