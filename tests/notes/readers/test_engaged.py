"""A reader is engaged while they like, save or comment on the note or follow its author from it: triggers keep this,
and the sums of days.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leaving.actions.removal import remove_person
from notes.comments.actions import delete_comment
from notes.compose.actions import delete_note
from notes.models import Collect, Comment, Like, Note, NoteDay, NoteReader, Source
from notes.models.readers import READER
from notes.moderation import hide_comment, restore_comment
from notes.reactions.actions import collect, like, uncollect, unlike
from notes.readers.actions import Opening, count_due, record_openings
from people.actions.blocks import block, unblock
from people.actions.follows import approve, decline, follow, unfollow
from profiles.models import Follow, User
from tests.builders import make_comment, make_note, make_person, signed_in


@pytest.fixture
def note(alice: User) -> Note:
    return make_note(alice)


@pytest.fixture(autouse=True)
def all_adds_up(db: None) -> Iterator[None]:
    """After each test here: days and readers are what plain Python counts, and recount finds nothing."""
    yield
    assert days() == counted_days()
    check_cohorts()
    there = NoteReader.objects.filter(person__isnull=False)
    assert {reader.pk for reader in there.filter(engaged_day=None)} == {
        reader.pk for reader in there.select_related("note") if not stands(reader)
    }
    call_command("recount", stdout=StringIO())


def stands(reader: NoteReader) -> bool:
    said = Comment.objects.counted().filter(note=reader.note_id, author=reader.person_id)
    mine = {"person": reader.person_id}
    follows = Follow.objects.filter(
        follower=reader.person_id, followed=reader.note.author_id, from_note=reader.note_id
    )
    answers = (reader.note.likes.filter(**mine), reader.note.collects.filter(**mine), said, follows)
    return any(rows.exists() for rows in answers)


def days() -> dict[tuple[int, date, str], tuple[int, int]]:
    rows = NoteDay.objects.exclude(new_readers=0, new_engaged=0)
    return {(row.note_id, row.day, row.source): (row.new_readers, row.new_engaged) for row in rows}


def counted_days() -> dict[tuple[int, date, str], tuple[int, int]]:
    found: dict[tuple[int, date, str], tuple[int, int]] = {}
    for reader in NoteReader.objects.filter(is_counted=True):
        for day, place in ((reader.first_seen_day, 0), (reader.engaged_day, 1)):
            if day:
                numbers = list(found.setdefault((reader.note_id, day, reader.source), (0, 0)))
                numbers[place] += 1
                found[reader.note_id, day, reader.source] = (numbers[0], numbers[1])
    return found


def check_cohorts() -> None:
    """Of the readers of each day and source, those who ever engaged, and of these those who saved or commented: never
    more than the readers; counted in plain Python.
    """
    rows = {(row.note_id, row.day, row.source): row for row in NoteDay.objects.all()}
    for kind in ("ever_engaged", "ever_saved", "ever_commented"):
        found: dict[tuple[int, date, str], int] = {}
        for reader in NoteReader.objects.filter(is_counted=True, **{kind: True}):
            key = (reader.note_id, reader.first_seen_day, reader.source)
            found[key] = found.get(key, 0) + 1
        assert {key: getattr(row, kind) for key, row in rows.items() if getattr(row, kind)} == found
        assert all(getattr(row, kind) <= row.ever_engaged <= row.new_readers for row in rows.values())


def figures() -> set[tuple[object, ...]]:
    kinds = ("new_readers", "new_engaged", "ever_engaged", "ever_saved", "ever_commented")
    return set(NoteDay.objects.values_list("note", "day", "source", *kinds, "visits", "shown", "opened"))


def readers_of(author: User) -> int:
    """How many people have read any of the author's notes."""
    return NoteReader.objects.filter(note__author=author).aggregate(number=Count(READER, distinct=True))[
        "number"
    ]


def kept(note: Note, person: User) -> tuple[bool, bool]:
    reader = NoteReader.objects.get(note=note, person=person)
    return reader.ever_saved, reader.ever_commented


