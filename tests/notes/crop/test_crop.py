"""The crop page: who may open it, what it accepts, and what becomes of the photo."""

import io
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

import imaging
from core import sandbox
from core.limits import Limit
from notes.compose.actions import delete_note
from notes.crop.actions import crop_photo, render_crop
from notes.models import Framing, Note, Photo
from notes.photos.actions import receive_photo, renew_renditions
from profiles.models import User
from tests.builders import make_draft, make_note, make_photo, signed_in, upload
from tests.imaging.images import encoded, picture
from tests.imaging.test_crops import NEAR, differ
from tests.markup import content, form_in, words
from tests.notes.photos.receiving import folders, rendering_once
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db

SIZE = (900, 600)
PART = {"turn": "0", "left": "450", "top": "0", "width": "450", "height": "600", "ratio": "free"}
SIDES = ("turn", "left", "top", "width", "height")


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def photo(alice: User) -> Photo:
    """A photo 900 wide and 600 high, in a published note."""
    with rendering_once():
        return made(alice, note=make_note(alice))


def made(owner: User, content: bytes = b"", *, note: Note | None = None) -> Photo:
    """A photo that went all the way."""
    file = upload(content=content or encoded(picture(*SIZE), quality=95))
    photo = receive_photo(owner=owner, file=file, facts=imaging.inspect(file))
    run_jobs()
    Photo.objects.filter(pk=photo.pk).update(note=note)
    photo.refresh_from_db()
    return photo


def address(photo: Photo) -> str:
    return f"/photos/{photo.pk}/edit/"


def save(client: Client, photo: Photo, **changes: Any) -> Any:
    return client.post(address(photo), PART | {"save": "1"} | changes)


def stored(photo: Photo, name: str) -> Image.Image:
    with default_storage.open(photo.path(name)) as file:
        return Image.open(io.BytesIO(file.read())).convert("RGB")


def shown(response: Any) -> dict[str, str]:
    """What the form holds now."""
    fields = form_in(response, "crop").fields
    return {name: fields[name][0] for name in (*SIDES, "ratio")}


def test_a_part_is_shown_once_a_job_has_made_it(client: Client, photo: Photo) -> None:
    old = f"{photo.base}320.jpg"
    old_folder = photo.folder
    response = save(client, photo)
    assert (response.status_code, response["Location"]) == (303, f"/notes/{photo.note_id}/edit/")
    photo.refresh_from_db()
    assert (photo.width, photo.folder) == (900, old_folder)
    assert content(Client().get(old)), "Until then everybody sees what was there."

    assert run_jobs() == 3, "One makes the renditions, one deletes the old files, one looks the note over."
    photo.refresh_from_db()
    assert (photo.width, photo.height, photo.snap, photo.state) == (450, 600, 32, "ready")
    assert photo.folder != old_folder
    assert not default_storage.exists(f"photos/{old_folder}")
    expected = picture(*SIZE).crop((450, 0, 900, 600))
    for role in ("320", "640", "cover480"):
        for kind in ("jpg", "avif"):
            assert differ(stored(photo, f"{role}.{kind}"), expected) <= NEAR, role
    assert not differ(stored(photo, "320.jpg"), picture(*SIZE)) <= NEAR
    for browser in (Client(), client):
        assert browser.get(old).status_code == 404, "What was cut off is reachable no more."
    assert differ(Image.open(io.BytesIO(content(Client().get(f"{photo.base}320.jpg")))), expected) <= NEAR
    note = Note.objects.get(pk=photo.note_id)
    assert (note.status, note.edited_at is not None) == ("published", True)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("turn", [1, 2, 3])
