"""A note's counters, kept by triggers for every way of writing rows."""

from collections.abc import Iterator
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count, F, Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notes.comments.actions import add_comment, delete_comment, like_comment, unlike_comment
from notes.compose.actions import delete_note
from notes.models import Collect, Comment, CommentLike, Like, Note
from notes.moderation import hide_comment, restore_comment
from notes.reactions.actions import collect, like, uncollect, unlike
from profiles.models import User
from tests.builders import make_comment, make_note, make_person


@pytest.fixture(autouse=True)
def every_counter_is_true(db: None) -> Iterator[None]:
    """After each test here: every counter equals COUNT(*), and `manage.py recount` finds nothing."""
    yield
    counted = Q(comments__deleted_at__isnull=True, comments__hidden_at__isnull=True)
    true = Note.objects.annotate(
        true_likes=Count("likes", distinct=True),
        true_collects=Count("collects", distinct=True),
        true_comments=Count("comments", distinct=True, filter=counted),
    )
    liked = Comment.objects.annotate(true_likes=Count("likes")).exclude(like_count=F("true_likes"))
    assert list(liked) == []
    lies = true.exclude(
        like_count=F("true_likes"), collect_count=F("true_collects"), comment_count=F("true_comments")
    )
    assert list(lies) == []
    call_command("recount", stdout=StringIO())


def counts(note: Note) -> tuple[int, int, int]:
    note.refresh_from_db()
    return note.like_count, note.collect_count, note.comment_count


@pytest.fixture
def note(alice: User) -> Note:
    return make_note(alice)


def test_a_like_counts_once_and_ends(note: Note, bob: User, charlie: User) -> None:
    for person in (bob, bob, charlie):
        like(person=person, note=note)
    assert counts(note) == (2, 0, 0)
    unlike(person=bob, note=note)
    unlike(person=bob, note=note)
    assert counts(note) == (1, 0, 0)


def test_a_collect_counts_once_and_ends(note: Note, bob: User, charlie: User) -> None:
    for person in (bob, bob, charlie):
        collect(person=person, note=note)
    assert counts(note) == (0, 2, 0)
    uncollect(person=bob, note=note)
    assert counts(note) == (0, 1, 0)


def test_a_comment_counts_until_it_is_deleted(note: Note, bob: User) -> None:
    first = make_comment(bob, note)
    make_comment(bob, note, parent=first)
    assert counts(note) == (0, 0, 2)
    delete_comment(comment=first)
    delete_comment(comment=first)
    assert counts(note) == (0, 0, 1)


def test_a_hidden_comment_does_not_count_until_it_is_restored(note: Note, bob: User, mona: User) -> None:
    comment = make_comment(bob, note)
    hide_comment(comment=comment, by=mona, reason="Unkind.")
    hide_comment(comment=comment, by=mona, reason="Unkind.")
    assert counts(note) == (0, 0, 0)
    restore_comment(comment=comment)
    assert counts(note) == (0, 0, 1)


def test_a_comment_hidden_and_deleted_counts_only_when_it_is_neither(
    note: Note, bob: User, mona: User
) -> None:
    comment = make_comment(bob, note)
    hide_comment(comment=comment, by=mona, reason="Unkind.")
    delete_comment(comment=comment)
    restore_comment(comment=comment)
    assert counts(note) == (0, 0, 0)


def test_a_comment_sent_twice_counts_once(note: Note, bob: User) -> None:
    key = Comment(author=bob, note=note).key
    for _ in range(2):
        add_comment(author=bob, note=note, body="Once.", key=key)
    assert counts(note) == (0, 0, 1)


def test_rows_in_bulk_count_for_each_of_their_notes(alice: User, bob: User) -> None:
    notes = [make_note(alice) for _ in range(3)]
    people = [make_person() for _ in range(5)]
    Like.objects.bulk_create([Like(person=person, note=note) for person in people for note in notes])
    Collect.objects.bulk_create([Collect(person=person, note=notes[0]) for person in people])
    Comment.objects.bulk_create([Comment(author=person, note=notes[1], body="Yes.") for person in people])
    assert [counts(note) for note in notes] == [(5, 5, 0), (5, 0, 5), (5, 0, 0)]
    Like.objects.filter(note__in=notes[:2], person__in=people[:2]).delete()
    Comment.objects.update(body="No.")
    assert [counts(note) for note in notes] == [(3, 5, 0), (3, 0, 5), (5, 0, 0)]


