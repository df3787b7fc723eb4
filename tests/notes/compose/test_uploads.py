"""Photos uploaded ahead of their note: once per key, in its draft, for their owner only; leftovers are swept."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as project
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from core.limits import Limit
from core.storage import StorageAway
from notes.compose.uploads import sweep_uploads, take_back
from notes.models import Note, Photo, Upload
from notes.photos.actions import sweep_loose_photos
from profiles.models import User
from tests.builders import make_draft, make_note, make_photo, picture, signed_in, upload
from tests.markup import form_in, words
from tests.notes.compose.filled_form import NEW, again, filled_in, made, send
from tests.notes.compose.test_compose_twice import at_once
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db
HERE = "/uploads/"


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


def put(client: Client, *, content: bytes | None = None, name: str = "a.jpg", **fields: Any) -> HttpResponse:
    fields = {"key": str(uuid4())} | fields
    return client.post(HERE, fields | {"photos": upload(name, content)})


def test_a_photo_waits_in_a_draft_of_its_form(client: Client, alice: User) -> None:
    form = filled_in(client)
    answer = put(client, note=form["key"][0])
    assert answer.status_code == 200
    draft = Note.objects.get()
    photo = draft.photos.get()
    assert (draft.author, draft.status, str(draft.key)) == (alice, "draft", form["key"][0])
    assert (photo.owner, photo.state, photo.digest) == (
        alice,
        "received",
        hashlib.sha256(picture()).hexdigest(),
    )
    assert "<html" not in answer.text
    for said in (
        f'data-photo="{photo.pk}"',
        f'data-draft="{draft.pk}"',
        f'data-address="/notes/{draft.pk}/edit/"',
    ):
        assert said in answer.text
    note = made(client.post(NEW, form | {"draft": draft.pk, "photo": [photo.pk], "title": "Up before"}))
    assert (note.pk, note.status, note.photos.get().pk) == (draft.pk, "processing", photo.pk)
    run_jobs()
    note.refresh_from_db()
    assert note.status == "published"


def test_photos_take_the_places_they_were_chosen_for(client: Client) -> None:
    note = str(uuid4())
    for place in (2, 0, 1, 2, 17, 17):
        assert put(client, note=note, place=place, content=picture((70 + place, 90))).status_code == 200
    photos = Note.objects.get().photos.all()
    assert [(photo.position, photo.width - 70) for photo in photos] == [
        (0, 0), (1, 1), (2, 2), (3, 2), (4, 17), (17, 17)
    ]  # fmt: skip


def test_sent_again_it_is_the_same_photo(client: Client) -> None:
    key, note = str(uuid4()), str(uuid4())
    first, second = (put(client, key=key, note=note) for _ in range(2))
    assert (first.status_code, first.text) == (second.status_code, second.text) == (200, first.text)
    assert Photo.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_sent_at_the_same_moment_it_is_one_photo_of_one_draft(alice: User) -> None:
    note, keys = str(uuid4()), [str(uuid4()) for _ in range(3)]
    sendings = [
        lambda key=key, place=place: put(signed_in(alice), key=key, note=note, place=place)
        for place, key in enumerate(keys)
        for _ in range(3)
    ]
    assert {answer.status_code for answer in at_once(*sendings)} == {200}
    draft = Note.objects.get()
    assert [photo.position for photo in draft.photos.all()] == [0, 1, 2]
    assert Photo.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_words_saved_while_photos_come_lose_none(alice: User) -> None:
    browser = signed_in(alice)
    form = filled_in(browser, title="Meanwhile", action="keep")
    put(browser, note=form["key"][0])
    draft = Note.objects.get()
    listed = form | {"draft": draft.pk, "photo": [draft.photos.get().pk]}
    listed.pop("seen")
    for round_ in range(5):
        words_ = listed | {"body": f"Round {round_}"}
        saving = [lambda words_=words_: signed_in(alice).post(NEW, words_)] * 2
        coming = [lambda: put(signed_in(alice), note=form["key"][0])] * 2
        assert {answer.status_code for answer in at_once(*saving, *coming)} == {200}
    assert draft.photos.count() == 11
    draft.refresh_from_db()
    assert (draft.title, draft.body) == ("Meanwhile", "Round 4")


@pytest.mark.parametrize("status", ["published", "processing"])
def test_a_note_that_is_out_takes_no_photo_before_its_form_is_saved(
    client: Client, alice: User, status: str
) -> None:
    note = make_note(alice, "Out", status=status, photos=1)
    answer = put(client, note=str(note.key))
    photo = Photo.objects.loose(alice).get()
    assert (answer.status_code, note.photos.count()) == (200, 1)
    assert "data-draft" not in answer.text
    send(client, f"{note.get_absolute_url()}edit/", photo=[photo.pk, note.cover_id])
    run_jobs()
    assert [each.pk for each in note.photos.all()] == [photo.pk, note.cover_id]


def test_a_scheduled_note_takes_no_photo_before_its_form_is_saved(client: Client, alice: User) -> None:
    at = timezone.now().replace(second=0, microsecond=0) + timedelta(hours=3)
    note = make_draft(alice, "Later", scheduled_for=at)
    assert put(client, note=str(note.key)).status_code == 200
    photo = Photo.objects.loose(alice).get()
    assert not note.photos.exists()
    send(client, f"{note.get_absolute_url()}edit/", photo=[photo.pk], action="schedule")
    note.refresh_from_db()
    assert (note.photos.get(), note.scheduled_for) == (photo, at)


def test_a_full_draft_takes_no_more_and_the_form_says_so(client: Client, alice: User) -> None:
    draft = make_draft(alice, "Full")
    for position in range(18):
        make_photo(alice, note=draft, position=position)
    assert put(client, note=str(draft.key)).status_code == 200
    loose = Photo.objects.loose(alice).get()
    address = f"{draft.get_absolute_url()}edit/"
    kept = [photo.pk for photo in draft.photos.all()]
    response = send(client, address, photo=[*kept, loose.pk], action="draft")
    assert response.status_code == 422
    assert "A note holds 18 photos. The last one was left out." in words(response)
    assert [photo.pk for photo in draft.photos.all()] == kept


@pytest.mark.parametrize(
    ("content", "status", "why"),
    [
        (b"no photo", 422, "“a.jpg” is not a photo we can read."),
        (b"", 422, "“a.jpg” is empty."),
        (b"\xff\xd8\xff" + bytes(25 * 2**20), 413, "“a.jpg” is larger than 25 MB."),
        (picture(format="PNG")[:-30], 422, "“a.jpg” is damaged or cut short."),
    ],
)
def test_what_is_no_photo_is_refused_with_its_reason(
    client: Client, content: bytes, status: int, why: str
) -> None:
    answer = put(client, content=content, note=str(uuid4()))
    assert answer.status_code == status
    assert why in answer.text
    assert not Photo.objects.exists()
    assert not Note.objects.exists()
    assert not Upload.objects.exists(), "The same key may be tried with a better file."


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"key": "no-key"},
        {"key": "\0"},
        {"key": str(uuid4()), "note": "x"},
        {"key": str(uuid4()), "place": "18"},
        {"key": str(uuid4()), "place": "-1"},
    ],
)
def test_a_form_that_is_none_is_refused(client: Client, fields: dict[str, str]) -> None:
    assert client.post(HERE, fields | {"photos": upload()}).status_code == 422
    assert client.post(HERE, {"key": str(uuid4())}).status_code == 422
    assert not Photo.objects.exists()


def test_each_photo_is_counted_once(client: Client, alice: User, settings: Any) -> None:
    settings.LIMITS_ON = True
    settings.LIMITS = project.LIMITS | {"photos": Limit(4, timedelta(hours=1))}
    key, note = str(uuid4()), str(uuid4())
    assert [put(client, key=key, note=note).status_code for _ in range(5)] == [200] * 5
    assert put(client, note=note).status_code == 200
    answer = put(client, note=note)
    assert answer.status_code == 429
    assert "Try again" in answer.text
    assert Photo.objects.count() == 2


def test_taken_back_it_is_gone_with_its_file(client: Client) -> None:
    key = str(uuid4())
    put(client, key=key, note=str(uuid4()))
    photo = Photo.objects.get()
    for _ in range(2):
        assert client.post(f"{HERE}{key}/delete/").status_code == 204
    assert not Photo.objects.exists()
    run_jobs()
    assert not default_storage.exists(f"photos/{photo.folder}")
    assert put(client, key=key).status_code == 404, "It does not come back."


def test_taken_back_before_it_came_it_is_not_taken(client: Client) -> None:
    key, note = str(uuid4()), str(uuid4())
    assert client.post(f"{HERE}{key}/delete/").status_code == 204
    assert put(client, key=key, note=note).status_code == 404
    assert not Photo.objects.exists()
    assert not Note.objects.exists()


def test_a_photo_of_a_note_that_is_out_is_not_taken_back(client: Client, alice: User) -> None:
    form, key = filled_in(client, title="Out"), uuid4()
    put(client, key=str(key), note=form["key"][0])
    draft = Note.objects.get()
    client.post(NEW, form | {"draft": draft.pk, "photo": [draft.photos.get().pk]})
    take_back(owner=alice, key=key)
    assert draft.photos.count() == 1


def test_a_key_is_its_owners(client: Client, charlie: User) -> None:
    key, note = str(uuid4()), str(uuid4())
    put(client, key=key, note=note)
    theirs = signed_in(charlie)
    assert theirs.post(f"{HERE}{key}/delete/").status_code == 204
    assert put(theirs, note=note).status_code == 200
    assert {(photo.owner_id, photo.note.author_id) for photo in Photo.objects.select_related("note")} == {
        (photo.owner_id, photo.owner_id) for photo in Photo.objects.all()
    }
    assert Note.objects.count() == 2


def test_a_visitor_signs_in_first_and_other_methods_are_refused(client: Client) -> None:
    for path in (HERE, f"{HERE}{uuid4()}/delete/"):
        assert Client().post(path, {"photos": upload()}).status_code == 302
        for method in ("get", "put", "delete"):
            assert getattr(client, method)(path).status_code == 405
    assert Client(enforce_csrf_checks=True).post(HERE).status_code == 403
    assert not Upload.objects.exists()


def test_the_same_photo_twice_is_said_and_kept(client: Client) -> None:
    note = str(uuid4())
    assert "The same as photo" not in put(client, note=note, content=picture((70, 70))).text
    put(client, note=note, place=1)
    assert "The same as photo 2" in put(client, note=note, place=2, name="b.jpg").text
    assert "The same as photo" not in put(client, note=str(uuid4()), name="b.jpg").text


def test_the_same_photo_twice_in_one_form_is_said(client: Client) -> None:
    photos = [upload("a.jpg"), upload("b.jpg", size=(100, 100)), upload("c.jpg")]
    response = send(client, photos=photos)
    assert response.status_code == 422
    assert words(response).count("The same as photo") == 1
    assert "The same as photo 1" in words(response)
    answer = client.post(NEW, again(response, title="Twice", photos=[upload("d.jpg")]), follow=True)
    assert "Photo 3 is the same as photo 1." in answer.text
    assert "Photo 4 is the same as photo 1." in answer.text
    assert Note.objects.get().photos.count() == 4


def test_keys_and_empty_drafts_are_swept_after_a_day(client: Client, alice: User) -> None:
    key, worded, young = str(uuid4()), make_draft(alice, "Worded"), uuid4()
    put(client, key=key, note=str(uuid4()))
    client.post(f"{HERE}{key}/delete/")
    full = put(client, note=str(uuid4()))
    put(client, key=str(young))
    shown = Note.objects.filter(photos__isnull=False).get()
    tagged = make_draft(alice)
    Note.objects.filter(pk=tagged.pk).update(title="")
    tagged.tags.add("tea")
    old = {"created_at": timezone.now() - timedelta(hours=25)}
    Note.objects.update(**old)
    Upload.objects.exclude(key=young).update(**old)
    late = make_draft(alice)
    Note.objects.filter(pk=late.pk).update(title="")
    assert full.status_code == 200
    for _ in range(2):
        sweep_uploads()
        sweep_loose_photos()
    assert set(Note.objects.all()) == {worded, shown, tagged, late}
    assert [upload.key for upload in Upload.objects.all()] == [young]


def test_while_storage_is_away_nothing_is_taken_and_the_same_key_may_come_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*given: Any) -> None:
        raise StorageAway("no room")

    key = str(uuid4())
    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "save", away)
        refused = put(client, key=key)
    assert (refused.status_code, "cannot be stored right now" in refused.text) == (503, True)
    assert not Photo.objects.exists()
    assert not Upload.objects.exists()
    assert put(client, key=key).status_code == 200


def test_a_photo_is_asked_for_until_it_is_prepared(client: Client, bob: User) -> None:
    put(client, note=str(uuid4()))
    photo = Photo.objects.get()
    address = f"/photos/{photo.pk}/picture/"
    editor = f"{photo.note.get_absolute_url()}edit/"
    for page in (client.get(editor).text, client.get(address).text):
        assert f'data-develops="{address}"' in page
        assert "Being prepared" in page
    run_jobs()
    photo.refresh_from_db()
    answer = client.get(address)
    assert f'src="{photo.base}320.jpg"' in answer.text
    assert 'name="crop"' in answer.text
    assert "data-develops" not in answer.text + client.get(editor).text
    assert "<html" not in answer.text
    assert signed_in(bob).get(address).status_code == 404


def test_a_photo_that_cannot_be_prepared_is_not_asked_for_again(client: Client) -> None:
    put(client, note=str(uuid4()))
    Photo.objects.update(state="failed", reason="damaged")
    answer = client.get(f"/photos/{Photo.objects.get().pk}/picture/").text
    assert "Could not be read" in answer
    assert "data-develops" not in answer


def test_without_scripts_a_button_asks_and_keeps_what_was_typed(client: Client) -> None:
    put(client, note=str(uuid4()))
    editor = f"{Note.objects.get().get_absolute_url()}edit/"
    data = form_in(client.get(editor), "compose").pressed("show", "1", title="Half typed")
    run_jobs()
    answer = client.post(editor, data)
    assert 'name="crop"' in answer.text
    assert form_in(answer, "compose").fields["title"] == ["Half typed"]
    assert Note.objects.get().title == ""
