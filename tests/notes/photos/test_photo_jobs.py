"""From upload to renditions in the background, and what becomes of the waiting note."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from PIL import Image

import imaging
from core import sandbox
from notes.models import Photo
from notes.photos.actions import process_photo, sweep_loose_photos
from profiles.models import User
from tests.builders import make_draft, make_label, make_photo, signed_in, upload
from tests.markup import listed, words
from tests.notes.compose.filled_form import made, send
from tests.notes.photos.receiving import received, stored
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db


def test_a_photo_becomes_its_renditions(alice: User, quick_photographs: list[bytes]) -> None:
    photo = received(alice, quick_photographs[0])
    assert (photo.state, stored(photo)) == ("received", {"original"})
    assert run_jobs() == 1
    photo.refresh_from_db()
    assert photo.state == "ready"
    plan = imaging.sizes(photo.width, photo.height)
    assert set(photo.roles) == set(plan)
    assert stored(photo) == {f"{role}.{kind}" for role in plan for kind in ("avif", "jpg")} | {"master.jpg"}
    for role, size in plan.items():
        for kind, format in (("avif", "AVIF"), ("jpg", "JPEG")):
            with default_storage.open(photo.path(f"{role}.{kind}")) as file, Image.open(file) as rendition:
                assert (rendition.size, rendition.format) == (size, format)
                assert not rendition.getexif()


def test_its_facts_are_those_of_the_upright_picture(alice: User) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = received(alice, size=(600, 300), colour=(20, 20, 20), exif=exif)
    assert (photo.width, photo.height) == (300, 600)
    run_jobs()
    photo.refresh_from_db()
    assert (photo.width, photo.height, photo.snap, photo.tone) == (300, 600, 32, "dark")


def test_a_note_comes_out_when_its_last_photo_is_ready(alice: User, bob: User) -> None:
    client = signed_in(alice)
    note = made(send(client, title="Two", photos=[upload(), upload()]))
    first, second = note.photos.all()
    process_photo(first.pk)
    note.refresh_from_db()
    assert (note.status, note.published_at) == ("processing", None)
    current = make_label(alice, "Film on campus")
    before = timezone.now()
    process_photo(second.pk)
    note.refresh_from_db()
    assert note.status == "published"
    assert before < note.published_at < timezone.now()
    assert note.positioning == current, "What is in force when it comes out."
    assert listed(signed_in(bob).get("/following/")) == [note.pk]
    assert listed(Client().get("/")) == [note.pk]


def test_until_then_its_author_alone_sees_it(alice: User, bob: User, mona: User) -> None:
    client = signed_in(alice)
    note = made(send(client, title="Two", photos=[upload(), upload()]))
    first, second = note.photos.all()
    process_photo(first.pk)
    first.refresh_from_db()
    page = client.get(note.get_absolute_url())
    assert "Your photos are being processed" in words(page)
    assert f"slide tone-{second.tone}" in page.content.decode()
    assert b"".join(client.get(f"{first.base}320.jpg").streaming_content)
    for other in (signed_in(bob), signed_in(mona), Client()):
        assert other.get(note.get_absolute_url()).status_code == 404
        assert other.get(f"{first.base}320.jpg").status_code == 404
        assert note.pk not in listed(other.get("/?sort=latest"))
        assert note.pk not in listed(other.get("/@alice/"))


def test_an_upload_that_a_killed_job_left_goes_with_its_next_run(alice: User) -> None:
    photo = received(alice)
    process_photo(photo.pk)
    default_storage.save(photo.original, io.BytesIO(b"the upload"))
    process_photo(photo.pk)
    assert "original" not in stored(photo)
    assert "master.jpg" in stored(photo)


def test_a_job_that_runs_twice_changes_nothing(alice: User) -> None:
    photo = received(alice)
    run_jobs()
    before = Photo.objects.filter(pk=photo.pk).values().get()
    files = stored(photo)
    process_photo(photo.pk)
    assert Photo.objects.filter(pk=photo.pk).values().get() == before
    assert stored(photo) == files


def test_a_job_that_was_killed_half_way_starts_again(alice: User) -> None:
    photo = received(alice)
    default_storage.save(photo.path("320.jpg"), io.BytesIO(b"half a file"))
    run_jobs()
    photo.refresh_from_db()
    with default_storage.open(photo.path("320.jpg")) as file, Image.open(file) as rendition:
        assert rendition.width == 320
    assert stored(photo) == {f"{role}.{kind}" for role in photo.roles for kind in ("avif", "jpg")} | {
        "master.jpg"
    }


def test_a_photo_deleted_before_its_job_leaves_nothing(alice: User) -> None:
    photo = received(alice)
    Photo.objects.all().delete()
    process_photo(photo.pk)
    assert not Photo.objects.exists()


def test_a_photo_deleted_during_its_job_leaves_no_files(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = received(alice)
    run = sandbox.run

    def slow_run(*work: Any) -> Any:
        Photo.objects.all().delete()
        return run(*work)

    monkeypatch.setattr(sandbox, "run", slow_run)
    process_photo(photo.pk)
    assert not default_storage.exists(f"photos/{photo.folder}")


def test_a_draft_stays_one_when_its_photos_are_ready(alice: User) -> None:
    note = made(send(signed_in(alice), action="draft", title="Later", photos=[upload()]))
    run_jobs()
    note.refresh_from_db()
    assert (note.status, note.photos.get().state) == ("draft", "ready")
    page = signed_in(alice).get(f"{note.get_absolute_url()}edit/")
    assert f'src="{note.photos.get().base}320.jpg"' in page.content.decode()
    send(signed_in(alice), f"{note.get_absolute_url()}edit/")
    note.refresh_from_db()
    assert note.status == "published", "Nothing is left to wait for."


def test_photos_that_no_note_took_are_swept_after_a_day(alice: User) -> None:
    old, young = received(alice), received(alice)
    taken = make_photo(alice, note=make_draft(alice), with_files=True)
    Photo.objects.exclude(pk=young.pk).update(created_at=timezone.now() - timedelta(hours=25))
    for _ in range(2):
        sweep_loose_photos()
    assert set(Photo.objects.all()) == {young, taken}
    run_jobs()
    assert not default_storage.exists(f"photos/{old.folder}")
    assert stored(young) >= {"master.jpg"}
    assert stored(taken) >= {"320.jpg"}
