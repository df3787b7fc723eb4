"""Followers won and lost per day, with the note they came from; profile visits."""

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F, Sum
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.models import FollowDay, NoteFollowDay, NoteHour, ProfileDay
from leaving.actions.removal import remove_person
from notes.compose.actions import delete_note
from notes.models import Note, NoteDay
from notes.readers import visitors, write_buffer
from people.actions.blocks import block, unblock
from people.actions.follows import approve, follow, unfollow
from profiles.models import Follow, User
from tests.builders import make_note, make_person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def all_adds_up(db: None) -> Iterator[None]:
    """After each test: won less lost are the follows that stand, of people and of notes, and recount finds nothing."""
    yield
    check_sums()
    call_command("recount", stdout=StringIO())


def check_sums() -> None:
    days = FollowDay.objects.values_list("person").annotate(net=Sum(F("won") - F("lost")))
    people = User.objects.values_list("pk", "follower_count")
    assert {pk: net for pk, net in days if net} == {pk: number for pk, number in people if number}
    of_notes = NoteFollowDay.objects.values_list("note").annotate(net=Sum(F("won") - F("lost")))
    standing: dict[int, int] = {}
    for note, follow_of in Follow.objects.filter(from_note__isnull=False).values_list(
        "from_note", "followed"
    ):
        if Note.objects.filter(pk=note, author=follow_of).exists():
            standing[note] = standing.get(note, 0) + 1
    assert {pk: net for pk, net in of_notes if net} == standing


def won_and_lost(person: User) -> list[tuple[int, int]]:
    return list(FollowDay.objects.filter(person=person).order_by("day").values_list("won", "lost"))


def of_note(note: Note) -> list[tuple[int, int]]:
    return list(NoteFollowDay.objects.filter(note=note).order_by("day").values_list("won", "lost"))


def test_each_is_counted_as_it_happens(alice: User, bob: User, charlie: User) -> None:
    note, others = make_note(alice), make_note(charlie)
    follow(follower=charlie, followed=alice, from_note=note.pk)
    follow(follower=charlie, followed=alice, from_note=note.pk)
    assert (won_and_lost(alice), of_note(note)) == ([(2, 0)], [(1, 0)])
    unfollow(follower=charlie, followed=alice)
    unfollow(follower=charlie, followed=alice)
    unfollow(follower=bob, followed=alice)
    assert (won_and_lost(alice), of_note(note)) == ([(2, 2)], [(1, 1)])
    follow(follower=bob, followed=alice, from_note=others.pk)
    assert (of_note(others), won_and_lost(alice)) == ([], [(3, 2)]), "another author's note"


def test_a_request_is_won_once_it_is_approved(alice: User, charlie: User) -> None:
    User.objects.filter(pk=alice.pk).update(approves_followers=True)
    note = make_note(alice, visibility="followers")
    follow(follower=charlie, followed=alice, from_note=note.pk)
    assert won_and_lost(alice) == []
    approve(follower=charlie, followed=alice)
    assert (won_and_lost(alice), of_note(note)) == ([(1, 0)], [(1, 0)])


def test_a_block_is_a_loss(alice: User, bob: User) -> None:
    block(blocker=bob, blocked=alice)
    assert won_and_lost(alice) == [(1, 1)]


def test_the_day_is_that_of_the_follow(alice: User, charlie: User) -> None:
    Follow.objects.bulk_create([Follow(follower=charlie, followed=alice)])
    Follow.objects.all().delete()
    assert won_and_lost(alice) == [(1, 1)]


def test_who_leaves_is_a_loss_that_changes_no_day_of_the_past(alice: User, bob: User) -> None:
    note = make_note(alice)
    charlie = make_person()
    follow(follower=charlie, followed=alice, from_note=note.pk)
    yesterday = timezone.localdate() - timedelta(days=1)
    FollowDay.objects.update(day=yesterday)
    NoteFollowDay.objects.update(day=yesterday)
    leave(charlie)
    assert (won_and_lost(alice), of_note(note)) == ([(2, 0), (0, 1)], [(1, 0), (0, 1)])
    leave(alice)
    assert not FollowDay.objects.exists()
    assert not NoteFollowDay.objects.exists()


def test_a_person_deleted_at_once_leaves_nothing(alice: User, bob: User) -> None:
    follow(follower=alice, followed=bob)
    alice.delete()
    assert not FollowDay.objects.filter(won__gt=F("lost")).exists()


def test_the_note_s_go_with_the_note_and_the_person_s_stay(alice: User, charlie: User) -> None:
    note = make_note(alice)
    follow(follower=charlie, followed=alice, from_note=note.pk)
    delete_note(note=note)
    unfollow(follower=charlie, followed=alice)
    assert (won_and_lost(alice), NoteFollowDay.objects.exists()) == ([(1, 1)], False)


