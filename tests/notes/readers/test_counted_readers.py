"""Who counts as a reader: people with a confirmed address and an account older than a day; others from then on."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.utils import timezone

from notes.explore import channels
from notes.explore.epochs import write_epoch
from notes.explore.order import candidates
from notes.explore.scope import EVERYTHING
from notes.models import Epoch, Note, NoteDay, NoteReader
from notes.note_page.figures import figures_of
from notes.reactions.actions import collect, like, unlike
from notes.readers.actions import Opening, count_due, record_openings
from people.actions.follows import follow
from people.suggestions import suggestions
from profiles.models import User
from tests.builders import make_comment, make_note, make_person


@pytest.fixture(autouse=True)
def all_adds_up(db: None) -> Iterator[None]:
    yield
    call_command("recount", stdout=StringIO())


@pytest.fixture
def note(alice: User) -> Note:
    return make_note(alice, tags=["tea"])


@pytest.fixture
def newcomer(db: None) -> User:
    """Confirmed, and an hour old."""
    return make_person("newcomer", date_joined=timezone.now() - timedelta(hours=1), is_counted=False)


def open_(note: Note, *people: User, days_ago: int = 0) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    record_openings(openings=[Opening(note.pk, person.pk, at, "explore") for person in people])


def grow(person: User, **age: float) -> None:
    User.objects.filter(pk=person.pk).update(date_joined=timezone.now() - timedelta(**age))


def confirm(person: User) -> None:
    person.emailaddress_set.update(verified=True)


def days(note: Note) -> list[tuple[int, int, int]]:
    """How many days ago, with readers and engaged, newest first; days without either left out."""
    rows = NoteDay.objects.filter(note=note).exclude(new_readers=0, new_engaged=0).order_by("-day")
    found = rows.values_list("day", "new_readers", "new_engaged")
    return [((timezone.localdate() - day).days, readers, engaged) for day, readers, engaged in found]


def read_of(note: Note) -> tuple[int, int]:
    """Readers as the newest epoch and the note's author have them."""
    write_epoch(made_at=timezone.now())
    epoch = Epoch.objects.latest("made_at")
    frozen = next(each for each in candidates(epoch, EVERYTHING) if each.note == note.pk)
    return frozen.readers, figures_of(note).first_readers or 0


def test_a_new_account_reads_and_answers_and_counts_after_a_day(note: Note, newcomer: User) -> None:
    like(person=newcomer, note=note)
    make_comment(newcomer, note)
    open_(note, newcomer)
    collect(person=newcomer, note=note)
    follow(follower=newcomer, followed=note.author, from_note=note.pk)
    reader = NoteReader.objects.get()
    assert (reader.is_counted, reader.engaged_day) == (False, timezone.localdate()), "kept, whole"
    assert (days(note), read_of(note)) == ([], (0, 0))
    note.refresh_from_db()
    assert note.like_count == 1, "A card counts all likes."
    grow(newcomer, hours=23.9)
    assert read_of(note) == (0, 0)
    grow(newcomer, hours=24.1)
    assert read_of(note) == (1, 1)
    assert days(note) == [(0, 1, 1)]


def test_an_unconfirmed_one_counts_once_it_is_confirmed(note: Note) -> None:
    person = make_person(verified=False, date_joined=timezone.now() - timedelta(days=400))
    open_(note, person)
    assert read_of(note) == (0, 0)
    confirm(person)
    assert read_of(note) == (1, 1)


def test_what_counts_late_lands_on_the_day_it_was_opened_and_answered(
    note: Note, newcomer: User, bob: User
) -> None:
    open_(note, newcomer, bob, days_ago=5)
    like(person=newcomer, note=note)
    NoteReader.objects.filter(person=newcomer).update(engaged_day=timezone.localdate() - timedelta(days=2))
    assert days(note) == [(5, 1, 0)]
    grow(newcomer, days=6)
    for _ in range(2):
        count_due()
        assert days(note) == [(2, 0, 1), (5, 2, 0)]


def test_answers_taken_back_before_they_count_never_do(note: Note, newcomer: User) -> None:
    open_(note, newcomer)
    like(person=newcomer, note=note)
    unlike(person=newcomer, note=note)
    grow(newcomer, days=2)
    count_due()
    assert days(note) == [(0, 1, 0)]


def test_the_next_opening_counts_the_ones_before(note: Note, newcomer: User) -> None:
    open_(note, newcomer, days_ago=1)
    grow(newcomer, days=2)
    open_(make_note(note.author), newcomer)
    assert days(note) == [(1, 1, 0)]


def test_once_counted_always_counted(note: Note, bob: User) -> None:
    open_(note, bob)
    bob.emailaddress_set.all().delete()
    count_due()
    assert days(note) == [(0, 1, 0)]


@pytest.mark.parametrize("field", ["suspended_at", "leaving_at"])
def test_who_is_away_begins_to_count_when_they_are_back(note: Note, newcomer: User, field: str) -> None:
    open_(note, newcomer)
    grow(newcomer, days=2)
    User.objects.filter(pk=newcomer.pk).update(**{field: timezone.now()})
    count_due()
    assert days(note) == []
    User.objects.filter(pk=newcomer.pk).update(**{field: None})
    count_due()
    assert days(note) == [(0, 1, 0)]


def test_channels_are_made_by_those_who_count(alice: User, newcomer: User) -> None:
    make_note(alice, tags=["tea"])
    answered = make_note(alice, tags=["cake"])
    for _ in range(3):
        make_note(newcomer, tags=["buy now"])
    visitor = AnonymousUser()
    open_(answered, newcomer)
    like(person=newcomer, note=answered)
    like(person=newcomer, note=make_note(alice, tags=["soup"]))
    assert {topic.name for topic in channels.bar(visitor).topics} == {"tea", "cake", "soup"}
    assert [topic.name for topic in channels.bar(visitor).topics] == ["cake", "soup", "tea"]
    grow(newcomer, days=2)
    count_due()
    assert [topic.name for topic in channels.bar(visitor).topics] == ["buy now", "cake", "soup", "tea"]


def test_who_does_not_count_is_suggested_to_nobody(alice: User, bob: User, newcomer: User) -> None:
    follow(follower=alice, followed=newcomer)
    assert [each.person for each in suggestions(bob)] == []
    grow(newcomer, days=2)
    count_due()
    assert [each.person for each in suggestions(bob)] == [newcomer]


def test_recount_finds_readers_that_count_by_mistake(note: Note, bob: User, newcomer: User) -> None:
    open_(note, bob, newcomer)
    NoteReader.objects.filter(person=bob).update(is_counted=False)
    NoteReader.objects.filter(person=newcomer).update(is_counted=True)
    output = StringIO()
    with pytest.raises(SystemExit):
        call_command("recount", stdout=output)
    assert "is_counted is False" in output.getvalue()
    assert "is_counted is True" in output.getvalue()
    call_command("recount", "--fix", stdout=output)
    assert days(note) == [(0, 1, 0)]
