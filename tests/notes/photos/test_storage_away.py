"""Storage unreachable or full: what people see, and that nothing is half done."""

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.test import Client
from PIL import Image

import imaging
from core.storage import StorageAway
from core.upload_handlers import NamelessUploadHandler
from notes.models import Note, Photo
from notes.photos.actions import process_photo, receive_photo
from profiles.models import User
from tests.buckets import FOLDER
from tests.builders import make_note, picture, signed_in, status, upload
from tests.markup import form_in, words
from tests.notes.compose.filled_form import made, send

pytestmark = pytest.mark.django_db


def test_while_it_is_away_words_are_kept_and_reads_go_on(alice: User, break_it: Callable[[], None]) -> None:
    shown = make_note(alice, "Already there", photos=1)
    client = signed_in(alice)
    break_it()
    response = send(client, title="A walk", body="By the lake.", photos=[upload("1.jpg"), upload("2.jpg")])
    assert response.status_code == 503
    assert words(response).count("Photos cannot be stored right now.") == 1
    assert "Your text is still here." in words(response)
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
    file = upload()
    photo = receive_photo(owner=alice, file=file, facts=imaging.inspect(file))
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
    grown = imaging.render(io.BytesIO(noise((700, 700))))
    assert max(len(each.content) for each in (*grown.renditions, grown.master)) > 64_000
    note = made(send(signed_in(alice), title="A walk", photos=[upload("small.jpg", small)]))
    monkeypatch.setattr("core.sandbox.run", lambda *work: grown)
    with pytest.raises(StorageAway):
        process_photo(note.photos.get().pk)
    note.refresh_from_db()
    assert note.status == "processing"
    assert note.photos.get().roles == []
    assert status(signed_in(alice), f"{note.photos.get().base}320.jpg") == 404
    assert "Your photos are being processed" in words(signed_in(alice).get(note.get_absolute_url()))


def test_no_room_for_a_request_at_all_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: NamelessUploadHandler, *arguments: Any) -> None:
        self.file.close()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(NamelessUploadHandler, "receive_data_chunk", full)
    response = Client(raise_request_exception=False).post("/notes/new/", {"photos": upload()})
    assert response.status_code == 503
    assert "Nothing you sent was saved: go back, your text is still in the form." in words(response)
