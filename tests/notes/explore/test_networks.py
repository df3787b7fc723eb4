"""One network has little weight: accounts behind one address move a note by two places at most, however many and old
they are.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from notes.explore import channels
from notes.explore.epochs import write_epoch
from notes.explore.order import order_for
from notes.explore.scope import EVERYTHING
from notes.models import Epoch, NetworkKey, Note, NoteDay, NoteReader
from notes.readers import networks
from notes.readers.actions import Opening, record_openings
from notes.readers.networks import Crowd, crowds_of, forget_old_keys, network_of
from profiles.models import User
from tests.builders import make_note, make_person
from tests.notes.readers.recorded import make_readers

NETWORK, OTHER = "192.0.2.0/24", "198.51.100.0/24"
READING_DAYS = 7


@pytest.fixture
def notes(db: None) -> list[Note]:
    """Thirty notes, an hour old and older, by different authors, each with ten readers, three of them engaged."""
    now = timezone.now()
    made = [make_note(make_person(), published_at=now - timedelta(hours=1 + number)) for number in range(30)]
    for note in made:
        make_readers(note, 10, engaged=3)
    return made


def crowd(number: int, *, is_counted: bool = True) -> list[User]:
    handles = [f"crowd_{place}_{User.objects.count()}" for place in range(number)]
    return User.objects.bulk_create(
        User(handle=handle, name=handle, email=f"{handle}@crowd.test", is_counted=is_counted)
        for handle in handles
    )


def open_(
    note: Note, people: list[User], network: str = NETWORK, *, engage: bool = True, days_ago: int = 0
) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    record_openings(openings=[Opening(note.pk, each.pk, at, "explore", network) for each in people])
    if engage:
        NoteReader.objects.filter(note=note, person__in=people).update(engaged_day=timezone.localdate())


def read_for_days(people: list[User]) -> None:
    """Have them open other notes on seven days, as people do who come back."""
    author = make_person()
    for day in range(READING_DAYS):
        old = make_note(author, published_at=timezone.now() - timedelta(days=90))
        open_(old, people, engage=False, days_ago=1 + day)


def places() -> list[int]:
    write_epoch(made_at=timezone.now())
    order = order_for(AnonymousUser(), Epoch.objects.latest("made_at"), EVERYTHING)
    return [each.note for each in order.ranked]


@pytest.mark.parametrize(
    ("place", "engage"),
    [
        pytest.param(0, True, id="first, liking"),
        pytest.param(29, False, id="last, passing on"),
        pytest.param(0, False, id="first, passing on", marks=pytest.mark.long),
        pytest.param(29, True, id="last, liking", marks=pytest.mark.long),
        pytest.param(18, True, id="18, liking", marks=pytest.mark.long),
        pytest.param(18, False, id="18, passing on", marks=pytest.mark.long),
    ],
)
def test_fifty_of_one_network_move_a_note_by_two_places_at_most(
    notes: list[Note], place: int, engage: bool
) -> None:
    before = places()
    target = notes[[note.pk for note in notes].index(before[place])]
    open_(target, crowd(50, is_counted=False), engage=engage)
    assert places() == before, "Fresh accounts move nothing."
    open_(target, crowd(50), engage=engage)
    assert abs(places().index(target.pk) - place) <= 2
    readers = crowd(50)
    read_for_days(readers)
    open_(target, readers, engage=engage)
    after = [pk for pk in places() if pk in before]
    assert abs(after.index(target.pk) - place) <= 2, "who have read for a week too"


@pytest.mark.parametrize("number", [2, 7, pytest.param(400, marks=pytest.mark.long)])
def test_nor_do_fewer_or_more(notes: list[Note], number: int) -> None:
    before = places()
    target = notes[18]
    open_(target, crowd(number))
    assert abs(places().index(target.pk) - before.index(target.pk)) <= 2


def test_nor_do_they_by_coming_on_several_days(notes: list[Note]) -> None:
    before = places()
    target = notes[18]
    Note.objects.filter(pk=target.pk).update(published_at=timezone.now() - timedelta(days=6))
    before = places()
    for days_ago in range(6):
        open_(target, crowd(8), days_ago=days_ago)
    assert abs(places().index(target.pk) - before.index(target.pk)) <= 2


def test_nor_does_their_departure(notes: list[Note]) -> None:
    """What stays of them, without a person, still shares a network."""
    before = places()
    target = notes[18]
    people = crowd(50)
    open_(target, people)
    NoteReader.objects.filter(person__in=people[:25]).update(person=None)
    assert abs(places().index(target.pk) - before.index(target.pk)) <= 2


def test_a_crowd_passes_a_neighbour(notes: list[Note]) -> None:
    """So a dormitory behind one address has a say: the note that it answers stands before one of about as much."""
    before = places()
    loved, passed_by = before[18], before[10]
    open_(Note.objects.get(pk=loved), crowd(12))
    assert places().index(loved) == 17
    open_(Note.objects.get(pk=passed_by), crowd(12), OTHER, engage=False)
    assert places().index(passed_by) == 11


def test_a_note_that_a_crowd_answers_says_why(notes: list[Note], client: Any) -> None:
    target = notes[18]
    open_(target, crowd(12))
    write_epoch(made_at=timezone.now())
    page = client.get(f"/notes/{target.pk}/why/").text
    assert "Readers who share a network answer it more than most" in page
    assert "share a network" not in client.get(f"/notes/{notes[3].pk}/why/").text


def test_as_many_of_different_networks_do_move_it(notes: list[Note]) -> None:
    target = notes[18]
    for number, person in enumerate(crowd(10)):
        open_(target, [person], f"10.0.{number}.0/24")
    assert places().index(target.pk) < 10


def test_the_crowds_of_a_note(alice: User) -> None:
    note = make_note(alice)
    open_(note, crowd(9), NETWORK)
    open_(note, crowd(4), OTHER, engage=False)
    open_(note, crowd(1), "203.0.113.0/24")
    open_(note, crowd(3, is_counted=False), "203.0.113.0/24")
    make_readers(note, 2)
    assert sorted(crowds_of([note.pk])[note.pk]) == [Crowd(4, 0), Crowd(9, 9)]
    assert NoteDay.objects.get(note=note).new_readers == 16, "the facts stay"


def test_a_network_weighs_once_in_channels(alice: User, bob: User) -> None:
    crowded, calm = make_note(alice, tags=["push"]), make_note(bob, tags=["tea"])
    open_(crowded, crowd(50))
    make_readers(calm, 2, engaged=2)
    assert [topic.name for topic in channels.busiest()] == ["tea", "push"]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("", ""),
        ("unix socket", "unix socket"),
    ],
)
def test_what_is_one_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_label_holds_for_one_note_and_leads_nowhere_once_its_key_is_gone(alice: User) -> None:
    one, other = make_note(alice), make_note(alice)
    now = timezone.now()

    def label(note: Note) -> int | None:
        return networks.labels([(note.pk, now, NETWORK)])[0]

    assert label(one) == label(one) != label(other)
    before = label(one)
    forget_old_keys()
    assert label(one) == before
    NetworkKey.objects.update(week=timezone.localdate() - timedelta(weeks=networks.KEPT_WEEKS + 1))
    forget_old_keys()
    assert not NetworkKey.objects.exists()
    assert label(one) != before
    assert networks.labels([(one.pk, now, "")]) == [None]


def test_readers_of_a_note_share_a_label_however_late_they_come(alice: User) -> None:
    now = timezone.now()
    note = make_note(alice, published_at=now - timedelta(days=6))
    for days_ago, person in zip((6, 3, 0), crowd(3), strict=True):
        at = now - timedelta(days=days_ago)
        record_openings(openings=[Opening(note.pk, person.pk, at, "explore", NETWORK)])
    assert len(set(NoteReader.objects.values_list("network", flat=True))) == 1