def open_(note: Note, *people: User, days_ago: int = 0, source: str = Source.EXPLORE) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    record_openings(openings=[Opening(note.pk, person.pk, at, source) for person in people])


def leave(person: User) -> None:
    User.objects.filter(pk=person.pk).update(leaving_at=timezone.now(), going_at=timezone.now())
    remove_person(person.pk)


def engaged(note: Note, person: User) -> date | None:
    return NoteReader.objects.get(note=note, person=person).engaged_day


def test_each_answer_engages_and_the_last_one_undone_ends_it(note: Note, charlie: User, mona: User) -> None:
    open_(note, charlie, days_ago=3)
    like(person=charlie, note=note)
    collect(person=charlie, note=note)
    comment = make_comment(charlie, note)
    follow(follower=charlie, followed=note.author, from_note=note.pk)
    undo = [
        lambda: unlike(person=charlie, note=note),
        lambda: uncollect(person=charlie, note=note),
        lambda: hide_comment(comment=comment, by=mona, reason="Rude."),
        lambda: unfollow(follower=charlie, followed=note.author),
    ]
    for act in undo:
        assert engaged(note, charlie) == timezone.localdate()
        act()
    assert engaged(note, charlie) is None
    restore_comment(comment=comment)
    assert engaged(note, charlie) == timezone.localdate()
    delete_comment(comment=comment)
    assert engaged(note, charlie) is None


def test_the_day_is_of_the_first_answer_and_stays_while_any_stands(note: Note, charlie: User) -> None:
    today = timezone.localdate()
    open_(note, charlie, days_ago=9)
    for days_ago in (5, 2):
        make_comment(charlie, note, created_at=timezone.now() - timedelta(days=days_ago))
    first, second = Comment.objects.order_by("created_at")
    assert engaged(note, charlie) == today - timedelta(days=5)
    delete_comment(comment=first)
    assert engaged(note, charlie) == today - timedelta(days=5)
    delete_comment(comment=second)
    like(person=charlie, note=note)
    assert engaged(note, charlie) == today


def test_nobody_is_engaged_before_they_opened_the_note(note: Note, charlie: User) -> None:
    make_comment(charlie, note, created_at=timezone.now() - timedelta(days=5))
    open_(note, charlie, days_ago=2)
    assert engaged(note, charlie) == timezone.localdate() - timedelta(days=2)


def test_following_counts_for_the_note_it_came_from(note: Note, alice: User, charlie: User) -> None:
    other, stranger = make_note(alice), make_note(make_person())
    open_(note, charlie)
    open_(other, charlie)
    follow_button = f"{alice.get_absolute_url()}follow/"
    page = signed_in(charlie).get(note.get_absolute_url()).text
    assert page.count(f'formaction="{follow_button}?from={note.pk}"') == 2
    browser = signed_in(charlie, headers={"HX-Request": "true"})
    for pressed in (f"{follow_button}?from={stranger.pk}", f"{follow_button}?from=x", follow_button):
        browser.post(pressed)
        assert Follow.objects.get(follower=charlie).from_note is None
        browser.post(f"{follow_button}delete/")
    answer = browser.post(f"{follow_button}?from={note.pk}").text
    assert f'formaction="{follow_button}delete/?from={note.pk}"' in answer
    browser.post(f"{follow_button}?from={other.pk}")
    assert (engaged(note, charlie), engaged(other, charlie)) == (timezone.localdate(), None)
    assert (
        f'formaction="{follow_button}?from={note.pk}"'
        in browser.post(f"{follow_button}delete/?from={note.pk}").text
    )


def test_a_block_ends_it_with_the_follow(note: Note, alice: User, charlie: User) -> None:
    for one, other in ((alice, charlie), (charlie, alice)):
        open_(note, charlie)
        follow(follower=charlie, followed=alice, from_note=note.pk)
        assert engaged(note, charlie)
        block(blocker=one, blocked=other)
        assert engaged(note, charlie) is None
        unblock(blocker=one, blocked=other)


