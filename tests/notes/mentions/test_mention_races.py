"""Forms that are sent at once, each from a process of its own."""

import pytest

from notes.models import Comment, Mention
from profiles.models import User
from tests.builders import make_comment, make_note
from tests.notes.test_races import statuses

pytestmark = pytest.mark.django_db(transaction=True)


def test_four_comments_at_once_mention_a_person_once(alice: User, bob: User, charlie: User) -> None:
    notes = [make_note(alice) for _ in range(4)]
    posts = [(bob, f"{note.get_absolute_url()}comments/", {"body": "@charlie"}) for note in notes]
    assert set(statuses(*posts)) == {303}
    assert Mention.objects.get().person == charlie


def test_four_replies_at_once_are_one(alice: User, bob: User, charlie: User) -> None:
    note = make_note(alice)
    said = make_comment(charlie, note)
    path = f"{note.get_absolute_url()}comments/"
    posts = [(bob, path, {"body": f"Yes {number}", "parent": str(said.pk)}) for number in range(4)]
    assert sorted(statuses(*posts)) == [303, 404, 404, 404]
    assert Comment.objects.filter(parent=said).count() == 1


def test_a_comment_deleted_while_it_is_edited_mentions_no_one(alice: User, bob: User, charlie: User) -> None:
    said = make_comment(bob, make_note(alice))
    edit = (bob, f"/comments/{said.pk}/edit/", {"body": "@charlie", "seen": ""})
    statuses(edit, (bob, f"/comments/{said.pk}/delete/", {}), edit)
    said.refresh_from_db()
    assert said.deleted_at
    assert not Mention.objects.standing().exists()
