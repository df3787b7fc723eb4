"""An avatar from upload to its renditions, and to its removal."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from PIL import Image

from core import sandbox
from people import tasks
from people.actions.avatars import (
    delete_avatar_files,
    give_up_avatars,
    process_avatar,
    receive_avatar,
)
from people.actions.people import suspend_person
from profiles.models import User
from tests.builders import signed_in, status, upload
from tests.servers import run_jobs

PATH = "/settings/profile/"
WORDS = {"name": "Alice An", "handle": "alice"}


def save(person: User, **changed: Any) -> Any:
    return signed_in(person).post(PATH, WORDS | changed)


def give_picture(person: User, **options: Any) -> User:
    receive_avatar(person=person, file=upload(**options))
    run_jobs()
    person.refresh_from_db()
    return person


def files() -> set[str]:
    """Every stored path of avatars."""
    root = Path(default_storage.path("avatars"))
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


@pytest.fixture(autouse=True)
def empty_storage(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_an_upload_waits_and_then_shows_as_squares(alice: User) -> None:
    assert save(alice, avatar=upload("me.png", size=(900, 600), format="PNG")).status_code == 303
    alice.refresh_from_db()
    assert alice.avatar_waiting
    assert not alice.avatar_token
    assert "being prepared" in signed_in(alice).get(PATH).content.decode()

    assert run_jobs() == 1
    alice.refresh_from_db()
    folder = alice.avatar_folder
    assert files() == {f"{folder}/square{size}.{kind}" for size in (96, 192) for kind in ("avif", "jpg")}
    assert alice.avatar_waiting == ""
    page = signed_in(alice).get("/@alice/").content.decode()
    assert f"/avatars/{alice.avatar_token}-square192.jpg" in page
    assert folder not in page


@pytest.mark.parametrize(("extension", "kind"), [("jpg", "JPEG"), ("avif", "AVIF")])
@pytest.mark.parametrize("size", [96, 192])
def test_squares_are_served_to_anybody_for_a_day(
    client: Client, alice: User, size: int, extension: str, kind: str
) -> None:
    give_picture(alice, size=(600, 800))
    response = client.get(f"/avatars/{alice.avatar_token}-square{size}.{extension}")
    picture = Image.open(io.BytesIO(response.getvalue()))
    assert (picture.format, picture.size) == (kind, (size, size))
    assert response["Cache-Control"] == "public, max-age=86400, immutable"
    assert response["Content-Type"] == f"image/{kind.lower()}"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Cookie" not in response.get("Vary", "")


def test_serving_asks_the_database_once(alice: User, django_assert_num_queries: Any) -> None:
    give_picture(alice)
    client = signed_in(alice)
    with django_assert_num_queries(1):
        assert status(client, f"/avatars/{alice.avatar_token}-square96.jpg") == 200


def test_a_small_picture_has_both_names(client: Client, alice: User) -> None:
    give_picture(alice, size=(70, 80))
    for size in (96, 192):
        assert status(client, f"/avatars/{alice.avatar_token}-square{size}.jpg") == 200


def test_a_new_picture_ends_the_old_address_and_files(client: Client, alice: User) -> None:
    old = give_picture(alice).avatar_token
    new = give_picture(alice, colour=(0, 0, 200)).avatar_token
    assert old != new
    assert status(client, f"/avatars/{old}-square96.jpg") == 404
    assert status(client, f"/avatars/{new}-square96.jpg") == 200
    assert {path.rpartition("/")[0] for path in files()} == {alice.avatar_folder}


def test_of_two_uploads_the_later_stays(alice: User) -> None:
    receive_avatar(person=alice, file=upload(colour=(255, 0, 0)))
    receive_avatar(person=alice, file=upload(colour=(0, 0, 255)))
    run_jobs()
    alice.refresh_from_db()
    with default_storage.open(f"avatars/{alice.avatar_folder}/square96.jpg") as file:
        assert Image.open(file).getpixel((40, 40))[2] > 200
    assert len(files()) == 4


def test_the_chosen_part_is_shown(alice: User) -> None:
    two = Image.new("RGB", (400, 200), "red")
    two.paste("blue", (200, 0, 400, 200))
    stream = io.BytesIO()
    two.save(stream, "PNG")
    for across, channel in ((0, 0), (100, 2)):
        file = upload("me.png", stream.getvalue())
        part = {"avatar_zoom": 150, "avatar_across": across, "avatar_down": 50}
        assert save(alice, avatar=file, **part).status_code == 303
        run_jobs()
        alice.refresh_from_db()
        with default_storage.open(f"avatars/{alice.avatar_folder}/square96.jpg") as stored:
            shown = Image.open(stored)
            assert all(shown.getpixel((x, 48))[channel] > 200 for x in (4, 91))


@pytest.mark.parametrize(
    "part", [{"avatar_zoom": 99}, {"avatar_zoom": 401}, {"avatar_across": -1}, {"avatar_down": "x"}]
)
def test_a_part_that_is_none_is_refused(alice: User, part: Any) -> None:
    assert save(alice, avatar=upload(), **part).status_code == 422
    assert files() == set()


def test_a_job_of_before_parts_were_chosen_shows_the_middle(alice: User) -> None:
    receive_avatar(person=alice, file=upload())
    alice.refresh_from_db()
    tasks.process_avatar(alice.pk, alice.avatar_waiting)
    alice.refresh_from_db()
    assert alice.avatar_token


def test_while_it_is_prepared_its_owner_reads_so_and_the_page_asks_for_it(alice: User, bob: User) -> None:
    answer = save(alice, avatar=upload())
    for address in (answer["Location"], PATH):
        page = signed_in(alice).get(address).text
        assert "It shows in a moment." in page
        assert f'data-hx-get="{address}"' in page
        assert 'data-hx-select="#own-picture"' in page
    assert "own-picture" not in signed_in(bob).get(answer["Location"]).text
    run_jobs()
    for address in (answer["Location"], PATH):
        assert 'data-hx-select="#own-picture"' not in signed_in(alice).get(address).text


def test_processing_twice_changes_nothing(alice: User) -> None:
    receive_avatar(person=alice, file=upload())
    alice.refresh_from_db()
    folder = alice.avatar_waiting
    process_avatar(alice.pk, folder)
    alice.refresh_from_db()
    token, kept = alice.avatar_token, files()
    process_avatar(alice.pk, folder)
    alice.refresh_from_db()
    assert (alice.avatar_token, files()) == (token, kept)


def test_removing(client: Client, alice: User) -> None:
    token = give_picture(alice).avatar_token
    for _ in range(2):
        assert save(alice, remove_avatar="on").status_code == 303
    run_jobs()
    alice.refresh_from_db()
    assert alice.avatar_base == ""
    assert files() == set()
    assert status(client, f"/avatars/{token}-square96.jpg") == 404


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (lambda: upload("me.jpg", b"no picture at all"), "not a photo we can read"),
        (lambda: upload("me.jpg", b""), "empty"),
        (lambda: upload("me.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "not a photo we can read"),
        (lambda: upload("me.png", size=(30, 30), format="PNG"), "too small"),
    ],
)
def test_no_picture_is_422_with_the_reason_and_the_words_kept(alice: User, file: Any, message: str) -> None:
    response = save(alice, name="Alice Anew", avatar=file())
    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert "Alice Anew" in page
    assert files() == set()


def test_what_breaks_while_decoding_is_said_and_leaves_the_old_one(alice: User) -> None:
    token = give_picture(alice).avatar_token
    whole = upload(size=(1200, 900)).read()
    receive_avatar(person=alice, file=upload(content=whole[: len(whole) // 2]))
    run_jobs()
    alice.refresh_from_db()
    assert alice.avatar_token == token
    assert alice.avatar_refused
    assert "could not be read" in signed_in(alice).get(PATH).content.decode()
    assert len(files()) == 4


def test_an_upload_that_no_job_will_decode_is_refused(alice: User) -> None:
    token = give_picture(alice).avatar_token
    receive_avatar(person=alice, file=upload())
    give_up_avatars()
    alice.refresh_from_db()
    assert alice.avatar_waiting, "Its job waits."
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    give_up_avatars()
    alice.refresh_from_db()
    assert (alice.avatar_waiting, alice.avatar_refused, alice.avatar_token) == ("", "lost", token)
    assert "could not be read" in signed_in(alice).get(PATH).content.decode()
    assert len(files()) == 4


def test_a_picture_that_was_ready_before_its_database_was_restored_is_shown_again(alice: User) -> None:
    give_picture(alice)
    alice.refresh_from_db()
    folder, before = alice.avatar_folder, files()
    User.objects.filter(pk=alice.pk).update(avatar_folder="", avatar_token="", avatar_waiting=folder)
    process_avatar(alice.pk, folder)
    alice.refresh_from_db()
    assert (alice.avatar_folder, alice.avatar_waiting, alice.avatar_refused) == (folder, "", "")
    assert alice.avatar_token
    assert files() == before


def test_a_late_deletion_leaves_a_picture_that_is_shown(alice: User) -> None:
    folder, before = give_picture(alice).avatar_folder, files()
    delete_avatar_files(folder)
    assert files() == before
    User.objects.filter(pk=alice.pk).update(avatar_folder="", avatar_token="")
    delete_avatar_files(folder)
    assert files() == set()


def test_a_picture_that_takes_too_much_is_refused(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MEMORY_BYTES", 120_000_000)
    receive_avatar(person=alice, file=upload("me.png", size=(5000, 5000), format="PNG"))
    run_jobs()
    alice.refresh_from_db()
    assert (alice.avatar_waiting, alice.avatar_refused) == ("", "too_hard")
    assert files() == set()


def test_unknown_names(client: Client, alice: User) -> None:
    token = give_picture(alice).avatar_token
    for name in (
        f"{token}-square96.png",
        f"{token}-original.jpg",
        f"{token}-square64.jpg",
        "0" * 32 + "-square96.jpg",
    ):
        assert status(client, f"/avatars/{name}") == 404, name
    assert status(client, "/avatars/-square96.jpg") == 404, "an empty name is no file"


def test_the_suspended_have_no_picture(client: Client, alice: User, mona: User) -> None:
    token = give_picture(alice).avatar_token
    suspend_person(person=alice, by=mona, reason="Spam")
    assert status(client, f"/avatars/{token}-square96.jpg") == 404


def test_behind_nginx_the_file_is_only_named(client: Client, alice: User, settings: Any) -> None:
    token = give_picture(alice).avatar_token
    settings.MEDIA_ACCEL_PREFIX = "/protected/"
    response = client.get(f"/avatars/{token}-square96.jpg")
    assert response["X-Accel-Redirect"] == f"/protected/avatars/{alice.avatar_folder}/square96.jpg"
    assert response.content == b""