def test_turning_adds_to_what_the_camera_asked_for(
    client: Client, alice: User, orientation: int, turn: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    drawn = picture(600, 400)
    photo = made(alice, encoded(drawn, exif=exif, quality=95))
    upright = drawn.rotate({1: 0, 3: 180, 6: -90, 8: 90}[orientation], expand=True)
    assert (photo.width, photo.height) == upright.size
    across, down = imaging.room(upright.size, turn)
    part = {"turn": turn, "left": 100, "top": 50, "width": across - 100, "height": down - 50}
    assert save(client, photo, **part).status_code == 303
    run_jobs()
    photo.refresh_from_db()
    expected = upright.rotate(-90 * turn, expand=True).crop((100, 50, across, down))
    assert (photo.width, photo.height) == expected.size
    assert differ(stored(photo, "320.jpg"), expected) <= NEAR


def test_it_can_be_cropped_again_from_all_of_it_and_back(client: Client, photo: Photo) -> None:
    with default_storage.open(photo.path("master.jpg")) as first:
        master = first.read()
    save(client, photo)
    run_jobs()
    photo.refresh_from_db()
    assert shown(client.get(address(photo))) == PART
    with default_storage.open(photo.path("master.jpg")) as kept:
        assert kept.read() == master
    assert differ(picture_of(client.get(f"/photos/{photo.pk}/whole.jpg")), picture(*SIZE)) <= NEAR

    page = client.post(address(photo), {"whole": "1"})
    assert shown(page) == PART | {"left": "0", "width": "900"}
    assert client.post(address(photo), form_in(page, "crop").pressed("save", "1")).status_code == 303
    run_jobs()
    photo.refresh_from_db()
    assert (photo.width, photo.height) == SIZE
    assert differ(stored(photo, "320.jpg"), picture(*SIZE)) <= NEAR
    assert Framing.objects.get(photo=photo).is_shown


def picture_of(response: Any) -> Image.Image:
    return Image.open(io.BytesIO(content(response)))


def test_all_of_it_is_its_owners_and_stays_in_no_cache(
    client: Client, photo: Photo, bob: User, mona: User
) -> None:
    whole = f"/photos/{photo.pk}/whole.jpg"
    for _ in ("as it came", "cropped"):
        response = client.get(whole)
        assert (response["Cache-Control"], response["Content-Type"]) == ("private, no-store", "image/jpeg")
        assert (response["Cross-Origin-Resource-Policy"], response["X-Content-Type-Options"]) == (
            "same-origin",
            "nosniff",
        )
        assert picture_of(response).size == SIZE
        for person in (bob, mona, None):
            assert signed_in(person).get(whole).status_code == 404
        save(client, photo)
        run_jobs()
        photo.refresh_from_db()
    for name in ("whole.jpg", "master.jpg"):
        assert client.get(photo.base + name).status_code == 404, "It has no public address."
    assert client.post(whole).status_code == 405


@pytest.mark.parametrize("place", ["loose", "draft", "published", "hidden"])
def test_wherever_the_photo_is_its_owner_alone_gets_the_page(
    client: Client, alice: User, bob: User, mona: User, place: str
) -> None:
    hidden = {"hidden_at": timezone.now(), "hidden_reason": "No ads."}
    notes = {"loose": lambda: None, "draft": lambda: make_draft(alice), "published": lambda: make_note(alice)}
    note = notes.get(place, lambda: make_note(alice, **hidden))()
    photo = make_photo(alice, note=note, with_files=True)
    response = client.get(address(photo))
    assert response.status_code == 200
    everything = {"turn": "0", "left": "0", "top": "0", "width": "96", "height": "128"}
    assert shown(response) == everything | {"ratio": "free"}
    for person in (bob, mona):
        assert signed_in(person).get(address(photo)).status_code == 404
        assert save(signed_in(person), photo, left=0, width=64, height=64).status_code == 404
    visitor = Client()
    assert visitor.get(address(photo))["Location"] == f"/accounts/login/?next={address(photo)}"
    assert save(visitor, photo)["Location"] == "/accounts/login/?next=/"
    assert not Framing.objects.exists()
    response = save(client, photo, left=0, width=64, height=64)
    assert response["Location"] == (f"/notes/{note.pk}/edit/" if note else "/notes/new/")


def test_what_cannot_be_cropped_is_not_there(client: Client, alice: User, photo: Photo) -> None:
    for state in ("received", "failed"):
        other = make_photo(alice, state=state, with_files=True)
        assert client.get(address(other)).status_code == 404
        assert client.get(f"/photos/{other.pk}/whole.jpg").status_code == 404
    lost = make_photo(alice)
    assert client.get(address(lost)).status_code == 404
    default_storage.delete(photo.path("master.jpg"))
    assert client.get(address(photo)).status_code == 404
    assert save(client, photo).status_code == 404
    for path in ("/photos/1/edit/", f"/photos/{10**17}/edit/", f"/photos/{10**30}/edit/", "/photos/0/edit/"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(client: Client, photo: Photo, method: str) -> None:
    assert getattr(client, method)(address(photo)).status_code == 405


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"turn": "4"}, "These numbers are no part of the photo."),
        ({"turn": "-1"}, "These numbers are no part of the photo."),
        ({"left": "-1"}, "These numbers are no part of the photo."),
        ({"left": "901"}, "These numbers are no part of the photo."),
        ({"width": "901"}, "These numbers are no part of the photo."),
        ({"height": "601"}, "These numbers are no part of the photo."),
        ({"turn": "1", "width": "601"}, "These numbers are no part of the photo."),
        ({"width": ""}, "These numbers are no part of the photo."),
        ({"top": "x"}, "These numbers are no part of the photo."),
        ({"top": "9" * 30}, "These numbers are no part of the photo."),
        ({"top": "\0"}, "These numbers are no part of the photo."),
        ({"ratio": "16:9"}, "These numbers are no part of the photo."),
        ({"width": "63"}, "That part is too small."),
        ({"width": "900", "left": "0", "height": "63"}, "That part is too small."),
        ({"height": "70", "width": "84", "ratio": "4:3"}, "That part is too small."),
    ],
    ids=str,
)
def test_bad_numbers_come_back_with_the_reason(
    client: Client, photo: Photo, changes: dict[str, str], says: str
) -> None:
    for button in ({"save": "1"}, {"show": "1"}, {"quarter": "left"}):
        response = client.post(address(photo), PART | changes | button)
        assert response.status_code == 422
        assert says in words(response)
    assert not Framing.objects.exists()