def test_a_request_counts_once_it_is_approved(note: Note, alice: User, charlie: User) -> None:
    User.objects.filter(pk=alice.pk).update(approves_followers=True)
    open_(note, charlie)
    for answer in (decline, approve):
        follow(follower=charlie, followed=alice, from_note=note.pk)
        assert engaged(note, charlie) is None
        answer(follower=charlie, followed=alice)
    assert engaged(note, charlie) == timezone.localdate()


def test_the_author_s_deletion_of_a_comment_ends_it(note: Note, alice: User, charlie: User) -> None:
    open_(note, charlie)
    comment = make_comment(charlie, note)
    other = make_note(alice)
    open_(other, charlie)
    Comment.objects.filter(pk=comment.pk).update(note=other)
    assert (engaged(note, charlie), bool(engaged(other, charlie))) == (None, True)
    signed_in(alice).post(f"/comments/{comment.pk}/delete/")
    assert engaged(other, charlie) is None


def test_a_cohort_keeps_who_ever_engaged(note: Note, bob: User, charlie: User) -> None:
    open_(note, bob, charlie, days_ago=3)
    like(person=bob, note=note)
    unlike(person=bob, note=note)
    day = NoteDay.objects.get(new_readers=2)
    assert (day.ever_engaged, sum(NoteDay.objects.values_list("new_engaged", flat=True))) == (1, 0)
    like(person=bob, note=note)
    collect(person=charlie, note=note)
    day.refresh_from_db()
    assert (day.ever_engaged, day.new_engaged) == (2, 0), "of the day on which they opened it"
    assert NoteDay.objects.get(day=timezone.localdate()).new_engaged == 2


def test_a_cohort_keeps_who_saved_and_who_commented(note: Note, bob: User, charlie: User) -> None:
    open_(note, bob, days_ago=3)
    like(person=bob, note=note)
    assert kept(note, bob) == (False, False)
    collect(person=bob, note=note)
    delete_comment(comment=make_comment(bob, note))
    uncollect(person=bob, note=note)
    assert kept(note, bob) == (True, True)
    collect(person=charlie, note=note)
    open_(note, charlie, days_ago=3)
    assert kept(note, charlie) == (True, False), "saved from a card before it was opened"
    day = NoteDay.objects.get(new_readers=2)
    assert (day.ever_engaged, day.ever_saved, day.ever_commented) == (2, 2, 1)


def test_saves_and_comments_of_the_past_are_brought_along(note: Note, bob: User, charlie: User) -> None:
    open_(note, bob, charlie, days_ago=3)
    collect(person=bob, note=note)
    make_comment(charlie, note)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE notes_notereader DISABLE TRIGGER USER")
        NoteReader.objects.update(ever_saved=False, ever_commented=False)
        cursor.execute("ALTER TABLE notes_notereader ENABLE TRIGGER USER")
    NoteDay.objects.update(ever_saved=0, ever_commented=0)
    output = StringIO()
    with pytest.raises(SystemExit):
        call_command("recount", stdout=output)
    assert output.getvalue().count("a save or comment that stands is not kept") == 2
    migration = import_module("notes.migrations.0027_past_answers")
    for _twice in range(2):
        migration.bring_along(apps, connection.schema_editor())
    day = NoteDay.objects.get(new_readers=2)
    assert (day.ever_saved, day.ever_commented) == (1, 1)


def test_who_leaves_stays_one_reader_of_each_author(alice: User, bob: User, charlie: User) -> None:
    """However many notes they read: and of another author, they are another."""
    authors = (alice, make_person())
    notes = [[make_note(author) for _ in range(3)] for author in authors]
    for of_author in notes:
        for each in of_author:
            open_(each, bob, charlie)
    for person in (bob, charlie):
        leave(person)
        assert [readers_of(author) for author in authors] == [2, 2]
    numbers = NoteReader.objects.values_list("note__author", "departed").distinct()
    assert len({number for _author, number in numbers}) == len(numbers) == 4
    last = make_person()
    open_(notes[0][0], last)
    last.delete()
    assert readers_of(alice) == 3, "deleted at once, as by the admin"


