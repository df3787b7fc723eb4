"""What keeps photos, a folder or a bucket: one contract for both, and what people see while it is away."""

import io
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.test import Client
from django.utils import timezone
from PIL import Image

from notes import photos
from notes.actions.files import sweep_files
from notes.actions.photos import process_photo, receive_photo
from notes.models import Note, Photo
from profiles.actions.avatars import sweep_avatars
from profiles.models import User
from redbook import storage
from redbook.ids import random_folder
from redbook.storage import SHARDS, StorageAway, delete_folder
from redbook.uploads import NamelessUploadHandler
from tests.builders import make_note, picture, signed_in, status, upload
from tests.notes.markup import content, form_in, words
from tests.notes.writing import made, send
from tests.servers import Process, S3Server, free_port, run_jobs, wait_until, worker_command

pytestmark = pytest.mark.django_db

FOLDER = {"BACKEND": "redbook.storage.Folder"}


def bucket(environment: dict[str, str]) -> dict[str, Any]:
    """The storage that these settings make."""
    names = {
        "bucket_name": "S3_BUCKET",
        "endpoint_url": "S3_ENDPOINT",
        "region_name": "S3_REGION",
        "access_key": "S3_ACCESS_KEY",
        "secret_key": "S3_SECRET_KEY",
        "addressing_style": "S3_ADDRESSING",
    }
    options = {option: environment[name] for option, name in names.items()}
    return {"BACKEND": "redbook.bucket.Bucket", "OPTIONS": options}