def test_a_long_narrow_part_is_refused(client: Client, alice: User) -> None:
    photo = made(alice, encoded(picture(1400, 100)))
    part = {"left": 0, "top": 0, "width": 1400, "height": 69}
    response = save(client, photo, **part)
    assert response.status_code == 422
    assert "That part is too long and narrow." in words(response)
    assert shown(response) == {"turn": "0", "ratio": "free", **{name: str(part[name]) for name in part}}
    assert save(client, photo, **part | {"height": 70}).status_code == 303


def test_buttons_show_and_save_nothing(client: Client, photo: Photo) -> None:
    page = client.get(address(photo))
    steps: list[tuple[tuple[str, str], dict[str, str], dict[str, str]]] = [
        (("show", "1"), {"ratio": "1:1"}, {"left": "150", "width": "600", "height": "600", "ratio": "1:1"}),
        (("show", "1"), {"left": "300"}, {"left": "300"}),
        (("quarter", "right"), {}, {"turn": "1", "left": "0", "top": "300"}),
        (("quarter", "left"), {}, {"turn": "0", "left": "300", "top": "0"}),
        (("show", "1"), {"ratio": "3:4"}, {"left": "375", "width": "450", "ratio": "3:4"}),
        (("quarter", "left"), {}, {"turn": "3", "left": "0", "width": "600", "height": "800"}),
        (("show", "1"), {"ratio": "own"}, {"ratio": "own", "width": "600", "height": "900", "top": "0"}),
        (
            ("show", "1"),
            {"ratio": "free", "top": "250", "height": "800"},
            {"ratio": "free", "top": "100", "height": "800"},
        ),
        (("whole", "1"), {}, {"turn": "0", "left": "0", "top": "0", "width": "900", "height": "600"}),
    ]
    for (name, value), typed, becomes in steps:
        before = shown(page)
        page = client.post(address(photo), form_in(page, "crop").pressed(name, value, **typed))
        assert page.status_code == 200
        assert shown(page) == before | becomes, (name, typed)
    assert not Framing.objects.exists()


def test_the_picture_is_drawn_as_it_will_be(client: Client, photo: Photo) -> None:
    page = client.post(address(photo), PART | {"quarter": "right"}).content.decode()
    assert 'viewBox="0 0 600 900"' in page
    assert 'transform="translate(600 0) rotate(90)"' in page
    assert "M0 0H600V900H0ZM0 450h600v450h-600Z" in page


def test_the_same_twice_is_as_once(client: Client, photo: Photo) -> None:
    for _ in range(2):
        assert save(client, photo).status_code == 303
    assert Framing.objects.count() == 1
    assert run_jobs() == 3
    photo.refresh_from_db()
    token = photo.token
    for _ in range(2):
        assert save(client, photo).status_code == 303
    assert run_jobs() == 0
    photo.refresh_from_db()
    assert photo.token == token


def test_a_later_wish_takes_the_place_of_one_that_waits(client: Client, photo: Photo) -> None:
    before = len(folders())
    save(client, photo)
    first = Framing.objects.get()
    save(client, photo, left="0")
    second = Framing.objects.get()
    assert first.pk != second.pk
    assert shown(client.get(address(photo)))["left"] == "0"
    run_jobs()
    photo.refresh_from_db()
    assert Framing.objects.get() == second
    assert differ(stored(photo, "320.jpg"), picture(*SIZE).crop((0, 0, 450, 600))) <= NEAR
    assert len(folders()) == before


def test_going_back_before_it_was_made_makes_nothing(client: Client, photo: Photo) -> None:
    before = Photo.objects.filter(pk=photo.pk).values().get()
    save(client, photo)
    save(client, photo, left="0", width="900")
    assert not Framing.objects.exists()
    run_jobs()
    assert Photo.objects.filter(pk=photo.pk).values().get() == before
    assert default_storage.exists(photo.path("320.jpg"))


