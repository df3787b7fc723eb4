"""An opening that is recorded while the person responds: whichever commits first, the other one waits and sees it."""

from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from itertools import product
from threading import Thread

import pytest
from django.db import IntegrityError, connection, transaction

from notes.compose.actions import delete_note
from notes.models import Note, NoteReader
from notes.reactions.actions import collect, like, unlike
from people.actions.blocks import block, unblock
from people.actions.follows import follow, unfollow
from profiles.models import User
from tests.builders import make_comment, make_note
from tests.notes.readers.test_engaged import counted_days, days, open_, stands
from tests.storms.kills import until

pytestmark = pytest.mark.django_db(transaction=True)

type Act = Callable[[Note, User], object]

ACTS: dict[str, Act] = {
    "like": lambda note, person: like(person=person, note=note),
    "unlike": lambda note, person: unlike(person=person, note=note),
    "collect": lambda note, person: collect(person=person, note=note),
    "comment": lambda note, person: make_comment(person, note),
    "follow": lambda note, person: follow(follower=person, followed=note.author, from_note=note.pk),
    "unfollow": lambda note, person: unfollow(follower=person, followed=note.author),
    "block": lambda note, person: block(blocker=note.author, blocked=person),
}
UNDOES = {"unlike": "like", "unfollow": "follow", "block": "follow"}


def one_waits_for_the_other(first: Callable[[], object], second: Callable[[], object]) -> None:
    """The second begins while the first is done and not committed."""

    def meanwhile() -> None:
        with closing(connection):
            second()

    thread = Thread(target=meanwhile)
    with transaction.atomic():
        first()
        thread.start()
        until(_a_lock_is_awaited, 10)
    thread.join(10)
    assert not thread.is_alive()


def _a_lock_is_awaited() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def test_an_opening_and_an_answer(alice: User, charlie: User) -> None:
    for act, opening_is_first in product(ACTS, (True, False)):
        note = make_note(alice)
        if act in UNDOES:
            ACTS[UNDOES[act]](note, charlie)
        steps = [partial(open_, note, charlie), partial(ACTS[act], note, charlie)]
        one_waits_for_the_other(*(steps if opening_is_first else reversed(steps)))
        reader = NoteReader.objects.select_related("note").get(note=note)
        assert (reader.engaged_day is not None) == stands(reader) == (act not in UNDOES), act
        unfollow(follower=charlie, followed=alice)
        unblock(blocker=alice, blocked=charlie)
    assert days() == counted_days()


def test_answers_that_cross(alice: User, charlie: User) -> None:
    """One is undone while another comes: something stands afterwards."""
    note = make_note(alice)
    open_(note, charlie)
    like(person=charlie, note=note)
    one_waits_for_the_other(
        lambda: follow(follower=charlie, followed=alice, from_note=note.pk),
        lambda: unlike(person=charlie, note=note),
    )
    assert NoteReader.objects.get().engaged_day
    assert days() == counted_days()


def test_two_processes_that_write_the_same_readers(alice: User, charlie: User) -> None:
    notes = [make_note(alice) for _ in range(2)]

    def write() -> None:
        for note in notes:
            open_(note, charlie)

    one_waits_for_the_other(write, write)
    assert NoteReader.objects.count() == 2
    assert days() == counted_days()


def test_an_answer_to_a_note_that_is_being_deleted(alice: User, bob: User, charlie: User) -> None:
    for act in ("unfollow", "like", "follow"):
        note = make_note(alice)
        for person in (bob, charlie):
            open_(note, person)
            like(person=person, note=note)
        unlike(person=charlie, note=note)
        if act in UNDOES:
            ACTS[UNDOES[act]](note, charlie)
        same = Note.objects.select_related("author").get()
        one_waits_for_the_other(partial(delete_note, note=same), partial(_answer, ACTS[act], note, charlie))
        assert not Note.objects.exists()
    assert days() == {}


def _answer(act: Act, note: Note, person: User) -> None:
    """Like as the view does: the database refuses a like of a deleted note, which is answered with 404."""
    with suppress(IntegrityError):
        act(note, person)
