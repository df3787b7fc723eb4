"""Photo files: who may fetch them, and the caching headers of the responses."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notes.models import Note, Photo
from notes.moderation import hide_note, restore_note
from people.actions.people import restore_person, suspend_person
from profiles.models import User
from tests.builders import make_note, make_photo, signed_in
from tests.markup import content

PUBLIC, PRIVATE = "public, max-age=86400, immutable", "private, no-store"


@pytest.fixture
def photo(alice: User) -> Photo:
    return make_photo(alice, note=make_note(alice), with_files=True, roles=["320", "cover480"])


def show(photo: Photo, **fields: str) -> str:
    """Gives the photo's note these fields; the address of a rendition."""
    Note.objects.filter(pk=photo.note_id).update(**fields)
    return f"{photo.base}320.jpg"


@pytest.mark.parametrize(
    ("name", "kind", "start"),
    [("320.jpg", "image/jpeg", b"\xff\xd8"), ("cover480.avif", "image/avif", b"\0\0\0")],
)
def test_a_public_photo_is_everybodys_for_a_day(photo: Photo, name: str, kind: str, start: bytes) -> None:
    response = Client().get(photo.base + name)
    assert response.status_code == 200
    assert response["Content-Type"] == kind
    assert response["Cache-Control"] == PUBLIC
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    body = content(response)
    assert body.startswith(start)
    assert int(response["Content-Length"]) == len(body)


@pytest.mark.parametrize("who", ["visitor", "alice", "bob"])
def test_a_public_photo_is_one_look_up_and_no_session(photo: Photo, alice: User, bob: User, who: str) -> None:
    browser = signed_in({"visitor": None, "alice": alice, "bob": bob}[who])
    with CaptureQueriesContext(
        connection,
    ) as asked:
        response = browser.get(f"{photo.base}320.jpg")
        assert response["Cache-Control"] == PUBLIC
        content(response)
    assert len(asked) == 1, [query["sql"] for query in asked]
    assert "Index" in explained(asked[0]["sql"])


def explained(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}")
        return " ".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize(
    "fields", [{"visibility": "followers"}, {"visibility": "private"}, {"status": "draft"}]
)
def test_another_photo_is_for_those_who_see_the_note_and_is_not_stored(
    photo: Photo, alice: User, fields: dict
) -> None:
    address = show(photo, **fields)
    response = signed_in(alice).get(address)
    assert (response.status_code, response["Cache-Control"]) == (200, PRIVATE)
    assert content(response)
    assert Client().get(address).status_code == 404


def test_a_follower_gets_what_is_for_followers(photo: Photo, bob: User, charlie: User) -> None:
    address = show(photo, visibility="followers")
    assert content(signed_in(bob).get(address))
    assert signed_in(charlie).get(address).status_code == 404


def test_a_photo_of_no_note_is_its_owners(alice: User, bob: User, mona: User) -> None:
    loose = make_photo(alice, with_files=True, roles=["320"])
    response = signed_in(alice).get(f"{loose.base}320.jpg")
    assert response["Cache-Control"] == PRIVATE
    assert content(response)
    for person in (bob, mona, None):
        assert signed_in(person).get(f"{loose.base}320.jpg").status_code == 404


def test_hiding_ends_the_old_addresses_and_restoring_does_not_bring_them_back(
    photo: Photo, alice: User, mona: User
) -> None:
    old = show(photo)
    note = Note.objects.get(pk=photo.note_id)
    hide_note(note=note, by=mona, reason="No ads.")
    photo.refresh_from_db()
    new = f"{photo.base}320.jpg"
    assert old != new
    for person in (alice, mona):
        assert signed_in(person).get(old).status_code == 404
        response = signed_in(person).get(new)
        assert (content(response)[:2], response["Cache-Control"]) == (b"\xff\xd8", PRIVATE)
    assert Client().get(new).status_code == 404
    restore_note(note=note)
    assert Client().get(old).status_code == 404
    assert content(Client().get(new))


def test_suspending_its_author_does_too(photo: Photo, alice: User, mona: User) -> None:
    old = show(photo)
    suspend_person(person=alice, by=mona, reason="Harassment.")
    photo.refresh_from_db()
    new = f"{photo.base}320.jpg"
    assert old != new
    for address in (old, new):
        assert Client().get(address).status_code == 404
    restore_person(person=alice)
    assert Client().get(old).status_code == 404
    assert content(Client().get(new))


@pytest.mark.parametrize(
    "name",
    [
        "master.jpg",
        "640.jpg",
        "320.png",
        "320.webp",
        "320",
        "320.",
        "original",
        "original.jpg",
        "cover960.avif",
        "320.JPG",
    ],
)
def test_what_is_not_a_rendition_is_404(photo: Photo, alice: User, name: str) -> None:
    for browser in (Client(), signed_in(alice)):
        assert browser.get(photo.base + name).status_code == 404


@pytest.mark.parametrize("token", ["x", "0" * 32, "0" * 1900, "", "图", "..", "../photos/x"])
def test_a_name_nobody_has_is_404(db: None, token: str) -> None:
    assert Client().get(f"/media/{token}-320.jpg").status_code == 404


def test_a_file_that_storage_lost_is_404(alice: User) -> None:
    photo = make_photo(alice, note=make_note(alice))
    assert Client().get(f"{photo.base}320.jpg").status_code == 404


def test_nginx_sends_the_file_where_it_is_told_to(photo: Photo, settings: pytest.FixtureRequest) -> None:
    settings.MEDIA_ACCEL_PREFIX = "/protected/"
    response = Client().get(f"{photo.base}320.jpg")
    assert response["X-Accel-Redirect"] == f"/protected/photos/{photo.folder}/320.jpg"
    assert (response["Content-Type"], response["X-Media-Cache-Control"], response.content) == (
        "image/jpeg",
        PUBLIC,
        b"",
    )
    assert "Cache-Control" not in response, "which nginx would keep on an error of its own"
    assert Client().get(f"{photo.base}master.jpg").status_code == 404
    assert Client().get(show(photo, visibility="private")).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_other_methods_are_refused(photo: Photo, method: str) -> None:
    assert getattr(Client(), method)(f"{photo.base}320.jpg").status_code == 405


def test_head_says_what_get_would(photo: Photo, settings: pytest.FixtureRequest) -> None:
    settings.MEDIA_ACCEL_PREFIX = "/protected/"
    response = Client().head(f"{photo.base}320.jpg")
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")


def test_a_processing_note_keeps_its_ready_photo_to_itself(photo: Photo) -> None:
    assert Client().get(show(photo, status="processing")).status_code == 404
    assert content(Client().get(show(photo, status="published")))
