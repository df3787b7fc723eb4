"""Photos that cannot be prepared, or not yet: what the author reads, and what becomes of the waiting note."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.utils import timezone

import imaging
from core import sandbox
from notes.models import Note, Photo
from notes.photos.actions import give_up_photos, process_photo
from profiles.models import User
from tests.builders import make_note, picture, signed_in, upload
from tests.core.hostile_work import vanish
from tests.markup import words
from tests.notes.compose.filled_form import again, made, send
from tests.notes.photos.receiving import broken, received, stored
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db


def test_a_photo_that_cannot_be_decoded_turns_the_note_back(alice: User, bob: User) -> None:
    client = signed_in(alice)
    note = made(send(client, title="Two", photos=[upload(), upload("b.png", broken())]))
    run_jobs()
    note.refresh_from_db()
    good, bad = note.photos.all()
    assert (note.status, note.published_at) == ("draft", None)
    assert (good.state, bad.state, bad.reason) == ("ready", "failed", "damaged")
    assert not default_storage.exists(f"photos/{bad.folder}")
    page = client.get(note.get_absolute_url())
    assert "“b.png” is damaged or cut short." in words(page)
    assert "This is a draft." in words(page)
    assert signed_in(bob).get(note.get_absolute_url()).status_code == 404

    address = f"{note.get_absolute_url()}edit/"
    assert "Could not be read" in words(client.get(address))
    send(client, address)
    note.refresh_from_db()
    assert note.status == "draft", "It cannot come out with a photo that failed."
    send(client, address, remove=[str(bad.pk)])
    note.refresh_from_db()
    assert note.status == "published"


def test_a_published_note_stands_where_a_new_photo_fails(alice: User) -> None:
    note = make_note(alice, photos=1)
    send(signed_in(alice), f"{note.get_absolute_url()}edit/", photos=[upload("b.png", broken())])
    run_jobs()
    note.refresh_from_db()
    assert (note.status, note.photos.count()) == ("published", 1)
    assert "“b.png” is damaged" in words(signed_in(alice).get(f"{note.get_absolute_url()}edit/"))


def test_a_photo_that_was_ready_before_its_database_was_restored_is_ready_again(alice: User) -> None:
    """The upload is gone by then; the master is there, and no file is written again that is."""
    photo = received(alice)
    process_photo(photo.pk)
    ready = Photo.objects.values().get(pk=photo.pk)
    before = {name: bytes_of(photo, name) for name in stored(photo)}
    unknown = {"roles": [], "fingerprint": None, "tone": "pale"}
    for lost in (set(), {"320.jpg", "640.avif"}):
        Photo.objects.filter(pk=photo.pk).update(state="received", **unknown)
        for name in lost & set(before):
            default_storage.delete(photo.path(name))
        process_photo(photo.pk)
        again = Photo.objects.values().get(pk=photo.pk)
        assert (again.pop("tone"), again.pop("fingerprint") is None) == (ready["tone"], False)
        assert again == {name: value for name, value in ready.items() if name in again}
        assert stored(photo) == set(before)
        assert all(bytes_of(photo, name) == before[name] for name in set(before) - lost)


def test_one_without_a_job_gets_one_where_it_has_a_master(alice: User) -> None:
    photo = received(alice)
    process_photo(photo.pk)
    run_jobs()
    Photo.objects.filter(pk=photo.pk).update(state="received", roles=[])
    give_up_photos()
    assert run_jobs() == 1
    photo.refresh_from_db()
    assert photo.state == "ready"


def bytes_of(photo: Photo, name: str) -> bytes:
    with default_storage.open(photo.path(name)) as file:
        return file.read()


def test_a_photo_whose_file_is_lost_fails(alice: User) -> None:
    photo = received(alice)
    default_storage.delete(photo.original)
    run_jobs()
    photo.refresh_from_db()
    assert (photo.state, photo.reason) == ("failed", "lost")


def test_a_file_that_takes_too_much_fails_and_the_queue_moves_on(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "MEMORY_BYTES", 200_000_000)
    client = signed_in(alice)
    heavy = picture((5000, 5000), "PNG")
    note = made(send(client, title="Two", photos=[upload("a.png", heavy), upload()]))
    run_jobs()
    note.refresh_from_db()
    bad, good = note.photos.all()
    assert (bad.state, bad.reason, good.state, note.status) == ("failed", "too_hard", "ready", "draft")
    assert not default_storage.exists(f"photos/{bad.folder}")
    said = "“a.png” is too complex to process. Save it again as an ordinary JPEG."
    for page in (note.get_absolute_url(), f"{note.get_absolute_url()}edit/"):
        assert said in words(client.get(page))
        chinese = client.get(page, headers={"Accept-Language": "zh-hans"})
        assert "“a.png”处理起来太费力了。" in words(chinese)


def test_a_child_ended_from_outside_leaves_the_photo_waiting(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = received(alice)
    with monkeypatch.context() as patch:
        patch.setattr(imaging, "render", vanish)
        with pytest.raises(sandbox.Interrupted):
            process_photo(photo.pk)
    photo.refresh_from_db()
    assert (photo.state, stored(photo)) == ("received", {"original"})
    process_photo(photo.pk)
    photo.refresh_from_db()
    assert photo.state == "ready"


def test_a_photo_that_no_job_will_decode_is_given_up_and_may_come_again(alice: User) -> None:
    client = signed_in(alice)
    note = made(send(client, title="Two", photos=[upload()]))
    photo = note.photos.get()
    give_up_photos()
    photo.refresh_from_db()
    assert photo.state == "received", "Its job waits."
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    for _ in range(2):
        give_up_photos()
    photo.refresh_from_db()
    note.refresh_from_db()
    assert (photo.state, photo.reason, note.status) == ("failed", "lost", "draft")
    assert not default_storage.exists(f"photos/{photo.folder}")
    assert "We couldn’t process “photo.jpg”. Remove it and add it again." in words(
        client.get(note.get_absolute_url())
    )


def test_after_a_minute_the_author_reads_that_it_takes_longer(client: Client, alice: User) -> None:
    author = signed_in(alice)
    note = made(send(author, title="Two", photos=[upload()]))
    assert "in a few seconds" in words(author.get(note.get_absolute_url()))
    Photo.objects.update(created_at=timezone.now() - timedelta(seconds=61))
    page = author.get(note.get_absolute_url())
    assert "This is taking longer than usual. Your photos are safe" in words(page)
    assert "load delay:10s" in page.content.decode()
    chinese = author.get(note.get_absolute_url(), headers={"Accept-Language": "zh-hans"})
    assert "这次比平时久一些。" in words(chinese)
    said = client.get("/readyz")
    assert said.status_code == 200
    assert said.content.splitlines()[1] in {b"oldest waiting photo: 61 s", b"oldest waiting photo: 62 s"}
    run_jobs()
    assert client.get("/readyz").content == b"ok\noldest waiting photo: none\n"


def test_a_kept_draft_with_a_photo_that_failed_says_so_in_the_form(alice: User) -> None:
    client = signed_in(alice)
    response = send(client, title="x" * 41, photos=[upload("b.png", broken())])
    run_jobs()
    response = client.post("/notes/new/", again(response, title="Short"))
    note = made(response)
    assert note.status == "draft"
    assert "“b.png” is damaged" in words(client.get(note.get_absolute_url()))
    assert Note.objects.count() == 1