def test_who_does_not_count_yet_joins_their_cohort_later(note: Note, charlie: User) -> None:
    User.objects.filter(pk=charlie.pk).update(is_counted=False, date_joined=timezone.now())
    open_(note, charlie, days_ago=2)
    like(person=charlie, note=note)
    assert not NoteDay.objects.filter(ever_engaged__gt=0).exists()
    User.objects.filter(pk=charlie.pk).update(date_joined=timezone.now() - timedelta(days=2))
    count_due()
    assert [(row.new_readers, row.ever_engaged) for row in NoteDay.objects.order_by("day")] == [
        (1, 1),
        (0, 0),
    ]


def test_the_past_is_brought_along(note: Note, bob: User, charlie: User) -> None:
    """As the migration finds it: readers who are engaged, and no day that knows of it."""
    open_(note, bob, charlie, days_ago=3)
    like(person=bob, note=note)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE notes_notereader DISABLE TRIGGER USER")
        NoteReader.objects.update(ever_engaged=False)
        cursor.execute("ALTER TABLE notes_notereader ENABLE TRIGGER USER")
    NoteDay.objects.update(ever_engaged=0)
    migration = import_module("notes.migrations.0020_past_cohorts")
    for _twice in range(2):
        migration.bring_along(apps, connection.schema_editor())
    assert sorted(NoteDay.objects.values_list("new_readers", "ever_engaged")) == [(0, 0), (2, 1)]


def test_nothing_that_was_counted_falls_when_a_reader_leaves(
    note: Note, alice: User, bob: User, charlie: User
) -> None:
    other = make_note(charlie)
    for person in (bob, charlie):
        open_(note, person, source=Source.TAG)
        like(person=person, note=note)
        make_comment(person, note)
    open_(other, bob)
    follow(follower=charlie, followed=alice, from_note=note.pk)
    follow(follower=bob, followed=charlie, from_note=other.pk)
    before = {row for row in figures() if row[0] == note.pk}
    assert days()[note.pk, timezone.localdate(), "tag"] == (2, 2)
    for person in (charlie, bob):
        leave(person)
        assert figures() == before, "but for the note of who left"
    readers = NoteReader.objects.values_list("person", "engaged_day", "ever_engaged")
    assert list(readers) == [(None, timezone.localdate(), True)] * 2


def test_a_note_goes_with_its_readers_first(note: Note, alice: User, charlie: User) -> None:
    """Every write to a reader locks the reader before the days, the cascade too: otherwise two would deadlock."""
    open_(note, charlie)
    like(person=charlie, note=note)
    with CaptureQueriesContext(connection) as queries:
        delete_note(note=note)
    deleted = [query["sql"].split('"')[1] for query in queries if query["sql"].startswith("DELETE FROM")]
    assert deleted[0] == "notes_notereader"
    assert not NoteReader.objects.exists()
    assert not NoteDay.objects.exists()


def test_many_at_once(alice: User) -> None:
    notes, people = [make_note(alice) for _ in range(3)], [make_person() for _ in range(6)]
    today = timezone.localdate()
    NoteReader.objects.bulk_create(
        NoteReader(note=note, person=person, first_seen_day=today - timedelta(days=place % 2), source="tag")
        for note in notes
        for place, person in enumerate(people)
    )
    Like.objects.bulk_create(Like(note=note, person=person) for note in notes for person in people[:4])
    assert days() == {
        (note.pk, day, "tag"): numbers
        for note in notes
        for day, numbers in ((today, (3, 4)), (today - timedelta(days=1), (3, 0)))
    }
    NoteReader.objects.filter(person__in=people[:2]).update(source="search", first_seen_day=today)
    assert days()[notes[0].pk, today, "search"] == (2, 2)
    NoteReader.objects.filter(note=notes[0]).delete()
    Like.objects.all().delete()
    assert set(days().values()) == {(2, 0)}


