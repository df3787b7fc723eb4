"""Who may comment: everyone, followers or no one, for each note, and what new notes start with."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from notes.comments.actions import CommentsClosed, add_comment
from notes.models import Comment, Note
from profiles.models import User
from tests.builders import make_comment, make_note, signed_in
from tests.markup import form_in, words
from tests.notes.compose.filled_form import NEW, filled_in

CLOSED = {
    "followers": "Only followers can comment.",
    "nobody": "Comments are turned off.",
}
MAY = {"everyone": {"alice", "bob", "charlie"}, "followers": {"alice", "bob"}, "nobody": set()}


def path(note: Note) -> str:
    return f"{note.get_absolute_url()}comments/"


def read(response: Any) -> str:
    return words(response).replace("\u2068", "").replace("\u2069", "")


@pytest.mark.parametrize("commenters", MAY)
def test_the_page_offers_what_is_taken_and_says_why_not(
    alice: User, bob: User, charlie: User, commenters: str
) -> None:
    note = make_note(alice, commenters=commenters)
    first = make_comment(bob, note)
    for person in (alice, bob, charlie):
        browser, may = signed_in(person), person.handle in MAY[commenters]
        page = browser.get(note.get_absolute_url())
        assert (f'action="{path(note)}"' in page.text) is may
        assert ("reply=" in page.text) is may
        assert may or CLOSED[commenters] in read(page)
        for parent in ("", first.pk):
            said = f"By {person.handle} to {parent or note.pk}"
            answer = browser.post(path(note), {"body": said, "parent": parent})
            assert answer.status_code == (303 if may else 403)
            assert Comment.objects.filter(body=said).exists() is may
            if not may:
                assert CLOSED[commenters] in read(answer)
                assert form_in(answer, path(note)).fields["body"] == [said], "to be copied"
    visitor = Client().get(note.get_absolute_url())
    assert ("Sign in to comment" in words(visitor)) is (commenters == "everyone")
    assert commenters == "everyone" or CLOSED[commenters] in read(visitor)
    assert ("Change" in words(signed_in(alice).get(note.get_absolute_url()))) is (commenters == "nobody")


def test_a_note_closed_at_the_same_moment_takes_none(alice: User, bob: User, charlie: User) -> None:
    note = make_note(alice)
    Note.objects.filter(pk=note.pk).update(commenters="followers")
    with pytest.raises(CommentsClosed):
        add_comment(author=charlie, note=note, body="Late", key=uuid4())
    add_comment(author=bob, note=note, body="In time", key=uuid4())
    Note.objects.filter(pk=note.pk).update(hidden_at=note.created_at)
    with pytest.raises(CommentsClosed):
        add_comment(author=bob, note=note, body="Hidden", key=uuid4())
    assert Comment.objects.get().body == "In time"


def test_standing_comments_stay_and_can_be_liked_edited_and_deleted(alice: User, bob: User) -> None:
    note = make_note(alice)
    comment = make_comment(bob, note, "Here before")
    Note.objects.filter(pk=note.pk).update(commenters="nobody")
    browser = signed_in(bob)
    assert "Here before" in words(browser.get(note.get_absolute_url()))
    assert browser.post(f"/comments/{comment.pk}/like/").status_code == 303
    assert browser.post(f"/comments/{comment.pk}/edit/", {"body": "Still here"}).status_code == 303
    assert browser.post(f"/comments/{comment.pk}/delete/").status_code == 303


def test_a_new_note_starts_with_what_its_author_set(alice: User) -> None:
    browser = signed_in(alice)
    settings = browser.get("/settings/privacy/")
    form = form_in(settings, "")
    assert form.fields["commenters"] == ["everyone"]
    old = make_note(alice)
    assert browser.post("/settings/privacy/", form.filled(commenters="followers")).status_code == 303
    alice.refresh_from_db()
    assert alice.commenters == "followers"
    sent = filled_in(browser, title="New", action="publish")
    assert sent["commenters"] == ["followers"]
    assert browser.post(NEW, sent).status_code == 303
    del (unsaid := filled_in(browser, title="Unsaid", action="publish"))["commenters"]
    assert browser.post(NEW, unsaid).status_code == 303
    chosen = filled_in(browser, title="Chosen", action="publish", commenters="nobody")
    assert browser.post(NEW, chosen).status_code == 303
    found = dict(Note.objects.exclude(pk=old.pk).values_list("title", "commenters"))
    assert found == {"New": "followers", "Unsaid": "followers", "Chosen": "nobody"}
    old.refresh_from_db()
    assert old.commenters == "everyone"


def test_the_author_changes_it_and_what_is_no_choice_is_refused(alice: User) -> None:
    note = make_note(alice, "Open")
    browser, address = signed_in(alice), f"{note.get_absolute_url()}edit/"
    form = form_in(browser.get(address), "compose")
    assert browser.post(address, form.filled(commenters="friends", action="publish")).status_code == 422
    assert browser.post(address, form.filled(commenters="nobody", action="publish")).status_code == 303
    note.refresh_from_db()
    assert (note.commenters, note.title) == ("nobody", "Open")
    form = form_in(browser.get(address), "compose")
    assert form.fields["commenters"] == ["nobody"]
    assert browser.post(address, form.filled(commenters=[], action="publish")).status_code == 303
    note.refresh_from_db()
    assert note.commenters == "nobody"


def test_a_draft_keeps_the_choice(alice: User) -> None:
    browser = signed_in(alice)
    sent = filled_in(browser, title="Half", body="#★ " * 40, action="draft", commenters="nobody")
    assert browser.post(NEW, sent).status_code == 303
    draft = Note.objects.get()
    page = browser.get(f"{draft.get_absolute_url()}edit/")
    assert form_in(page, "compose").fields["commenters"] == ["nobody"]
