"""`prove` on stored epochs: what was changed in one is found, what has happened since explains itself."""

import io
from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from moderation.models import Proof
from moderation.prove import run
from moderation.prove.run import latest_proof, prove
from notes.explore.epochs import write_epoch
from notes.models import Channel, Epoch, EpochInput, EpochScope, Note
from notes.reactions.actions import like
from notes.readers.actions import Opening, record_openings
from profiles.models import User
from tests.builders import make_note, make_person
from tests.moderation.prove.proving import differences, write_settled_epoch


def _community() -> list[Note]:
    """Sixty notes by six people in one channel, some of them read and liked."""
    people = [make_person() for _number in range(6)]
    ago = timezone.now() - timedelta(days=2)
    notes = [
        make_note(people[number % 6], tags=["tea"], published_at=ago + timedelta(minutes=number))
        for number in range(60)
    ]
    Channel.objects.create(slug="tea", en="Tea", zh="茶").tags.set(notes[0].tags.all())
    for place, reader in enumerate(people):
        read = [note for note in notes[:: place + 1] if note.author_id != reader.pk]
        now = timezone.now()
        record_openings(
            openings=[Opening(note.pk, reader.pk, now, "explore", f"10.{place}.0.0") for note in read]
        )
        for note in read[::2]:
            like(person=reader, note=note)
    return notes


def _drop(candidates: list[Any]) -> list[Any]:
    return candidates[1:]


def _lower(candidates: list[Any]) -> list[Any]:
    return [*candidates[1:], candidates[0]]


def _cheapen(candidates: list[Any]) -> list[Any]:
    return [[*candidates[0][:4], 0.0, *candidates[0][5:]], *candidates[1:]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_drop, "expected at place 1 of the epoch of"),
        (_lower, "found at place 60"),
        (_cheapen, "quality should be"),
    ],
)
def test_a_stored_epoch_that_was_changed(change: Callable[[list[Any]], list[Any]], said: str) -> None:
    _community()
    write_settled_epoch()
    assert differences() == []
    scope = EpochScope.objects.get(name="all")
    EpochScope.objects.filter(pk=scope.pk).update(candidates=change(scope.candidates))
    found = differences()
    assert any(each.startswith(f"note {scope.candidates[0][0]}: ") and said in each for each in found), found


@pytest.mark.django_db
def test_an_input_that_was_changed() -> None:
    """An author who was left out, or readers who were not counted, when the epoch was written."""
    notes = _community()
    write_settled_epoch()
    given = EpochInput.objects.get()
    EpochInput.objects.update(reads=[row for row in given.reads if row[0] != notes[0].pk])
    said = f"note {notes[0].pk}: expected at place 60 of the notes that the epoch of"
    assert any(said in each for each in differences())
    lowered = [[note, 0, 0, topic] for note, _readers, _engaged, topic in given.reads]
    EpochInput.objects.update(reads=lowered)
    assert any("readers, engaged readers and first topic should be" in each for each in differences())


@pytest.mark.django_db
def test_an_epoch_of_the_version_before() -> None:
    _community()
    write_settled_epoch()
    EpochInput.objects.all().delete()
    assert differences() == []


@pytest.mark.django_db(transaction=True)
def test_what_happened_since_an_epoch(db: None) -> None:
    """Readers, likes, edits, a suspension and a deletion after it explain what the newest epoch does not know."""
    notes = _community()
    write_epoch(made_at=timezone.now())
    assert differences() == []
    reader = make_person()
    record_openings(openings=[Opening(notes[5].pk, reader.pk, timezone.now(), "explore", "10.0.0.7")])
    like(person=reader, note=notes[5])
    notes[6].tags.set(["walks"])
    Note.objects.filter(pk=notes[7].pk).update(visibility="followers")
    notes[8].delete()
    make_note(reader, tags=["tea"])
    Channel.objects.get().tags.clear()
    assert differences() == []


@pytest.mark.django_db(transaction=True)
def test_an_epoch_is_written_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the middle of the proof another connection publishes, likes and writes two epochs, which deletes the one that
    the proof has begun with: like is compared with like.
    """
    notes = _community()
    reader = make_person()
    write_epoch(made_at=timezone.now())
    begun_with = Epoch.objects.get().pk

    def write() -> None:
        try:
            record_openings(openings=[Opening(notes[9].pk, reader.pk, timezone.now(), "explore")])
            like(person=reader, note=notes[9])
            make_note(reader, tags=["tea"])
            Note.objects.filter(pk=notes[0].pk).update(visibility="private")
            for seconds in (1, 2):
                write_epoch(made_at=timezone.now() + timedelta(seconds=seconds))
        finally:
            connection.close()

    limits = run.prove_limits

    def then_write(tally: Any) -> None:
        limits(tally)
        thread = Thread(target=write)
        thread.start()
        thread.join(30)

    monkeypatch.setattr(run, "prove_limits", then_write)
    made, tally = prove(is_whole=True)
    assert tally.found == []
    assert made.places > 60
    assert not Epoch.objects.filter(pk=begun_with).exists()
    assert Epoch.objects.count() == 2


@pytest.mark.django_db
def test_the_command_and_its_outcome(alice: User) -> None:
    make_note(alice, "Tea", tags=["tea"])
    output = io.StringIO()
    call_command("prove", stdout=output, stderr=io.StringIO())
    assert "Differences: 0\n" in output.getvalue()
    found = latest_proof()
    assert found is not None
    assert (found.differences, found.is_whole) == (0, True)
    assert found.lists >= 4
    User.objects.filter(pk=alice.pk).update(suspended_at=timezone.now())
    with pytest.raises(SystemExit) as end:
        call_command("prove", "--some", stdout=output, stderr=io.StringIO())
    assert end.value.code == 1
    assert f"person {alice.pk}: suspended, but no decision suspends them\n" in output.getvalue()
    found = latest_proof()
    assert found is not None
    assert not found.is_whole
    assert found.differences > 1


@pytest.mark.django_db
def test_a_part_of_a_large_site(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each day compares the numbers of other notes, until all have had their turn."""
    notes = _community()
    monkeypatch.setattr(run, "SOME_ROWS", 20)
    top = max(notes[-1].pk, User.objects.latest("pk").pk)
    days = [run._numbers(False, seed) for seed in range(-(-top // 20))]
    assert {number for first, last in days for number in range(first, last + 1)} >= set(range(1, top + 1))
    Note.objects.filter(pk=notes[0].pk).update(like_count=99)
    monkeypatch.setattr(run, "_numbers", lambda is_whole, seed: (notes[1].pk, notes[-1].pk))
    assert prove(is_whole=False)[1].found == []
    assert Proof.objects.count() == 1
