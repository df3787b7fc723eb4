"""`manage.py recount` finds a wrong counter, and corrects it."""

import io

import pytest
from django.core.management import call_command

from notes.models import Comment, Note, TaggedNote
from notes.reactions.actions import collect, like
from profiles.models import User
from tests.builders import make_comment, make_note


def recount(*arguments: str) -> str:
    output = io.StringIO()
    call_command("recount", *arguments, stdout=output)
    return output.getvalue()


@pytest.fixture
def note(alice: User, bob: User) -> Note:
    note = make_note(alice)
    like(person=bob, note=note)
    collect(person=bob, note=note)
    make_comment(bob, note)
    make_comment(bob, note, "Rude", hidden_at=note.created_at)
    make_note(alice, "Nobody looked at this")
    return note


def test_nothing_to_find(note: Note) -> None:
    assert recount() == "Counters that differ: 0\n"


def test_finding_changes_nothing_and_fails(note: Note, alice: User, bob: User) -> None:
    Note.objects.filter(pk=note.pk).update(
        like_count=7, collect_count=0, comment_count=2, open_report_count=1
    )
    User.objects.filter(pk=bob.pk).update(following_count=0)
    User.objects.filter(pk=alice.pk).update(follower_count=2)
    output = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("recount", stdout=output)
    assert end.value.code == 1
    assert output.getvalue().splitlines() == [
        f"note {note.pk}: like_count is 7, counted 1",
        f"note {note.pk}: collect_count is 0, counted 1",
        f"note {note.pk}: comment_count is 2, counted 1",
        f"note {note.pk}: open_report_count is 1, counted 0",
        f"user {alice.pk}: follower_count is 2, counted 1",
        f"user {bob.pk}: following_count is 0, counted 1",
        "Counters that differ: 6",
    ]
    note.refresh_from_db()
    assert note.like_count == 7


def test_mending(note: Note) -> None:
    Note.objects.filter(pk=note.pk).update(like_count=7)
    Comment.objects.filter(body="Rude").update(like_count=2)
    assert recount("--fix").endswith("Counters that differ: 2 (mended)\n")
    note.refresh_from_db()
    assert note.like_count == 1
    assert recount() == "Counters that differ: 0\n"


def test_what_feeds_find_notes_by(note: Note, alice: User) -> None:
    tagged, private = make_note(alice, tags=["tea"]), make_note(alice, tags=["tea"], visibility="private")
    TaggedNote.objects.filter(content_object=tagged).update(listed_at=None)
    TaggedNote.objects.filter(content_object=private).update(listed_at=note.created_at)
    User.objects.filter(pk=alice.pk).update(has_published=False)
    assert recount("--fix").endswith("Counters that differ: 3 (mended)\n")
    assert recount() == "Counters that differ: 0\n"
    assert TaggedNote.objects.get(content_object=tagged).listed_at == tagged.published_at
    assert TaggedNote.objects.get(content_object=private).listed_at is None