def test_all_figures_go_with_what_they_are_of(alice: User, bob: User) -> None:
    note, today = make_note(alice), timezone.localdate()
    of_note: list[Any] = [
        NoteDay(source="tag", opened=1),
        NoteHour(hour=9, opened=1),
        NoteFollowDay(won=1, lost=1),
    ]
    for row in of_note:
        row.note, row.day = note, today
        row.save()
    ProfileDay.objects.create(person=alice, day=today, visits=2)
    delete_note(note=note)
    assert not any(type(row).objects.exists() for row in of_note)
    assert FollowDay.objects.filter(person=alice).exists()
    leave(alice)
    assert not ProfileDay.objects.exists()
    assert not FollowDay.objects.filter(person=alice.pk).exists()


def leave(person: User) -> None:
    User.objects.filter(pk=person.pk).update(leaving_at=timezone.now(), going_at=timezone.now())
    remove_person(person.pk)


ACTS = ["follow", "follow from", "unfollow", "block", "leave", "delete note", "bulk"]


unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
acts = given(steps=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 8)), min_size=4, max_size=25))


@settings(unhurried, max_examples=6)
@acts
def test_whatever_happens_in_whatever_order(steps: list[tuple[str, int]]) -> None:
    check_walk(steps)


@pytest.mark.long
@settings(unhurried, max_examples=100)
@acts
def test_a_hundred_walks_in_whatever_order(steps: list[tuple[str, int]]) -> None:
    check_walk(steps)


def check_walk(steps: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        people = [make_person() for _ in range(3)]
        notes = [make_note(person) for person in people]
        for act, number in steps:
            one, other = number % 3, number // 3
            _do(act, people, notes, one, other)
            check_sums()
        transaction.set_rollback(True)


def _do(act: str, people: list[User], notes: list[Note], one: int, other: int) -> None:
    if act == "leave":
        leave(people[one])
        people[one] = make_person()
        notes[one] = make_note(people[one])
    elif act == "delete note":
        delete_note(note=notes[one])
        notes[one] = make_note(people[one])
    elif act == "bulk":
        Follow.objects.filter(followed=people[one]).delete()
    elif one != other:
        pair = {"follower": people[one], "followed": people[other]}
        if act == "unfollow":
            unfollow(**pair)
        elif act == "block":
            block(blocker=people[one], blocked=people[other])
            unblock(blocker=people[one], blocked=people[other])
        else:
            follow(**pair, from_note=notes[other].pk if act == "follow from" else None)


def test_the_past_is_brought_along(alice: User, bob: User, charlie: User) -> None:
    """As the migration finds it: follows of some days, and one that ended after the triggers were there."""
    note = make_note(alice)
    follow(follower=charlie, followed=alice, from_note=note.pk)
    Follow.objects.filter(follower=charlie).update(created_at=timezone.now() - timedelta(days=5))
    FollowDay.objects.all().delete()
    NoteFollowDay.objects.all().delete()
    dana, erin = make_person(), make_person()
    follow(follower=dana, followed=alice)
    follow(follower=erin, followed=charlie)
    FollowDay.objects.filter(person=charlie).delete()
    unfollow(follower=erin, followed=charlie)
    migration = import_module("insights.migrations.0003_past_followers")
    for _twice in range(2):
        migration.bring_along(apps, connection.schema_editor())
        assert won_and_lost(alice) == [(1, 0), (2, 0)]
        assert of_note(note) == [(1, 0)]
        assert won_and_lost(charlie) == [(1, 1)]
    assert won_and_lost(bob) == []


def test_recount_finds_and_mends(alice: User, bob: User) -> None:
    note = make_note(alice)
    FollowDay.objects.filter(person=alice).update(won=4)
    NoteFollowDay.objects.create(note=note, day=timezone.localdate() - timedelta(days=3), lost=1)
    output = StringIO()
    with pytest.raises(SystemExit):
        call_command("recount", stdout=output)
    assert output.getvalue().splitlines() == [
        f"user {alice.pk}: followers won less lost are 4, standing 1",
        f"note {note.pk}: followers won less lost are -1, standing 0",
        "Counters that differ: 2",
    ]
    call_command("recount", "--fix", stdout=StringIO())
    assert won_and_lost(alice) == [(4, 3)]


def visit(person: User, by: Client | User | None, **headers: str) -> None:
    browser = by if isinstance(by, Client) else signed_in(by)
    browser.get(person.get_absolute_url(), headers={"User-Agent": "Mozilla/5.0 Firefox/146.0", **headers})
    write_buffer.flush()


def visits(person: User) -> list[int]:
    return list(ProfileDay.objects.filter(person=person).values_list("visits", flat=True))


def test_each_viewer_visits_a_profile_once_a_day(
    alice: User, bob: User, charlie: User, mona: User, monkeypatch: Any
) -> None:
    write_buffer.clear()
    visitors._today = visitors._Today(visitors.date.min)
    visitor = Client()
    for viewer in (bob, bob, charlie, visitor, visitor, alice, mona):
        visit(alice, viewer)
    visit(alice, charlie, **{"HX-Request": "true"})
    visit(alice, make_person(), **{"Sec-Purpose": "prefetch"})
    visit(alice, make_person(), **{"User-Agent": "Googlebot/2.1"})
    assert visits(alice) == [3]
    signed_in(make_person()).get(alice.get_absolute_url(), headers={"User-Agent": "Mozilla/5.0"})
    leave(alice)
    write_buffer.flush()
    assert not ProfileDay.objects.exists()
