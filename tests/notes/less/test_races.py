""" "Less like this" from several windows at once."""

from contextlib import suppress

import pytest

from notes.compose.actions import delete_note
from notes.less.actions import ask_for_less, take_all_back, take_back
from notes.models import Less, Note
from profiles.models import User
from tests.builders import make_note, signed_in
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("_round", range(4))
def test_asked_twice_it_is_there_once(alice: User, bob: User, _round: int) -> None:
    note = make_note(alice)

    def ask() -> int:
        return signed_in(bob).post(f"/notes/{note.pk}/less/").status_code

    assert at_once(*[ask] * 4) == [303] * 4
    assert list(Less.objects.values_list("person", "note")) == [(bob.pk, note.pk)]


@pytest.mark.parametrize("_round", range(6))
def test_asking_against_taking_back(alice: User, bob: User, _round: int) -> None:
    """Whichever comes last holds; the other note is not touched."""
    notes = [make_note(alice), make_note(alice)]
    for note in notes:
        ask_for_less(person=bob, note=note)
    at_once(
        lambda: take_back(person=bob, note=notes[0].pk),
        lambda: ask_for_less(person=bob, note=notes[0]),
        lambda: take_back(person=bob, note=notes[0].pk),
        lambda: ask_for_less(person=bob, note=notes[0]),
    )
    assert Less.objects.filter(person=bob, note=notes[1]).count() == 1
    assert Less.objects.filter(person=bob, note=notes[0]).count() in {0, 1}
    take_back(person=bob, note=notes[0].pk)
    assert list(Less.objects.values_list("note", flat=True)) == [notes[1].pk]


@pytest.mark.parametrize("_round", range(4))
def test_asking_while_all_is_taken_back_or_the_note_goes(alice: User, bob: User, _round: int) -> None:
    notes = [make_note(alice) for _number in range(3)]

    def ask(note: Note) -> None:
        with suppress(Note.DoesNotExist):
            ask_for_less(person=bob, note=note)

    at_once(
        *(lambda note=note: ask(note) for note in notes),
        lambda: take_all_back(person=bob),
        lambda: delete_note(note=notes[2]),
    )
    assert not Less.objects.filter(note=notes[2].pk).exists()
    take_all_back(person=bob)
    assert not Less.objects.exists()
