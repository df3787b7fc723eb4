"""Series that several windows change at once."""

from contextlib import suppress
from typing import Any

import pytest

from notes.compose.actions import delete_note
from notes.models import Note, Series
from notes.series import actions
from profiles.models import User
from tests.builders import make_note, signed_in
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("_round", range(4))
def test_windows_that_reorder_put_in_take_out_and_delete(alice: User, _round: int) -> None:
    """Whatever happens in whatever order, each note has one place, and no place is there twice."""
    series = actions.series_named(author=alice, name="First year")
    notes = [make_note(alice, f"Chapter {number}") for number in range(6)]
    for note in notes[:5]:
        actions.put_in_series(note=note, series=series)
    ids = [note.pk for note in notes]

    def move(note: int, other: int, *, is_before: bool) -> Any:
        return lambda: actions.move_in_series(series=series, note=note, other=other, is_before=is_before)

    at_once(
        move(ids[0], ids[4], is_before=False),
        move(ids[4], ids[0], is_before=True),
        move(ids[2], ids[1], is_before=True),
        move(ids[1], ids[3], is_before=False),
        lambda: actions.put_in_series(note=notes[5], series=series),
        lambda: actions.put_in_series(note=notes[2], series=None),
        lambda: delete_note(note=notes[3]),
    )
    rows = list(Note.objects.filter(series=series).values_list("pk", "series_place"))
    assert {pk for pk, _place in rows} == {ids[0], ids[1], ids[4], ids[5]}
    assert len({place for _pk, place in rows}) == 4
    assert Note.objects.filter(pk=ids[2], series=None, series_place=None).exists()


def test_one_name_typed_in_two_windows_makes_one_series(alice: User) -> None:
    notes = [make_note(alice) for _number in range(4)]

    def put(note: Note) -> int:
        return signed_in(alice).post(f"/notes/{note.pk}/series/", {"name": "First year"}).status_code

    assert at_once(*(lambda note=note: put(note) for note in notes)) == [303] * 4
    (series,) = Series.objects.all()
    assert sorted(series.notes.values_list("series_place", flat=True)) == [0, 1, 2, 3]


@pytest.mark.parametrize("_round", range(4))
def test_a_series_deleted_while_notes_enter(alice: User, _round: int) -> None:
    series = actions.series_named(author=alice, name="First year")
    notes = [make_note(alice) for _number in range(3)]

    def put(note: Note) -> None:
        with suppress(Series.DoesNotExist):
            actions.put_in_series(note=note, series=series)

    at_once(*(lambda note=note: put(note) for note in notes), lambda: actions.delete_series(series=series))
    assert not Series.objects.exists()
    assert not Note.objects.exclude(series=None).exists()
