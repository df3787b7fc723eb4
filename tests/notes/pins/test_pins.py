"""Notes pinned to the top of a profile: who may, how many, in which order, and what each viewer finds of them."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.db.keyset import PAGE_SIZE
from leaving.contents.notes import notes as archived_notes
from notes.compose.actions import delete_note
from notes.models import Note
from notes.moderation import hide_note
from notes.pins.actions import pin_note
from profiles.models import User
from tests.builders import make_draft, make_note, make_person, signed_in
from tests.markup import form_in, listed

pytestmark = pytest.mark.django_db
PROFILE = "/@alice/"


@pytest.fixture
def author(alice: User) -> Client:
    return signed_in(alice)


def pin(client: Client, note: Note, end: str = "") -> int:
    answer = client.post(f"/notes/{note.pk}/pin/{end}", headers={"Referer": f"http://testserver{PROFILE}"})
    return answer.status_code


def pinned(alice: User) -> list[Note]:
    return list(Note.objects.filter(author=alice, pin_slot__isnull=False).order_by("-pinned_at"))


def test_pinned_notes_come_first_last_pinned_before(author: Client, alice: User) -> None:
    notes = [make_note(alice, f"Number {number}") for number in range(5)]
    for note in (notes[1], notes[3]):
        for _twice in range(2):
            assert pin(author, note) == 303
    expected = [notes[place].pk for place in (3, 1, 4, 2, 0)]
    for browser in (author, Client(), signed_in(make_person())):
        assert listed(browser.get(PROFILE)) == expected
    page = Client().get(PROFILE).text
    assert page.count("card__pin") == 2
    assert "Pin to profile" not in page
    assert "card__pin" not in Client().get("/?sort=latest").text, "the mark is on the profile alone"
    for _twice in range(2):
        assert pin(author, notes[3], "delete/") == 303
    assert listed(Client().get(PROFILE)) == [notes[place].pk for place in (1, 4, 3, 2, 0)]


def test_it_is_pinned_and_unpinned_from_the_card_and_from_the_menu(author: Client, alice: User) -> None:
    note = make_note(alice, "Window")
    for address in (PROFILE, note.get_absolute_url()):
        page = author.get(address)
        assert "Pin to profile" in page.text
        assert (f"/notes/{note.pk}/pin/", "", "") in form_in(page, "act").buttons
        assert "Pinned to your profile." in author.post(f"/notes/{note.pk}/pin/", follow=True).text
        page = author.get(address)
        assert "Unpin from profile" in page.text
        assert (f"/notes/{note.pk}/pin/delete/", "", "") in form_in(page, "act").buttons
        assert "No longer pinned." in author.post(f"/notes/{note.pk}/pin/delete/", follow=True).text
    assert pinned(alice) == []


def test_a_fourth_is_refused_with_what_to_do(author: Client, alice: User) -> None:
    notes = [make_note(alice) for _number in range(4)]
    for note in notes[:3]:
        pin(author, note)
    said = author.post(f"/notes/{notes[3].pk}/pin/", follow=True)
    assert "You have pinned 3 notes, which is the limit. Unpin one of them first." in said.text
    assert pinned(alice) == [notes[2], notes[1], notes[0]]
    pin(author, notes[1], "delete/")
    pin(author, notes[3])
    assert pinned(alice) == [notes[3], notes[2], notes[0]]
    delete_note(note=notes[3])
    pin(author, notes[1])
    assert pinned(alice) == [notes[1], notes[2], notes[0]]


def test_only_ones_own_public_notes(author: Client, alice: User, bob: User) -> None:
    note = make_note(alice)
    closed = [
        make_draft(alice),
        make_note(alice, visibility="private"),
        make_note(alice, visibility="followers"),
        make_note(alice, hidden_at=timezone.now()),
        make_note(bob),
    ]
    for each in closed:
        assert pin(author, each) == 404
    assert pin(signed_in(bob), note) == 404
    assert pin(signed_in(bob), note, "delete/") == 404
    assert author.get(f"/notes/{note.pk}/pin/").status_code == 405
    assert Client().post(f"/notes/{note.pk}/pin/").status_code == 302
    assert not Note.objects.exclude(pin_slot=None).exists()
    assert author.get(PROFILE).text.count("Pin to profile") == 1, "the others cannot be pinned"


@pytest.mark.parametrize("state", ["hidden", "private", "followers"])
def test_a_pinned_note_that_closes_leaves_no_gap(
    author: Client, alice: User, bob: User, mona: User, state: str
) -> None:
    notes = [make_note(alice, f"Number {number}") for number in range(4)]
    for note in notes[:3]:
        pin(author, note)
    if state == "hidden":
        hide_note(note=notes[1], by=mona, reason="Spam.")
    else:
        Note.objects.filter(pk=notes[1].pk).update(visibility=state)
    whole = [notes[place].pk for place in (2, 1, 0, 3)]
    without = [pk for pk in whole if pk != notes[1].pk]
    assert listed(author.get(PROFILE)) == whole
    assert listed(signed_in(bob).get(PROFILE)) == (whole if state == "followers" else without)
    for browser in (Client(), signed_in(make_person())):
        page = browser.get(PROFILE)
        assert listed(page) == without
        assert page.text.count("card__pin") == 2
    assert pin(author, notes[1], "delete/") == 303, "its author can unpin it all the same"
    assert pin(author, notes[1]) == 404
    assert "/pin/" not in author.get(notes[1].get_absolute_url()).text


def test_no_page_shows_a_pinned_note_again(author: Client, alice: User) -> None:
    notes = [make_note(alice) for _number in range(2 * PAGE_SIZE + 3)]
    old = notes[0], notes[PAGE_SIZE], notes[-1]
    for note in old:
        pin_note(note=note)
    seen, address, pages = [], PROFILE, []
    while address:
        page = Client().get(address)
        pages.append(len(listed(page)))
        seen += listed(page)
        more = page.context["more_url"]
        address = f"{PROFILE}{more}" if more else ""
    assert pages == [PAGE_SIZE + 3, PAGE_SIZE]
    assert len(seen) == len(set(seen)) == len(notes)
    assert seen[:3] == [note.pk for note in reversed(old)]


def test_pins_cost_the_same_however_many_there_are(author: Client, alice: User, bob: User) -> None:
    notes = [make_note(alice) for _number in range(30)]
    browsers, asked = (Client(), author, signed_in(bob)), []
    for number in range(4):
        if number:
            pin_note(note=notes[number])
        counts = []
        for browser in browsers:
            browser.get(PROFILE)
            with CaptureQueriesContext(connection) as queries:
                browser.get(PROFILE)
            counts.append(len(queries))
        asked.append(counts)
    assert asked == [asked[0]] * 4


def test_the_database_allows_three(alice: User) -> None:
    notes = [make_note(alice) for _number in range(2)]
    rows = Note.objects.filter(pk=notes[0].pk)
    for bad in ({"pin_slot": 0}, {"pin_slot": 4}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(pinned_at=timezone.now(), **bad)
    for bad in ({"pin_slot": 1, "pinned_at": None}, {"pin_slot": None, "pinned_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**bad)
    rows.update(pin_slot=1, pinned_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.filter(pk=notes[1].pk).update(pin_slot=1, pinned_at=timezone.now())


def test_the_archive_says_since_when(author: Client, alice: User) -> None:
    notes = [make_note(alice) for _number in range(2)]
    pin(author, notes[0])
    when = {row["note"]: row["pinned_at"] is not None for row in archived_notes(alice)}
    assert when == {notes[0].pk: True, notes[1].pk: False}
