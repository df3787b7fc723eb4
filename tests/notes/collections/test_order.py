"""The order of a collection: moved by buttons, the same from any window, and never damaged."""

from random import Random

import pytest
from django.db import IntegrityError, transaction

from notes.collections.actions import merge_collections, remove_from_collection, sort_save
from notes.collections.order import move
from notes.models import CollectPlace
from profiles.models import User
from tests.builders import make_note, signed_in
from tests.markup import form_in, listed
from tests.notes.collections.shelving import order, shelve

pytestmark = pytest.mark.django_db


def test_buttons_move_one_note(alice: User, bob: User) -> None:
    notes = [make_note(alice) for _ in range(3)]
    collection, browser = shelve(bob, "Desks", *notes), signed_in(bob)
    first, second, third = order(collection)
    path = f"/collections/{collection.pk}/order/"
    for sent, after in (
        (f"{third}:before:{second}", [first, third, second]),
        (f"{third}:before:{second}", [first, third, second]),  # twice is once
        (f"{first}:after:{second}", [third, second, first]),
        (f"{first}:before:{third}", [first, third, second]),
        (f"{first}:before:{first}", [first, third, second]),
    ):
        answer = browser.post(path, {"move": sent, "next": path})
        assert (answer.status_code, answer["Location"]) == (303, f"{path}#note-{sent.partition(':')[0]}")
        assert order(collection) == after
    assert listed(browser.get(collection.get_absolute_url())) == [first, third, second]


def test_the_page_has_the_moves_as_buttons(alice: User, bob: User) -> None:
    collection = shelve(bob, "Desks", *(make_note(alice) for _ in range(30)))
    places, browser = order(collection), signed_in(bob)
    path = f"/collections/{collection.pk}/order/"
    page = browser.get(path)
    moves = [value for _address, name, value in form_in(page, "order").buttons if name == "move"]
    assert f"{places[1]}:before:{places[0]}" in moves
    assert f"{places[0]}:after:{places[1]}" in moves
    after = page.text.partition('href="?after=')[2].partition('"')[0]
    later = [
        value for _, name, value in form_in(browser.get(f"{path}?after={after}"), "order").buttons if name
    ]
    assert f"{places[24]}:before:{places[23]}" in later, "across the pages"
    assert f"{places[25]}:before:{places[0]}" in later, "to the front"


@pytest.mark.parametrize(
    "sent", ["", "x", "1:before", "1:over:2", "0:before:1", f"1:before:{'9' * 19}", "1:before:2:"]
)
def test_what_is_no_move_is_refused(alice: User, bob: User, sent: str) -> None:
    collection = shelve(bob, "Desks", make_note(alice))
    assert signed_in(bob).post(f"/collections/{collection.pk}/order/", {"move": sent}).status_code == 422


def test_what_another_window_took_out_is_said(alice: User, bob: User) -> None:
    notes = [make_note(alice) for _ in range(2)]
    collection, browser = shelve(bob, "Desks", *notes), signed_in(bob)
    remove_from_collection(collection=collection, note=notes[0].pk)
    path, sent = f"/collections/{collection.pk}/order/", {"move": f"{notes[1].pk}:before:{notes[0].pk}"}
    assert browser.post(path, sent, headers={"X-Requested-With": "fetch"}).status_code == 409
    assert (
        "Another window has changed this collection" in browser.get(browser.post(path, sent)["Location"]).text
    )


def test_any_moves_keep_every_note_once(alice: User, bob: User) -> None:
    """As a list in Python would."""
    random, notes = Random(22), [make_note(alice) for _ in range(12)]
    collection, other = shelve(bob, "Desks", *notes[:8]), shelve(bob, "Other", *notes[6:])
    expected = order(collection)
    for _ in range(60):
        note, beside = random.sample(expected, 2)
        is_before = random.random() < 0.5
        assert move(collection=collection, note=note, other=beside, is_before=is_before)
        expected.remove(note)
        expected.insert(expected.index(beside) + (not is_before), note)
        assert order(collection) == expected
    both = [move(collection=other, note=notes[11].pk, other=notes[6].pk, is_before=False)]
    merge_collections(collection=other, into=collection)
    assert both == [True]
    assert [note for note in order(collection) if note in expected] == expected
    assert sorted(order(collection)) == sorted(note.pk for note in notes)
    new = make_note(alice)
    sort_save(person=bob, note=new, add=[collection.pk], remove=[])
    assert order(collection)[0] == new.pk, "what is new comes first"


def test_the_database_refuses_two_notes_in_one_place(alice: User, bob: User) -> None:
    collection = shelve(bob, "Desks", *(make_note(alice) for _ in range(2)))
    first, second = CollectPlace.objects.filter(collection=collection).order_by("pk")
    with pytest.raises(IntegrityError), transaction.atomic():
        CollectPlace.objects.filter(pk=first.pk).update(position=second.pk)