@pytest.fixture(params=["folder", "bucket"])
def break_it(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Callable[[], None]:
    """Photos are kept in an empty storage of each kind; calling this puts it out of reach."""
    settings.MEDIA_ROOT = tmp_path / "media"
    place = FOLDER
    if request.param == "bucket":
        place = bucket(request.getfixturevalue("s3_server").make_bucket())
    settings.STORAGES = settings.STORAGES | {"default": place}

    def broken() -> None:
        if request.param == "folder":
            (tmp_path / "file").touch()
            settings.MEDIA_ROOT = tmp_path / "file"
        else:
            away = place | {"OPTIONS": place["OPTIONS"] | {"endpoint_url": f"http://127.0.0.1:{free_port()}"}}
            settings.STORAGES = settings.STORAGES | {"default": away}

    return broken


@pytest.fixture
def kept(break_it: Callable[[], None]) -> None:
    """Photos are kept in an empty storage of each kind."""


def put(name: str, words: bytes = b"words") -> str:
    return default_storage.save(name, ContentFile(words))


def held(name: str) -> bytes:
    with default_storage.open(name) as file:
        return file.read()


def names(folder: str) -> set[str]:
    return set(default_storage.listdir(folder)[1])


def received(owner: User) -> Photo:
    file = upload()
    return receive_photo(owner=owner, file=file, facts=photos.inspect(file))


def sweep_everything() -> None:
    for turn in range(SHARDS):
        sweep_files(turn=turn)
        sweep_avatars(turn=turn)


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
def test_the_sweep_takes_what_is_old_and_nobodys(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
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
    with django_assert_num_queries(1):
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
    assert (old.exists(), young.exists()) == (False, True)


@pytest.mark.usefixtures("kept")
def test_ready() -> None:
    for _ in range(2):
        assert Client().get("/readyz").status_code == 200
    assert not default_storage.exists("ready")


def test_while_it_is_away_words_are_kept_and_reads_go_on(alice: User, break_it: Callable[[], None]) -> None:
    shown = make_note(alice, "Already there", photos=1)
    client = signed_in(alice)
    break_it()
    response = send(client, title="A walk", body="By the lake.", photos=[upload("1.jpg"), upload("2.jpg")])
    assert response.status_code == 503
    assert words(response).count("Photos cannot be stored right now.") == 1
    assert "Your words are kept." in words(response)
    typed = form_in(response, "compose").filled()
    assert (typed["title"], typed["body"]) == (["A walk"], ["By the lake."])
    assert list(Note.objects.all()) == [shown]
    assert Photo.objects.count() == 1
    profile = client.post("/settings/profile/", {"name": "Alice A", "handle": "alice", "avatar": upload()})
    assert profile.status_code == 503
    assert "Photos cannot be stored right now." in words(profile)
    assert 'value="Alice A"' in profile.content.decode()

    for page in ("/", shown.get_absolute_url(), "/@alice/", "/notes/new/"):
        assert status(client, page) == 200
    assert send(client, title="Words alone").status_code == 303
    quiet = Client(raise_request_exception=False)
    asked = quiet.get(f"{shown.photos.get().base}320.jpg")
    assert (asked.status_code, asked["Cache-Control"]) == (503, "no-store")
    assert quiet.get("/readyz").status_code == 503


def test_a_photo_waits_until_it_is_back(alice: User, break_it: Callable[[], None], settings: Any) -> None:
    photo = received(alice)
    before = settings.STORAGES, settings.MEDIA_ROOT
    break_it()
    with pytest.raises(StorageAway):
        process_photo(photo.pk)
    photo.refresh_from_db()
    assert (photo.state, photo.roles) == ("received", [])
    settings.STORAGES, settings.MEDIA_ROOT = before
    process_photo(photo.pk)
    photo.refresh_from_db()
    assert photo.state == "ready"


@pytest.fixture(params=["a real one", "as reported"])
def full_disk(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[Path]:
    """MEDIA_ROOT on a disk of 64 kB, where this user may mount one; or one whose files end half-way."""
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"default": FOLDER}
    if request.param == "a real one":
        if os.system(f"mount -t tmpfs -o size=64k tmpfs {tmp_path} 2>/dev/null"):
            pytest.skip("mounting is not allowed here")
        yield tmp_path
        os.system(f"umount {tmp_path}")
        return
    save = FileSystemStorage._save

    def half(self: FileSystemStorage, name: str, content: Any) -> str:
        data = content.read()
        if len(data) <= 60_000:
            return save(self, name, ContentFile(data))
        save(self, name, ContentFile(data[:60_000]))
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FileSystemStorage, "_save", half)
        yield tmp_path


def noise(size: tuple[int, int]) -> bytes:
    """A picture that packs badly."""
    stream = io.BytesIO()
    Image.effect_noise(size, 90).save(stream, "JPEG", quality=95)
    return stream.getvalue()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_full_disk_takes_no_half_photo(alice: User, full_disk: Path) -> None:
    big = noise((600, 600))
    assert len(big) > 100_000
    response = send(signed_in(alice), title="A walk", photos=[upload("big.jpg", big)])
    assert response.status_code == 503
    assert "Photos cannot be stored right now." in words(response)
    assert form_in(response, "compose").filled()["title"] == ["A walk"]
    assert files(full_disk) == []
    assert not Photo.objects.exists()
    assert not Note.objects.exists()


@pytest.mark.usefixtures("full_disk")
def test_a_disk_that_fills_while_a_photo_is_prepared_shows_nothing_half(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = picture((1600, 1600))
    grown = photos.render(io.BytesIO(noise((700, 700))))
    assert max(len(each.content) for each in (*grown.renditions, grown.master)) > 64_000
    note = made(send(signed_in(alice), title="A walk", photos=[upload("small.jpg", small)]))
    monkeypatch.setattr("redbook.confined.run", lambda *work: grown)
    with pytest.raises(StorageAway):
        process_photo(note.photos.get().pk)
    note.refresh_from_db()
    assert note.status == "processing"
    assert note.photos.get().roles == []
    assert status(signed_in(alice), f"{note.photos.get().base}320.jpg") == 404
    assert "Photos are being prepared" in words(signed_in(alice).get(note.get_absolute_url()))


def test_no_room_for_a_request_at_all_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: NamelessUploadHandler, *arguments: Any) -> None:
        self.file.close()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(NamelessUploadHandler, "receive_data_chunk", full)
    response = Client(raise_request_exception=False).post("/notes/new/", {"photos": upload()})
    assert response.status_code == 503
    assert "Nothing you sent was kept: go back, your words are still in the form." in words(response)


@pytest.mark.django_db(transaction=True)
def test_a_worker_of_its_own_keeps_photos_in_a_bucket(
    alice: User, s3_server: S3Server, settings: Any
) -> None:
    """The whole way from the environment, in the process that production runs."""
    environment = s3_server.make_bucket()
    settings.STORAGES = settings.STORAGES | {"default": bucket(environment)}
    photo = received(alice)
    worker = Process("bucket-worker", worker_command(), **environment)
    try:
        wait_until(
            lambda: Photo.objects.filter(pk=photo.pk, state="ready").exists(),
            "The photo is not ready",
            worker,
        )
    finally:
        worker.stop()
    assert "master.jpg" in names(f"photos/{photo.folder}")
