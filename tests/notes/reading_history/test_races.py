"""Openings that are written while histories are cleared and notes deleted."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection, transaction
from django.utils import timezone

from notes.compose.actions import delete_note
from notes.models import HistoryEntry
from notes.readers.events import Opened
from notes.reading_history import actions
from notes.reading_history.queries import entries_of
from profiles.models import User
from tests.builders import make_note, make_person

pytestmark = pytest.mark.django_db(transaction=True)


def closing(work: object) -> object:
    def done() -> None:
        try:
            work()  # type: ignore[operator]
        finally:
            connection.close()

    return done


def test_a_clearing_wins_over_an_opening_that_is_being_written(alice: User, bob: User) -> None:
    """The opening is inserted, but not committed, when the history is cleared: nothing may be listed afterwards."""
    note = make_note(alice)
    opened = Opened(note.pk, bob.pk, timezone.now())
    is_written, may_commit = Event(), Event()

    def write() -> None:
        with transaction.atomic():
            actions.record_entries(opened=[opened])
            is_written.set()
            may_commit.wait(20)

    with ThreadPoolExecutor(2) as threads:
        writing = threads.submit(closing(write))  # type: ignore[arg-type]
        assert is_written.wait(20)
        actions.clear(person=bob)
        may_commit.set()
        writing.result()
    assert HistoryEntry.objects.exists(), "it was committed after the clearing"
    assert not entries_of(bob).exists()
    actions.forget_old_entries()
    assert not HistoryEntry.objects.exists()


def test_many_write_clear_and_delete_at_once(alice: User, bob: User) -> None:
    people = [bob, *(make_person() for _ in range(3))]
    for _round in range(4):
        notes = [make_note(alice) for _number in range(6)]
        opened = [Opened(note.pk, person.pk, timezone.now()) for note in notes for person in people]
        work = [
            lambda opened=opened: actions.record_entries(opened=opened),
            lambda opened=opened: actions.record_entries(opened=opened[::-1]),
            lambda: actions.clear(person=bob),
            lambda: [actions.remove_entry(person=bob, note=note.pk) for note in notes],  # noqa: B023
            actions.forget_old_entries,
            lambda note=notes[2]: delete_note(note=note),
        ]
        start = Barrier(len(work))

        def run(act: object, start: Barrier = start) -> None:
            start.wait(20)
            closing(act)()  # type: ignore[operator]

        with ThreadPoolExecutor(len(work)) as threads:
            for running in [threads.submit(run, act) for act in work]:
                running.result()
        assert not entries_of(bob).exists()
        assert HistoryEntry.objects.filter(note=notes[2].pk).count() == 0
        assert HistoryEntry.objects.filter(note=notes[0], person=people[1]).count() == 1
