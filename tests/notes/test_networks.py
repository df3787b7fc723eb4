"""One network weighs little: fifty people behind one address move a note by two places at most, in any direction."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from notes import channels, networks
from notes.actions.epochs import write_epoch
from notes.actions.readers import Opening, record_openings
from notes.explore import EVERYTHING, order_for
from notes.models import Epoch, NetworkKey, Note, NoteDay, NoteReader
from notes.networks import Excess, excesses, forget_old_keys, network_of
from profiles.models import User
from tests.builders import make_note, make_person
from tests.notes.reading import make_readers

NETWORK, OTHER = "192.0.2.0/24", "198.51.100.0/24"


@pytest.fixture
def notes(db: None) -> list[Note]:
    """Thirty notes of an hour ago and more, each by another author, with ten readers of whom three have answered."""
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


def open_(note: Note, people: list[User], network: str = NETWORK, *, engage: bool = True) -> None:
    now = timezone.now()
    record_openings(openings=[Opening(note.pk, each.pk, now, "explore", network) for each in people])
    if engage:
        NoteReader.objects.filter(note=note, person__in=people).update(engaged_day=timezone.localdate())


def places() -> list[int]:
    write_epoch(made_at=timezone.now())
    order = order_for(AnonymousUser(), Epoch.objects.latest("made_at"), EVERYTHING)
    return [each.note for each in order.ranked]


@pytest.mark.parametrize("engage", [True, False], ids=["liking", "passing on"])
@pytest.mark.parametrize("place", [0, 18, 29])
def test_fifty_of_one_network_move_a_note_by_two_places_at_most(
    notes: list[Note], place: int, engage: bool
) -> None:
    before = places()
    target = notes[[note.pk for note in notes].index(before[place])]
    open_(target, crowd(50, is_counted=False), engage=engage)
    assert places() == before, "Fresh accounts move nothing."
    open_(target, crowd(50), engage=engage)
    assert abs(places().index(target.pk) - place) <= 2


def test_as_many_of_different_networks_do_move_it(notes: list[Note]) -> None:
    target = notes[18]
    for number, person in enumerate(crowd(10)):
        open_(target, [person], f"10.0.{number}.0/24")
    assert places().index(target.pk) < 10


def test_the_crowd_of_a_note_counts_for_nothing_and_smaller_ones_by_their_root(alice: User) -> None:
    note = make_note(alice)
    open_(note, crowd(9), NETWORK)
    open_(note, crowd(4), OTHER, engage=False)
    open_(note, crowd(1), "203.0.113.0/24")
    make_readers(note, 2)
    assert excesses([note.pk]) == {note.pk: Excess(9 + 2, 9)}
    assert NoteDay.objects.get(note=note).new_readers == 16, "the facts stay"


def test_regulars_of_a_campus_network_count_by_their_root(alice: User) -> None:
    """People who have opened notes on seven days: hundreds of them share the address of a campus."""
    regulars = crowd(16)
    for day in range(networks.REGULAR_DAYS - 1):
        old = make_note(alice)
        at = timezone.now() - timedelta(days=1 + day)
        record_openings(openings=[Opening(old.pk, each.pk, at, "explore", "") for each in regulars])
    note = make_note(alice)
    open_(note, [*regulars, *crowd(50)])
    assert excesses([note.pk]) == {note.pk: Excess(12 + 50, 12 + 50)}


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
