"""What was reported can be read as it was, though it was edited since."""

from uuid import uuid4

import pytest
from django.utils.html import escape

from moderation.actions import close_report, report
from moderation.models import Report
from notes.comments.actions import delete_comment, edit_comment
from notes.models import Note
from profiles.models import User
from tests.builders import make_comment, make_note, signed_in

pytestmark = pytest.mark.django_db


def say(reporter: User, **target: object) -> Report:
    report(reporter=reporter, target=target, reason="other", details="", key=uuid4())
    return Report.objects.latest("pk")


def page(moderator: User, about: Report) -> str:
    return signed_in(moderator).get(f"/admin/moderation/report/{about.pk}/change/").content.decode()


def test_a_comment_edited_after_its_report(alice: User, bob: User, charlie: User, mona: User) -> None:
    note = make_note(alice)
    comment = make_comment(bob, note, "You are <all> fools.")
    about = say(charlie, note=note, comment=comment)
    assert "As it is now" in page(mona, about)
    edit_comment(comment=comment, body="You are all kind.")
    assert escape("You are <all> fools.") in page(mona, about)
    delete_comment(comment=comment)
    about.refresh_from_db()
    assert about.reported_text == "", "what is deleted is gone"
    assert "fools" not in page(mona, about)


def test_a_note_and_a_person_edited_after_their_report(alice: User, charlie: User, mona: User) -> None:
    note = make_note(alice, "Old title", body="Old words.")
    of_note, of_person = say(charlie, note=note), say(charlie, person=alice)
    Note.objects.filter(pk=note.pk).update(title="New title")
    User.objects.filter(pk=alice.pk).update(name="New name")
    assert "Old title" in page(mona, of_note)
    assert "Alice An" in page(mona, of_person)


def test_words_that_moderators_may_no_longer_read_are_not_shown(alice: User, bob: User, mona: User) -> None:
    note = make_note(alice, body="For followers.", visibility="followers")
    about = say(bob, note=note)
    Note.objects.filter(pk=note.pk).update(body="Else.")
    assert "For followers." in page(mona, about)
    close_report(report=about, by=mona, reason="Nothing.")
    assert "For followers." not in page(mona, about)
