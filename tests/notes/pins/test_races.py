"""Notes pinned from several windows at once."""

from contextlib import suppress
from typing import Any

import pytest

from notes.compose.actions import delete_note
from notes.models import Note
from notes.pins import actions
from profiles.models import User
from tests.builders import make_note
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def pinned(author: User) -> set[int]:
    return set(Note.objects.filter(author=author, pin_slot__isnull=False).values_list("pk", flat=True))


def pinning(note: Note) -> Any:
    def pin() -> str:
        try:
            actions.pin_note(note=note)
        except actions.TooManyPins:
            return "refused"
        return "pinned"

    return pin


@pytest.mark.parametrize("_round", range(4))
def test_at_most_three_whatever_windows_do(alice: User, _round: int) -> None:
    notes = [make_note(alice) for _number in range(6)]
    said = at_once(*(pinning(note) for note in notes))
    assert sorted(said) == ["pinned"] * 3 + ["refused"] * 3
    assert len(pinned(alice)) == 3


@pytest.mark.parametrize("_round", range(4))
def test_one_note_pinned_twice_has_one_pin(alice: User, _round: int) -> None:
    note = make_note(alice)
    assert at_once(*[pinning(note)] * 4) == ["pinned"] * 4
    assert pinned(alice) == {note.pk}


@pytest.mark.parametrize("_round", range(4))
def test_pinning_against_unpinning_and_deletion(alice: User, _round: int) -> None:
    notes = [make_note(alice) for _number in range(4)]
    for note in notes[:3]:
        actions.pin_note(note=note)

    def pin_gone() -> None:
        with suppress(Note.DoesNotExist, actions.TooManyPins):
            actions.pin_note(note=notes[2])

    at_once(
        pinning(notes[3]),
        lambda: actions.unpin_note(note=notes[0]),
        lambda: delete_note(note=notes[2]),
        pin_gone,
    )
    left = pinned(alice)
    assert notes[0].pk not in left
    assert notes[2].pk not in left
    assert notes[1].pk in left
    actions.pin_note(note=notes[3])
    assert pinned(alice) == {notes[1].pk, notes[3].pk}
