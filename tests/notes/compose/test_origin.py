"""How a note was made: said by its author, filled in from the file of a photo, and shown wherever the note is."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation

from leaving.contents.notes import notes, versions
from notes.models import Note, Photo
from profiles.models import User
from tests.builders import make_note, picture, signed_in, upload
from tests.imaging.test_origin import aigc, iptc
from tests.markup import form_in, words
from tests.notes.compose.filled_form import NEW, again, filled_in, made, send
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db

GENERATED = iptc("trainedAlgorithmicMedia")


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


def labelled(name: str = "drawn.jpg", packet: bytes = GENERATED) -> Any:
    return upload(name, picture(xmp=packet))


def test_nothing_is_said_unless_it_is(client: Client) -> None:
    note = made(send(client, title="Noon", photos=[upload()]))
    assert (note.origin, note.photos.get().origin) == ("", "")
    assert form_in(client.get(f"{note.get_absolute_url()}edit/"), "compose").filled().get("origin") is None


@pytest.mark.parametrize(
    ("origin", "on_card", "on_page"),
    [
        ("ai", "AI", "Made with AI"),
        ("staged", "Staged", "Staged for the photos"),
        ("repost", "Not theirs", "Not the author’s own photos or words"),
    ],
)
def test_what_the_author_says_is_shown(client: Client, origin: str, on_card: str, on_page: str) -> None:
    note = made(send(client, title="Noon", origin=origin))
    page = Client().get(note.get_absolute_url())
    assert on_page in words(page)
    assert f'content="{on_page} ·' in page.text  # where its link is shown
    assert f'<span class="card__tag">{on_card}</span>' in Client().get("/").text
    assert next(iter(notes(note.author)))["how_it_was_made"] == origin


def test_it_stands_in_chinese(client: Client) -> None:
    note = made(send(client, title="Noon", origin="ai"))
    with translation.override("zh-hans"):
        assert (note.origin_on_card, note.origin_told) == ("AI 生成", "AI 生成")


def test_one_s_own_is_nothing_to_tell(client: Client) -> None:
    note = made(send(client, title="Noon", origin="own"))
    assert (note.origin, note.origin_on_card, note.origin_told) == ("own", "", "")
    assert "card__tag" not in Client().get("/").text


def test_another_value_is_refused_and_nothing_is_lost(client: Client) -> None:
    answer = client.post(NEW, filled_in(client, title="Noon") | {"origin": "aliens"})
    assert answer.status_code == 422
    assert again(answer)["title"] == ["Noon"]


@pytest.mark.parametrize("packet", [GENERATED, aigc("1"), iptc("compositeWithTrainedAlgorithmicMedia")])
def test_the_file_says_it_where_its_author_says_nothing(client: Client, packet: bytes) -> None:
    note = made(send(client, title="Noon", photos=[upload(), labelled(packet=packet)]))
    assert note.origin == "ai"
    assert sorted(bool(photo.origin) for photo in note.photos.all()) == [False, True]
    run_jobs()
    note.refresh_from_db()
    assert (note.status, note.origin) == ("published", "ai")


def test_a_form_sent_twice_is_one_note(client: Client) -> None:
    data = filled_in(client, title="Once")
    first, second = (client.post(NEW, data | {"photos": [labelled()]}) for _ in range(2))
    assert second["Location"] == first["Location"]
    assert made(first).origin == "ai"
    assert Photo.objects.count() == 1


def test_an_upload_ahead_says_so_and_is_filled_in(client: Client) -> None:
    form = filled_in(client)
    answer = client.post("/uploads/", {"key": str(uuid4()), "note": form["key"][0], "photos": labelled()})
    assert "Its file says: made with AI" in answer.text
    assert "data-origin" in answer.text
    draft = Note.objects.get()
    page = client.get(f"/notes/{draft.pk}/edit/")
    assert form_in(page, "compose").filled()["origin"] == ["ai"]


def test_its_author_may_take_it_away_and_the_fact_stays(client: Client) -> None:
    note = made(send(client, title="Noon", photos=[labelled()]))
    run_jobs()
    edited = f"{note.get_absolute_url()}edit/"
    assert filled_in(client, edited)["origin"] == ["ai"]
    assert send(client, edited, origin="own").status_code == 303
    note.refresh_from_db()
    assert (note.origin, note.photos.get().origin) == ("own", "generated")
    assert filled_in(client, edited)["origin"] == ["own"]
    before = list(versions(note.author))
    assert [version["how_it_was_made"] for version in before] == ["ai"]
    assert "how it was made" in words(client.get(f"{note.get_absolute_url()}history/"))


def test_a_photo_added_later_fills_it_in_when_it_appears(client: Client, alice: User) -> None:
    note = make_note(alice, "As it was", photos=1)
    edited = f"{note.get_absolute_url()}edit/"
    send(client, edited, photos=[labelled()])
    note.refresh_from_db()
    assert note.origin == ""  # waits for the photo, as its other words do
    assert filled_in(client, edited)["origin"] == ["ai"]
    run_jobs()
    note.refresh_from_db()
    assert note.origin == "ai"


def test_another_window_that_says_something_else_is_told(client: Client, alice: User) -> None:
    note = make_note(alice, "As it was")
    edited = f"{note.get_absolute_url()}edit/"
    first, second = (filled_in(client, edited) for _ in range(2))
    assert client.post(edited, first | {"origin": "staged"}).status_code == 303
    assert client.post(edited, second | {"title": "Other words"}).status_code == 409


def test_a_draft_keeps_it_as_it_was_chosen(client: Client) -> None:
    note = made(send(client, title="Noon", origin="repost", action="draft"))
    assert (note.status, note.origin) == ("draft", "repost")
    assert filled_in(client, f"/notes/{note.pk}/edit/")["origin"] == ["repost"]