def test_a_job_that_runs_twice_changes_nothing(client: Client, photo: Photo) -> None:
    save(client, photo)
    framing = Framing.objects.get()
    render_crop(framing.pk)
    run_jobs()
    before, files = Photo.objects.filter(pk=photo.pk).values().get(), folders()
    render_crop(framing.pk)
    assert (Photo.objects.filter(pk=photo.pk).values().get(), folders()) == (before, files)


def test_trouble_half_way_leaves_nothing_and_the_job_tries_again(
    client: Client, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(client, photo)
    framing, before = Framing.objects.get(), folders()
    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "save", full_after(default_storage.save, 3))
        with pytest.raises(OSError, match="full"):
            render_crop(framing.pk)
    assert folders() == before
    assert content(Client().get(f"{photo.base}320.jpg"))
    run_jobs()
    photo.refresh_from_db()
    assert photo.width == 450


def full_after(save: Any, files: int) -> Any:
    left = iter(range(files))

    def save_some(*given: Any) -> Any:
        if next(left, None) is None:
            raise OSError("full")
        return save(*given)

    return save_some


def test_a_wish_overtaken_while_it_is_made_leaves_no_files(
    client: Client, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(client, photo)
    first, before = Framing.objects.get(), folders()
    run = sandbox.run

    def slow_run(*work: Any) -> Any:
        monkeypatch.setattr(sandbox, "run", run)
        save(client, photo, left="0")
        return run(*work)

    monkeypatch.setattr(sandbox, "run", slow_run)
    render_crop(first.pk)
    photo.refresh_from_db()
    assert photo.width == 900
    assert folders() == before
    run_jobs()
    photo.refresh_from_db()
    assert differ(stored(photo, "320.jpg"), picture(*SIZE).crop((0, 0, 450, 600))) <= NEAR


def test_a_master_that_is_lost_leaves_the_photo_as_it_is(client: Client, photo: Photo) -> None:
    before = Photo.objects.filter(pk=photo.pk).values().get()
    save(client, photo)
    default_storage.delete(photo.path("master.jpg"))
    run_jobs()
    assert not Framing.objects.exists()
    assert Photo.objects.filter(pk=photo.pk).values().get() == before
    assert content(Client().get(f"{photo.base}320.jpg"))


@pytest.mark.parametrize("when", ["waiting", "shown", "being made"])
def test_a_deleted_note_takes_every_file_with_it(
    client: Client, photo: Photo, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = folders() - {photo.folder}
    save(client, photo)
    if when == "shown":
        run_jobs()
    run = sandbox.run

    def slow_run(*work: Any) -> Any:
        delete_note(note=photo.note)
        return run(*work)

    if when == "being made":
        monkeypatch.setattr(sandbox, "run", slow_run)
        render_crop(Framing.objects.get().pk)
    else:
        delete_note(note=photo.note)
    run_jobs()
    assert not Photo.objects.exists()
    assert folders() == before


def test_pictures_that_photos_share_stay_for_the_others(client: Client, alice: User, photo: Photo) -> None:
    other = make_photo(alice, note=make_note(alice), folder=photo.folder, width=900, height=600)
    save(client, photo)
    run_jobs()
    assert content(Client().get(f"{other.base}320.jpg"))


def test_too_many_are_refused_with_the_numbers_kept(client: Client, photo: Photo, settings: Any) -> None:
    settings.LIMITS_ON, settings.LIMITS = (
        True,
        settings.LIMITS | {"photos": Limit(2, settings.LIMITS["photos"].window)},
    )
    assert save(client, photo).status_code == 303
    response = save(client, photo, left="0")
    assert response.status_code == 429
    assert "You've reached " in words(response)
    assert shown(response) == PART | {"left": "0"}
    assert Framing.objects.get().left == 450


def test_renditions_made_again_keep_the_crop(client: Client, photo: Photo) -> None:
    save(client, photo)
    run_jobs()
    photo.refresh_from_db()
    before = stored(photo, "320.jpg")
    renew_renditions(photo)
    assert stored(photo, "320.jpg").size == before.size
    assert differ(stored(photo, "320.jpg"), before) <= NEAR


def test_a_photo_deleted_while_it_is_cropped_is_not_there(
    client: Client, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crop_late(**given: Any) -> None:
        Photo.objects.all().delete()
        crop_photo(**given)

    monkeypatch.setattr("notes.crop.views.crop_photo", crop_late)
    assert save(client, photo).status_code == 404


def test_the_page_asks_the_same_few_questions(client: Client, alice: User, photo: Photo) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(photo)).status_code == 200
        return len(queries)

    numbers = [asked()]
    for position in range(1, 10):
        make_photo(alice, note=photo.note, position=position)
    numbers.append(asked())
    save(client, photo)
    numbers.append(asked())
    run_jobs()
    numbers.append(asked())
    assert len(set(numbers)) == 1, numbers
    assert numbers[0] <= 5