def test_recount_finds_and_mends(note: Note, bob: User, charlie: User) -> None:
    for person in (bob, charlie):
        open_(note, person)
    like(person=bob, note=note)
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE notes_notereader DISABLE TRIGGER USER")
        NoteReader.objects.update(engaged_day=None)
        NoteReader.objects.filter(person=charlie).update(engaged_day=today)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE notes_notereader ENABLE TRIGGER USER")
    NoteDay.objects.all().update(new_readers=5, visits=3)
    output = StringIO()
    with pytest.raises(SystemExit):
        call_command("recount", stdout=output)
    first, second = NoteReader.objects.order_by("pk")
    assert output.getvalue().splitlines() == [
        f"notereader {first.pk}: engaged_day is None, something stands",
        f"notereader {second.pk}: engaged_day is {today}, nothing stands",
        f"note {note.pk} on {today} from explore: new_readers is 5, counted 2",
        "Counters that differ: 3",
    ]
    call_command("recount", "--fix", stdout=StringIO())
    assert NoteDay.objects.get().visits == 3, "which no rows are kept of"


ACTS = [
    "open",
    "like",
    "unlike",
    "collect",
    "uncollect",
    "say",
    "delete",
    "hide",
    "restore",
    "follow",
    "unfollow",
]
ACTS += ["block", "leave"]


unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
acts = given(steps=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 3)), min_size=5, max_size=40))


@settings(unhurried, max_examples=6)
@acts
def test_whatever_happens_in_whatever_order(alice: User, steps: list[tuple[str, int]]) -> None:
    check_walk(alice, steps)


@pytest.mark.long
@settings(unhurried, max_examples=100)
@acts
def test_a_hundred_walks_in_whatever_order(alice: User, steps: list[tuple[str, int]]) -> None:
    check_walk(alice, steps)


def check_walk(alice: User, steps: list[tuple[str, int]]) -> None:
    """Engaged if and only if something stands, after every step."""
    with transaction.atomic():
        notes, people = [make_note(alice) for _ in range(2)], [make_person() for _ in range(2)]
        ever: set[int] = set()
        readers: set[int] = set()
        kinds: dict[str, set[int]] = {"ever_saved": set(), "ever_commented": set()}
        for act, number in steps:
            note, person = notes[number % 2], people[number // 2]
            before = figures()
            if act == "open":
                readers.add(person.pk)
            if act == "leave":
                leave(person)
                people[number // 2] = make_person()
                assert figures() == before, "a departure changes no figure"
            else:
                _do(act, note, person)
            for reader in NoteReader.objects.filter(person__isnull=False).select_related("note"):
                assert (reader.engaged_day is not None) == stands(reader), act
                ever |= {reader.pk} if stands(reader) else set()
                mine = {"note": reader.note, "person": reader.person_id}
                said = Comment.objects.counted().filter(note=reader.note, author=reader.person_id)
                for kind, rows in (("ever_saved", Collect.objects.filter(**mine)), ("ever_commented", said)):
                    kinds[kind] |= {reader.pk} if rows.exists() else set()
            assert set(NoteReader.objects.filter(ever_engaged=True).values_list("pk", flat=True)) == ever
            for kind, kept_so in kinds.items():
                rows = NoteReader.objects.filter(**{kind: True})
                assert set(rows.values_list("pk", flat=True)) == kept_so, act
            assert readers_of(alice) == len(readers)
            check_cohorts()
        assert days() == counted_days()
        transaction.set_rollback(True)


def _do(act: str, note: Note, person: User) -> None:
    mine = {"person": person, "note": note}
    ends = {"follower": person, "followed": note.author}
    comment = Comment.objects.filter(author=person, note=note).order_by("?").first()
    acts: dict[str, Any] = {
        "open": lambda: open_(note, person),
        "like": lambda: like(**mine),
        "unlike": lambda: unlike(**mine),
        "collect": lambda: collect(**mine),
        "uncollect": lambda: uncollect(**mine),
        "say": lambda: make_comment(person, note),
        "follow": lambda: follow(**ends, from_note=note.pk),
        "unfollow": lambda: unfollow(**ends),
        "block": lambda: (
            block(blocker=note.author, blocked=person),
            unblock(blocker=note.author, blocked=person),
        ),
        "delete": lambda: comment and delete_comment(comment=comment),
        "hide": lambda: comment and hide_comment(comment=comment, by=note.author, reason="Unkind."),
        "restore": lambda: comment and restore_comment(comment=comment),
    }
    acts[act]()