def test_likes_of_comments_count_once_and_end(note: Note, bob: User, charlie: User) -> None:
    first = make_comment(bob, note)
    reply = make_comment(charlie, note, parent=first)
    for person in (bob, bob, charlie):
        like_comment(person=person, comment=reply)
    likes = Comment.objects.order_by("pk").values_list("like_count", flat=True)
    assert list(likes) == [0, 2]
    for _ in range(2):
        unlike_comment(person=bob, comment=reply)
    assert list(likes.all()) == [0, 1]
    delete_comment(comment=reply)
    assert (list(likes.all()), CommentLike.objects.count()) == ([0, 0], 0)
    with pytest.raises(Comment.DoesNotExist):
        like_comment(person=bob, comment=reply)


def test_likes_of_comments_in_bulk_and_of_a_person_who_goes(note: Note, bob: User) -> None:
    said = [make_comment(bob, note) for _ in range(2)]
    people = [make_person() for _ in range(3)]
    CommentLike.objects.bulk_create(CommentLike(person=each, comment=to) for each in people for to in said)
    people[0].delete()
    assert [each.like_count for each in Comment.objects.all()] == [2, 2]
    Comment.objects.update(body="No.")
    assert counts(note) == (0, 0, 2)


def test_rows_written_in_sql_count(note: Note, bob: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notes_like (person_id, note_id, created_at) VALUES (%s, %s, now())",
            [bob.pk, note.pk],
        )
    assert counts(note) == (1, 0, 0)


def test_deleting_a_person_takes_their_reactions_off(alice: User, charlie: User) -> None:
    kept, gone = make_note(alice), make_note(charlie)
    for person in (alice, charlie):
        for note in (kept, gone):
            like(person=person, note=note)
            collect(person=person, note=note)
            comment = make_comment(person, note)
            make_comment(alice, note, parent=comment)
    assert counts(kept) == (2, 2, 4)
    charlie.delete()
    assert counts(kept) == (1, 1, 2), "Replies under a deleted person's comment go with it."


def test_deleting_a_note_leaves_the_others_as_they_are(alice: User, bob: User) -> None:
    kept, gone = make_note(alice), make_note(alice)
    for note in (kept, gone):
        like(person=bob, note=note)
        make_comment(bob, note)
    delete_note(note=gone)
    assert counts(kept) == (1, 0, 1)


def test_a_comment_moved_to_another_note_is_counted_there(alice: User, bob: User) -> None:
    here, there = make_note(alice), make_note(alice)
    comment = make_comment(bob, here)
    Comment.objects.filter(pk=comment.pk).update(note=there)
    assert counts(here) == (0, 0, 0)
    assert counts(there) == (0, 0, 1)


STEPS = [
    "like_comment",
    "unlike_comment",
    "like",
    "unlike",
    "collect",
    "uncollect",
    "say",
    "reply",
    "delete",
    "hide",
    "restore",
]
steps = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 11)), max_size=30)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_whatever_happens_in_whatever_order(alice: User, bob: User, charlie: User, steps: list) -> None:
    notes = [make_note(alice) for _ in range(2)]
    for step, number in steps:
        note, person = notes[number % 2], [alice, bob, charlie][number % 3]
        said = Comment.objects.filter(note=note).order_by("pk")
        comment = said[number % len(said)] if said else None
        if step in {"like", "unlike", "collect", "uncollect"}:
            {"like": like, "unlike": unlike, "collect": collect, "uncollect": uncollect}[step](
                person=person, note=note
            )
        elif step == "say" or not comment:
            make_comment(person, note)
        elif step == "reply":
            make_comment(person, note, parent=comment.parent or comment)
        elif step in {"like_comment", "unlike_comment"}:
            with suppress(Comment.DoesNotExist):
                act = like_comment if step == "like_comment" else unlike_comment
                act(person=person, comment=comment)
        elif step == "delete":
            delete_comment(comment=comment)
        elif step == "hide":
            hide_comment(comment=comment, by=alice, reason="Unkind.")
        else:
            restore_comment(comment=comment)
    for note in notes:
        assert counts(note) == (note.likes.count(), note.collects.count(), note.comments.counted().count())
