"""A compose form set aside while one of its photos is cropped comes back unchanged."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from core.models import ParkedForm
from core.parked_forms import ASIDE_MAX
from notes.compose.revisions import revision_of
from notes.models import Framing, Note, Photo
from profiles.models import User
from tests.builders import make_draft, make_note, make_photo, signed_in, upload
from tests.markup import form_in, words
from tests.notes.compose.filled_form import NEW, again, filled_in, made, send

pytestmark = pytest.mark.django_db

# As odd as a person leaves them in the middle of it: none of it would pass.
TYPED = {
    "title": " far too long a title " * 5,
    "body": "Half a sentence\r\nabout #tea",
    "tags": "tea, ★",
    "place": "Gate",
    "visibility": "private",
    "disclosure": "gifted",
    "partner": "Pot",
    "text_tone": "leaf",
}


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


def editor(note: Note) -> str:
    return f"{note.get_absolute_url()}edit/"


def to_crop(client: Client, path: str, sent: dict[str, Any], photo: Photo) -> Any:
    """Presses the button Crop of a form; the page it leads to."""
    response = client.post(
        path, {name: value for name, value in sent.items() if name != "action"} | {"crop": photo.pk}
    )
    assert response.status_code == 303
    assert re.fullmatch(rf"/photos/{photo.pk}/edit/\?kept=[0-9a-f]{{32}}", response["Location"])
    return client.get(response["Location"])


def way_back(page: Any) -> str:
    found = re.findall(r'href="([^"]+\?words=[0-9a-f]{32})"', page.content.decode())
    assert len(set(found)) == 1
    return found[0]


def holds(page: Any, typed: dict[str, str]) -> None:
    assert page.status_code == 200
    fields = form_in(page, "compose").fields
    for name, value in typed.items():
        assert [each.replace("\r\n", "\n") for each in fields[name]] == [value.replace("\r\n", "\n")], name


@pytest.mark.parametrize("leaves", ["saves", "gives up"])
@pytest.mark.parametrize("status", ["draft", "published"])
def test_nothing_typed_is_lost_and_nothing_is_saved(
    client: Client, alice: User, status: str, leaves: str
) -> None:
    note = make_draft(alice, "Before") if status == "draft" else make_note(alice, "Before")
    first, second, third = (
        make_photo(alice, note=note, position=place, with_files=True, alt="As it was") for place in range(3)
    )
    before = Note.objects.filter(pk=note.pk).values().get()
    sent = filled_in(
        client,
        editor(note),
        **TYPED,
        photo=[third.pk, first.pk],
        remove=[second.pk],
        cover=str(first.pk),
        **{f"alt-{first.pk}": "Typed anew"},
    )
    page = to_crop(client, editor(note), sent, first)
    back = way_back(page)
    assert back.startswith(f"{editor(note)}?words=")
    if leaves == "saves":
        pressed = form_in(page, "crop").pressed("save", "1", width="64", height="64")
        response = client.post(page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"], pressed)
        assert (response.status_code, response["Location"]) == (303, back)
    returned = client.get(back)
    holds(returned, TYPED | {f"alt-{first.pk}": "Typed anew", f"alt-{third.pk}": "As it was"})
    fields = form_in(returned, "compose").fields
    assert fields["photo"] == [str(third.pk), str(first.pk)]
    assert (fields["remove"], fields["cover"]) == ([str(second.pk)], [str(first.pk)])
    assert Note.objects.filter(pk=note.pk).values().get() == before
    assert note.photos.count() == 3
    assert Framing.objects.count() == (leaves == "saves")

    assert client.post(editor(note), again(returned, title="After", tags="tea")).status_code == 303
    note.refresh_from_db()
    assert (note.title, note.photos.count(), note.cover, note.text_tone) == ("After", 2, first, "leaf")


def test_a_new_note_waits_too_with_the_photos_that_just_came(client: Client, alice: User) -> None:
    ready = make_photo(alice, with_files=True)
    sent = filled_in(client, **TYPED, photo=[ready.pk], photos=[upload()], alt=["New"], cover="1")
    back = way_back(to_crop(client, NEW, sent, ready))
    returned = client.get(back)
    came = Photo.objects.exclude(pk=ready.pk).get()
    holds(returned, TYPED | {f"alt-{came.pk}": "New", "cover": "1"})
    assert form_in(returned, "compose").fields["photo"] == [str(ready.pk), str(came.pk)]
    assert not Note.objects.exists()
    note = made(client.post(NEW, again(returned, title="Now", tags="tea")))
    assert (note.photos.count(), note.cover, note.text_tone) == (2, came, "leaf")
    assert client.get(back)["Location"] == note.get_absolute_url(), (
        "It is out: there is nothing to go on with."
    )


def test_a_kept_draft_goes_on_as_the_same_draft(client: Client, alice: User) -> None:
    draft = make_draft(alice)
    photo = make_photo(alice, note=draft, with_files=True)
    sent = filled_in(client, **TYPED, draft=draft.pk, photo=[photo.pk], seen=revision_of(draft))
    returned = client.get(way_back(to_crop(client, NEW, sent, photo)))
    holds(returned, TYPED | {"draft": str(draft.pk)})
    assert made(client.post(NEW, again(returned, title="Now", tags="tea"))) == draft


def test_a_photo_on_its_way_is_drawn_as_it_will_be(client: Client, alice: User) -> None:
    note = make_note(alice)
    photo = make_photo(alice, note=note, with_files=True)
    assert 'class="cropped"' not in client.get(editor(note)).text
    page = client.get(f"/photos/{photo.pk}/edit/")
    sent = form_in(page, "crop").pressed("save", "1", turn="1", left="10", top="5", width="70", height="80")
    client.post(f"/photos/{photo.pk}/edit/", sent)
    html = client.get(editor(note)).text
    assert 'viewBox="10 5 70 80"' in html
    assert f'href="/photos/{photo.pk}/whole.jpg"' in html
    assert 'transform="translate(128 0) rotate(90)"' in html


def test_files_that_were_refused_are_said_before_one_leaves(client: Client, alice: User) -> None:
    note = make_note(alice)
    photo = make_photo(alice, note=note, with_files=True)
    sent = filled_in(client, editor(note), **TYPED, photos=[upload("bad.jpg", b"no")])
    response = client.post(editor(note), sent | {"crop": photo.pk, "action": []})
    assert response.status_code == 422
    assert "“bad.jpg” is not a photo" in words(response)
    assert again(response)["title"] == [TYPED["title"]]


def test_a_form_too_long_to_keep_comes_back_at_once(client: Client, alice: User) -> None:
    note = make_note(alice)
    photo = make_photo(alice, note=note, with_files=True)
    body = "x\r\n" * 60_000  # 180 kB as it is sent, 300 kB as it would be kept
    sent = filled_in(client, editor(note), body=body)
    response = client.post(editor(note), sent | {"crop": photo.pk, "action": []})
    assert response.status_code == 422
    assert "characters too long" in words(response)
    assert [value.replace("\r\n", "\n") for value in again(response)["body"]] == [body.replace("\r\n", "\n")]


@pytest.mark.parametrize("pk", ["", "x", "0", "9" * 30, "theirs"])
def test_a_photo_that_is_not_in_the_form_leads_nowhere(
    client: Client, alice: User, charlie: User, pk: str
) -> None:
    note = make_note(alice)
    theirs = make_photo(charlie, with_files=True)
    sent = filled_in(client, editor(note), **TYPED) | {
        "crop": theirs.pk if pk == "theirs" else pk,
        "action": [],
    }
    response = client.post(editor(note), sent)
    assert response.status_code == 422
    assert again(response)["title"] == [TYPED["title"]]
    assert note.title == Note.objects.get().title


def test_another_gets_nothing_by_the_address(client: Client, alice: User, charlie: User) -> None:
    ready = make_photo(alice, with_files=True)
    back = way_back(to_crop(client, NEW, filled_in(client, **TYPED, photo=[ready.pk]), ready))
    page = signed_in(charlie).get(back)
    assert page.status_code == 200
    assert form_in(page, "compose").fields["body"] == [""]
    assert client.get(f"{NEW}?words=nothing").status_code == 200
    assert Client().get(back).status_code == 302


def test_the_last_few_are_kept(client: Client, alice: User) -> None:
    ready = make_photo(alice, with_files=True)
    data = filled_in(client, body="First", photo=[ready.pk])
    oldest = way_back(to_crop(client, NEW, data, ready))
    for number in range(ASIDE_MAX):
        latest = way_back(to_crop(client, NEW, data | {"body": f"Later {number}"}, ready))
    holds(client.get(latest), {"body": f"Later {ASIDE_MAX - 1}"})
    holds(client.get(oldest), {"body": ""})


def test_it_waits_for_its_browser_and_not_in_the_session(client: Client, alice: User) -> None:
    """A person who was signed out elsewhere and signs in again here finds all of the text for a day."""
    ready = make_photo(alice, with_files=True)
    back = way_back(to_crop(client, NEW, filled_in(client, **TYPED, photo=[ready.pk]), ready))
    assert TYPED["body"] not in str(dict(client.session))
    Session.objects.all().delete()
    client.force_login(alice)
    holds(client.get(back), TYPED)
    assert "What you wrote is still here: check" not in client.get(back).text, "nothing went wrong"
    other = signed_in(alice)
    assert form_in(other.get(back), "compose").fields["body"] == [""], "another browser"
    ParkedForm.objects.update(created_at=now() - timedelta(hours=23))
    ParkedForm.objects.over().delete()
    holds(client.get(back), TYPED)
    ParkedForm.objects.update(created_at=now() - timedelta(hours=24))
    holds(client.get(back), {"body": ""})
    ParkedForm.objects.over().delete()
    assert not ParkedForm.objects.exists()


def test_get_writes_nothing(client: Client, alice: User) -> None:
    ready = make_photo(alice, with_files=True)
    back = way_back(to_crop(client, NEW, filled_in(client, **TYPED, photo=[ready.pk]), ready))
    with CaptureQueriesContext(connection) as queries:
        client.get(back)
    asked = [query["sql"].strip() for query in queries]
    assert [sql for sql in asked if not sql.startswith(("SELECT", "WITH")) or "INSERT" in sql] == []


@pytest.mark.parametrize("path", [NEW, "edit"])
def test_compose_asks_the_same_for_1_3_and_18_photos(client: Client, alice: User, path: str) -> None:
    note = make_note(alice, "Many")
    numbers = []
    for many in (1, 3, 18):
        while note.photos.count() < many:
            photo = make_photo(alice, note=note, position=note.photos.count(), width=1200)
            Framing.objects.create(
                photo=photo, left=0, top=0, width=100 + many, height=100, room_width=1200, room_height=1600
            )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(NEW if path == NEW else editor(note)).status_code == 200
        numbers.append(len(queries))
    assert len(set(numbers)) == 1, numbers
    assert numbers[0] <= 10  # one of them for the topics of the label


def test_the_form_as_rendered_leads_to_the_crop_page(client: Client, alice: User) -> None:
    note = make_note(alice)
    photo = make_photo(alice, note=note, with_files=True)
    make_photo(alice, note=note, position=1, state="received", roles=[])
    page = client.get(editor(note))
    form = form_in(page, "compose")
    assert [button[2] for button in form.buttons if button[1] == "crop"] == [str(photo.pk)]
    assert client.post(editor(note), form.pressed("crop", str(photo.pk))).status_code == 303
    assert send(client, editor(note)).status_code == 303
