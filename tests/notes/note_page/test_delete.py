"""Deleting a note: confirmed first, then deleted with its rows, and with its files after the commit."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from notes.models import Collect, Comment, Like, Note, Photo, TaggedNote
from notes.reactions.actions import collect, like
from profiles.models import User
from tests.builders import make_comment, make_note, make_photo, signed_in
from tests.markup import words
from tests.servers import run_jobs


@pytest.fixture
def note(alice: User) -> Note:
    return make_note(alice, "A corner", tags=["tea"])


def asking(note: Note) -> str:
    return f"{note.get_absolute_url()}delete/"


def test_asks_first(alice: User, note: Note) -> None:
    response = signed_in(alice).get(asking(note))
    assert response.status_code == 200
    assert "“A corner” will be deleted for good" in words(response)
    assert Note.objects.get() == note


def test_everything_goes_and_the_files_after_it(alice: User, bob: User, note: Note) -> None:
    photo = make_photo(alice, note=note, with_files=True)
    Note.objects.filter(pk=note.pk).update(cover=photo)
    like(person=bob, note=note)
    collect(person=bob, note=note)
    make_comment(alice, note, parent=make_comment(bob, note))
    response = signed_in(alice).post(asking(note))
    assert (response.status_code, response["Location"]) == (303, "/@alice/")
    for model in (Note, Photo, Like, Collect, Comment, TaggedNote):
        assert not model.objects.exists()
    assert default_storage.exists(photo.path("320.jpg"))
    run_jobs()
    assert not default_storage.exists(f"photos/{photo.folder}")
    assert Client().get(note.get_absolute_url()).status_code == 404


def test_files_that_another_photo_uses_stay_until_it_goes(alice: User, note: Note) -> None:
    photo = make_photo(alice, note=note, with_files=True)
    twin = make_note(alice)
    make_photo(alice, note=twin, folder=photo.folder)
    client = signed_in(alice)
    client.post(asking(note))
    run_jobs()
    assert default_storage.exists(photo.path("320.jpg"))
    client.post(asking(twin))
    run_jobs()
    assert not default_storage.exists(f"photos/{photo.folder}")


def test_deleting_files_twice_or_none_is_harmless(alice: User, note: Note) -> None:
    make_photo(alice, note=note)
    signed_in(alice).post(asking(note))
    assert run_jobs() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_not_by_others(bob: User, charlie: User, mona: User, note: Note, method: str) -> None:
    for person in (bob, charlie, mona):
        assert getattr(signed_in(person), method)(asking(note)).status_code == 404
    response = getattr(Client(), method)(
        asking(note), headers={"Referer": f"http://testserver{asking(note)}"}
    )
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={asking(note)}")
    assert Note.objects.get() == note


def test_a_second_time_there_is_nothing(alice: User, note: Note) -> None:
    client = signed_in(alice)
    assert client.post(asking(note)).status_code == 303
    assert client.post(asking(note)).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(alice: User, note: Note, method: str) -> None:
    assert getattr(signed_in(alice), method)(asking(note)).status_code == 405
    assert Note.objects.get() == note
