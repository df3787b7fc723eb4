"""Crops concurrent with each other, with their jobs, and with deleting or hiding the note."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

import imaging
from notes.crop.actions import render_crop
from notes.models import Framing, Note, Photo
from notes.moderation import hide_note
from notes.photos.actions import receive_photo
from profiles.models import User
from tests.builders import make_note, signed_in, upload
from tests.imaging.images import encoded, picture
from tests.notes.compose.test_compose_twice import at_once
from tests.notes.crop.test_crop import save
from tests.notes.photos.receiving import folders, rendering_once
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def photo(alice: User) -> Photo:
    file = upload(content=encoded(picture(900, 600)))
    photo = receive_photo(owner=alice, file=file, facts=imaging.inspect(file))
    with rendering_once():
        run_jobs()
    Photo.objects.filter(pk=photo.pk).update(note=make_note(alice))
    photo.refresh_from_db()
    return photo


def saving(alice: User, photo: Photo, **part: Any) -> Callable[[], int]:
    browser = signed_in(alice)
    return lambda: save(browser, photo, **part).status_code


def is_whole(photo: Photo) -> bool:
    """Its files are there, and of the size that it says."""
    photo.refresh_from_db()
    names = set(default_storage.listdir(f"photos/{photo.folder}")[1])
    plan = imaging.sizes(photo.width, photo.height)
    return set(photo.roles) == set(plan) and {f"{role}.jpg" for role in plan} < names


def test_the_same_crop_sent_many_times_at_once_is_one(alice: User, photo: Photo) -> None:
    before = folders()
    assert at_once(*(saving(alice, photo) for _ in range(4))) == [303] * 4
    assert Framing.objects.count() == 1
    assert run_jobs() == 3
    assert is_whole(photo)
    assert len(folders()) == len(before)


def test_different_crops_at_once_leave_one_that_is_whole(alice: User, photo: Photo) -> None:
    before = folders()
    lefts = (0, 100, 200, 300)
    assert at_once(*(saving(alice, photo, left=left) for left in lefts)) == [303] * 4
    wanted = Framing.objects.get()
    run_jobs()
    assert is_whole(photo)
    assert Framing.objects.get() == wanted
    assert len(folders()) == len(before)


def test_one_job_run_by_two_workers_is_done_once(alice: User, photo: Photo) -> None:
    before = folders()
    save(signed_in(alice), photo)
    framing = Framing.objects.get()
    at_once(*[lambda: render_crop(framing.pk)] * 3)
    run_jobs()
    assert is_whole(photo)
    assert Framing.objects.get().is_shown
    assert len(folders()) == len(before)


def test_a_note_deleted_at_the_same_moment(alice: User, photo: Photo) -> None:
    note = Note.objects.get()
    browser = signed_in(alice)
    answers = at_once(
        lambda: browser.post(f"{note.get_absolute_url()}delete/").status_code,
        saving(alice, photo),
        saving(alice, photo, left=0),
    )
    assert answers[0] == 303
    assert set(answers[1:]) <= {303, 404}
    run_jobs()
    assert not Photo.objects.exists()
    assert not default_storage.exists(f"photos/{photo.folder}")


def test_a_note_hidden_while_its_photo_changes_over(alice: User, mona: User, photo: Photo) -> None:
    old = photo.token
    save(signed_in(alice), photo)
    framing, note = Framing.objects.get(), Note.objects.get()
    at_once(lambda: render_crop(framing.pk), lambda: hide_note(note=note, by=mona, reason="No ads."))
    run_jobs()
    assert is_whole(photo)
    assert photo.token != old
    assert Note.objects.get().hidden_at
    assert Client().get(f"{photo.base}320.jpg").status_code == 404
