"""The beacon with the furthest photo seen: any invalid one is answered like that of a missing note."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core.limits import Limit
from insights.actions.recording import Reach
from notes.models import Note, NoteReader, Photo
from notes.moderation import hide_note
from notes.readers import write_buffer
from people.actions.blocks import block
from profiles.models import User
from tests.builders import make_draft, make_note, make_photo, signed_in
from tests.matrix.world import essence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_ledger() -> None:
    write_buffer.clear()


@pytest.fixture
def note(alice: User) -> Note:
    """Four photos, the last of which is not ready."""
    note = make_note(alice, photos=3)
    make_photo(alice, note=note, position=3, state=Photo.State.FAILED, roles=[], reason="damaged")
    return note


def tell(client: Client, note: Note | int, photo: object = 1, **headers: str) -> Any:
    pk = note if isinstance(note, int) else note.pk
    response = client.post(f"/notes/{pk}/seen/", {"photo": photo}, headers=headers)
    write_buffer.flush()
    return response


def reached() -> list[int | None]:
    return list(NoteReader.objects.order_by("pk").values_list("reached", flat=True))


def test_the_furthest_counts_and_nothing_takes_it_back(note: Note, bob: User) -> None:
    client = signed_in(bob)
    client.get(note.get_absolute_url())
    write_buffer.flush()
    assert reached() == [None], "not measured is not 0"
    statuses = [tell(client, note, photo).status_code for photo in (2, 1, 2, 3, 3)]
    assert statuses == [204] * 5
    assert reached() == [3]


def test_a_beacon_before_its_opening_is_written_waits_for_it(note: Note, bob: User) -> None:
    client = signed_in(bob)
    assert tell(client, note, 2).status_code == 204
    assert write_buffer.waiting(Reach)
    client.get(note.get_absolute_url())
    write_buffer.flush()
    assert (reached(), write_buffer.waiting(Reach)) == ([2], [])


def test_one_without_an_opening_is_dropped(note: Note, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(signed_in(bob), note, 2)
    (line,) = write_buffer.waiting(Reach)
    write_buffer.clear()
    write_buffer.put(line._replace(at=line.at.replace(year=2020)))
    write_buffer.flush()
    assert not write_buffer.waiting(Reach)
    assert not NoteReader.objects.exists()


def test_a_thousand_change_nothing(note: Note, bob: User, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "seen": Limit(40, timedelta(hours=1))}
    settings.LIMITS_ON = True
    client = signed_in(bob)
    client.get(note.get_absolute_url())
    write_buffer.flush()
    statuses = [tell(client, note, 2).status_code for _ in range(30)]
    assert statuses == [204] * 20 + [404] * 10, "an account of today has half"
    assert tell(client, note, 3).status_code == 404
    assert reached() == [2]


def is_bad(make: Callable[..., Any]) -> Any:
    return pytest.param(make, id=make.__name__)


def of_a_draft(note: Note, **people: User) -> tuple[Client, int]:
    return signed_in(people["bob"]), make_draft(note.author).pk


def of_a_private_note(note: Note, **people: User) -> tuple[Client, int]:
    Note.objects.filter(pk=note.pk).update(visibility="private")
    return signed_in(people["bob"]), note.pk


def of_a_note_for_followers(note: Note, **people: User) -> tuple[Client, int]:
    Note.objects.filter(pk=note.pk).update(visibility="followers")
    return signed_in(people["charlie"]), note.pk


def of_a_hidden_note(note: Note, **people: User) -> tuple[Client, int]:
    hide_note(note=note, by=people["mona"], reason="Spam")
    return signed_in(people["bob"]), note.pk


def by_a_blocked_person(note: Note, **people: User) -> tuple[Client, int]:
    block(blocker=note.author, blocked=people["charlie"])
    return signed_in(people["charlie"]), note.pk


def by_the_author(note: Note, **people: User) -> tuple[Client, int]:
    return signed_in(note.author), note.pk


def by_a_moderator(note: Note, **people: User) -> tuple[Client, int]:
    return signed_in(people["mona"]), note.pk


def without_cookies(note: Note, **people: User) -> tuple[Client, int]:
    return Client(), note.pk


def of_a_note_without_photos(note: Note, **people: User) -> tuple[Client, int]:
    return signed_in(people["bob"]), make_note(note.author).pk


def from_another_site(note: Note, **people: User) -> tuple[Client, int]:
    return signed_in(
        people["bob"], enforce_csrf_checks=True, headers={"Origin": "https://evil.test"}
    ), note.pk


def without_a_token(note: Note, **people: User) -> tuple[Client, int]:
    return signed_in(people["bob"], enforce_csrf_checks=True), note.pk


BAD = [
    *(of_a_draft, of_a_private_note, of_a_note_for_followers, of_a_hidden_note, by_a_blocked_person),
    *(by_the_author, by_a_moderator, without_cookies, of_a_note_without_photos, from_another_site),
    without_a_token,
]


@pytest.mark.parametrize("make", [is_bad(make) for make in BAD])
def test_a_bad_beacon_is_answered_as_for_a_note_that_is_not_there(
    note: Note, bob: User, charlie: User, mona: User, make: Callable[..., tuple[Client, int]]
) -> None:
    """The page quotes the requested address, so that the missing note's id has to be as long."""
    client, pk = make(note, bob=bob, charlie=charlie, mona=mona)
    notes = set(Note.objects.values_list("pk", flat=True))
    nobody = next(number for number in range(10 ** len(str(pk)) - 1, 0, -1) if number not in notes)
    assert len(str(nobody)) == len(str(pk))
    client.get("/about/")  # a browser is given its cookies with the first page
    answer, missing = tell(client, pk), tell(client, nobody)
    assert answer.status_code == 404
    assert essence(answer, f"/notes/{pk}/") == essence(missing, f"/notes/{nobody}/")
    assert not NoteReader.objects.exists()
    assert not write_buffer.waiting(Reach)


@pytest.mark.parametrize(
    "photo", ["", "0", "-1", "4", "99", "1.5", "x", "9" * 50, "１", "1\x00", "NaN", " ", "1e1"]
)
def test_a_bad_photo_too(note: Note, bob: User, photo: str) -> None:
    client = signed_in(bob)
    client.get(note.get_absolute_url())
    write_buffer.flush()
    answer = tell(client, note, photo)
    assert answer.status_code == (204 if photo == "１" else 404)
    assert reached() == ([1] if photo == "１" else [None])
    assert client.get(f"/notes/{note.pk}/seen/").status_code == 405


def test_with_its_token_a_page_s_own_beacon_is_taken(note: Note, bob: User) -> None:
    client = signed_in(bob, enforce_csrf_checks=True)
    page = client.get(note.get_absolute_url())
    assert f'data-seen="/notes/{note.pk}/seen/"' in page.text
    token = page.context["csrf_token"]
    address = f"/notes/{note.pk}/seen/"
    words = {"photo": 2, "csrfmiddlewaretoken": str(token), "next": note.get_absolute_url()}
    assert client.post(address, words, headers={"Origin": "http://testserver"}).status_code == 204
    write_buffer.flush()
    assert reached() == [2]


def test_only_readers_pages_tell(note: Note, alice: User, mona: User) -> None:
    for viewer in (alice, mona, None):
        assert "data-seen" not in signed_in(viewer).get(note.get_absolute_url()).text
