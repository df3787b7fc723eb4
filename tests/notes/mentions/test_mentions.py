"""Mentions are rows, made when words are saved; what is refused stays text."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from leaving.actions.removal import remove_person
from leaving.contents.notes import mentioned, mentions
from leaving.contents.person import account
from notes.comments.actions import ReplyRefused, add_comment, delete_comment, edit_comment
from notes.compose.actions import delete_note
from notes.mentions.actions import MENTIONS_MAX, record_mentions
from notes.models import Comment, Mention, Note, Photo
from notes.photos.publishing import finish_publishing
from people.actions.blocks import block
from people.actions.people import suspend_person
from profiles.models import Follow, User
from tests.builders import make_comment, make_draft, make_note, make_person, make_photo, signed_in
from tests.markup import form_in, main_html
from tests.notes.compose.filled_form import send

pytestmark = pytest.mark.django_db


def named(text: Note | Comment) -> set[str]:
    """The people the text mentions, by its rows."""
    rows = text.mentions.standing()
    own = rows.filter(comment=None) if isinstance(text, Note) else rows
    return set(own.values_list("person__handle", flat=True))


def comment(author: User, note: Note, body: str, parent: Comment | None = None) -> Comment:
    key = make_draft(author).key
    return add_comment(author=author, note=note, body=body, key=key, parent=parent)


def edit(note: Note, **changes: str) -> Note:
    assert send(signed_in(note.author), f"{note.get_absolute_url()}edit/", **changes).status_code == 303
    note.refresh_from_db()
    return note


def test_a_note_names_people_when_it_is_published(alice: User, bob: User, charlie: User) -> None:
    draft = make_draft(alice, body="With @bob and @CHARLIE, @bob and @nobody_here.")
    assert not Mention.objects.exists(), "a draft names no one"
    note = edit(draft, action="publish")
    assert named(note) == {"bob", "charlie"}
    assert set(Mention.objects.values_list("note", "comment", "author")) == {(note.pk, None, alice.pk)}


def test_a_note_that_waits_for_a_photo_names_people_once_it_is_published(alice: User, bob: User) -> None:
    note = make_note(alice, body="With @bob.", status="processing", published_at=None)
    photo = make_photo(alice, note=note, state=Photo.State.RECEIVED)
    finish_publishing(note)
    assert named(note) == set()
    Photo.objects.filter(pk=photo.pk).update(state=Photo.State.READY)
    finish_publishing(note)
    assert named(note) == {"bob"}


def test_an_edit_tells_only_people_it_newly_names(alice: User, bob: User, charlie: User) -> None:
    note = make_note(alice, body="With @bob.")
    first = Mention.objects.get()
    edit(note, body="With @bob and @charlie.")
    assert named(note) == {"bob", "charlie"}
    edit(note, body="With no one.")
    assert named(note) == set()
    edit(note, body="With @Bob again.")
    assert named(note) == {"bob"}
    assert Mention.objects.get(person=bob) == first, "the same row, so nobody is told twice"
    assert Mention.objects.count() == 2


def test_a_private_note_names_no_one(alice: User, bob: User) -> None:
    note = make_note(alice, body="With @bob.", visibility="private")
    comment(alice, note, "@bob?")
    assert not Mention.objects.exists()
    edit(note, visibility="public")
    assert named(note) == {"bob"}
    edit(note, visibility="private")
    assert named(note) == set()
    assert Mention.objects.count() == 1, "who was told is remembered"


def test_a_comment_names_people_and_so_does_its_edit(alice: User, bob: User, charlie: User) -> None:
    said = comment(bob, make_note(alice), "Ask @charlie.")
    assert named(said) == {"charlie"}
    edit_comment(comment=said, body="Ask @alice.")
    assert named(said) == {"alice"}
    edit_comment(comment=said, body="Ask @charlie and @alice.")
    assert Mention.objects.filter(comment=said).count() == 2
    delete_comment(comment=said)
    assert named(said) == set()
    assert Mention.objects.filter(comment=said).count() == 2, "who was told is remembered"


def test_the_same_comment_sent_twice_names_once(alice: User, bob: User, charlie: User) -> None:
    note, key = make_note(alice), make_draft(bob).key
    for _twice in range(2):
        add_comment(author=bob, note=note, body="@charlie", key=key)
    assert Mention.objects.count() == 1


REFUSED = ["blocked", "blocks", "suspended", "opted_out", "followed_only", "unknown"]


@pytest.mark.parametrize("why", REFUSED)
def test_every_refusal_looks_like_an_unknown_handle(alice: User, bob: User, mona: User, why: str) -> None:
    target = make_person("target") if why != "unknown" else None
    if why == "blocked":
        block(blocker=bob, blocked=target)
    elif why == "blocks":
        block(blocker=target, blocked=bob)
    elif why == "suspended":
        suspend_person(person=target, by=mona, reason="Spam.")
    elif target:
        chosen = "nobody" if why == "opted_out" else "followed"
        User.objects.filter(pk=target.pk).update(mentioners=chosen)
    note = make_note(alice)
    answer = signed_in(bob).post(f"{note.get_absolute_url()}comments/", {"body": "Ask @target."})
    said = Comment.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, said.get_absolute_url())
    assert not Mention.objects.exists()
    for viewer in (None, alice, bob):
        html = main_html(signed_in(viewer).get(note.get_absolute_url()))
        assert '<p dir="auto">Ask @target.</p>' in html
        assert 'href="/@target/"' not in html


def test_people_they_follow_may_mention_them(alice: User, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(mentioners="followed")
    assert named(make_note(alice, body="With @bob.")) == {"bob"}, "he follows her"


def test_moderators_are_blocked_as_anyone(alice: User, bob: User, mona: User) -> None:
    block(blocker=bob, blocked=mona)
    assert named(comment(mona, make_note(alice), "@bob")) == set()


def test_ten_people_are_told_and_the_page_says_so(alice: User, bob: User) -> None:
    people = [make_person(f"person_{number:03}") for number in range(12)]
    body = " ".join(f"@{person.handle}" for person in people)
    note = make_note(alice)
    browser = signed_in(bob)
    browser.post(f"{note.get_absolute_url()}comments/", {"body": body})
    said = Comment.objects.get()
    assert named(said) == {person.handle for person in people[:MENTIONS_MAX]}
    page = browser.get(said.get_absolute_url()).content.decode()
    assert "10 people were told. Mentions beyond ten stay text." in page
    edit_comment(comment=said, body="@person_011")
    assert named(said) == set(), "ten are told, however often it is edited"


def test_a_note_with_more_than_ten_says_so_too(alice: User) -> None:
    people = [make_person(f"person_{number:03}") for number in range(11)]
    browser = signed_in(alice)
    send(browser, title="All", body=" ".join(f"@{person.handle}" for person in people))
    note = Note.objects.get()
    assert len(named(note)) == MENTIONS_MAX
    assert "10 people were told." in browser.get(note.get_absolute_url()).content.decode()


def test_a_second_mention_without_an_answer_is_refused(alice: User, bob: User, charlie: User) -> None:
    first, second, third = (make_note(alice, body=f"{n}: @charlie @bob") for n in range(3))
    assert named(first) == {"charlie", "bob"}
    assert named(second) == named(third) == {"bob"}, "Bob follows her"
    make_comment(charlie, first)
    assert named(make_note(alice, body="@charlie")) == {"charlie"}, "a comment on her note answers"
    assert named(make_note(alice, body="@charlie")) == set()
    make_note(charlie, body="Back at @alice")
    assert named(make_note(alice, body="@charlie")) == {"charlie"}, "so does a mention"
    Follow.objects.create(follower=charlie, followed=alice)
    assert named(make_note(alice, body="@charlie")) == {"charlie"}


@pytest.mark.parametrize("gone", [delete_note, delete_comment])
def test_deleting_the_words_does_not_open_the_way_to_a_second_mention(
    alice: User, bob: User, charlie: User, gone: object
) -> None:
    if gone is delete_note:
        delete_note(note=make_note(alice, body="@charlie"))
    else:
        delete_comment(comment=comment(alice, make_note(bob), "@charlie"))
    assert named(make_note(alice, body="@charlie")) == set()
    assert not Mention.objects.standing().exists()


def test_a_second_reply_without_an_answer_is_refused(alice: User, bob: User, charlie: User) -> None:
    note = make_note(alice)
    said = make_comment(charlie, note)
    browser, path = signed_in(bob), f"{note.get_absolute_url()}comments/"

    def reply(body: str, to: Comment = said) -> int:
        answer = browser.post(path, {"body": body, "parent": to.pk})
        if answer.status_code != 303:
            assert answer.status_code == 404
            page = answer.content.decode()
            assert "You can’t reply to this comment now." in page
            assert body in page, "the words stay in the form"
        return answer.status_code

    assert [reply("One"), reply("Two")] == [303, 404]
    assert reply("Three", make_comment(charlie, note)) == 404, "nor to another comment of theirs"
    assert browser.post(path, {"body": "Four"}).status_code == 303, "a comment on the note is open"
    answer = make_comment(charlie, note, parent=said, in_reply_to=Comment.objects.get(body="One"))
    assert [reply("Five", answer), reply("Six", answer)] == [303, 404], "once to what answers"
    assert named(comment(bob, note, "@charlie")) == set(), "nor is a mention a way around"
    other = make_note(alice)
    assert comment(bob, other, "Hello", make_comment(charlie, other)).pk, "another note"
    Follow.objects.create(follower=charlie, followed=bob)
    assert [reply("Seven"), reply("Eight")] == [303, 303]


def test_authors_answer_each_comment_on_their_note(alice: User, charlie: User) -> None:
    note = make_note(alice)
    for _twice in range(2):
        said = make_comment(charlie, note)
        assert comment(alice, note, "Thank you", said).parent == said
    path = f"{note.get_absolute_url()}comments/"
    assert signed_in(alice).post(path, {"body": "And", "parent": said.pk}).status_code == 404


def test_replies_to_the_author_of_the_note_are_not_limited(alice: User, charlie: User) -> None:
    note = make_note(alice)
    said = make_comment(alice, note)
    for body in ("One", "Two", "Three"):
        assert comment(charlie, note, body, said).pk


def test_a_comment_deleted_at_the_same_moment_takes_no_reply(alice: User, bob: User) -> None:
    note = make_note(alice)
    said = make_comment(alice, note)
    delete_comment(comment=said)
    with pytest.raises(ReplyRefused):
        comment(bob, note, "Too late", said)
    assert Comment.objects.count() == 1


def test_a_reply_sent_twice_is_one(alice: User, bob: User, charlie: User) -> None:
    note, key = make_note(alice), make_draft(bob).key
    said = make_comment(charlie, note)
    twice = [add_comment(author=bob, note=note, body="Yes.", key=key, parent=said) for _ in range(2)]
    assert twice[0] == twice[1]


def test_an_unanswered_reply_and_the_name_in_it_are_one(alice: User, bob: User, charlie: User) -> None:
    note = make_note(alice)
    assert named(comment(bob, note, "@charlie yes", make_comment(charlie, note))) == {"charlie"}


def test_mentions_that_were_there_are_stored_by_the_migration(alice: User, bob: User, charlie: User) -> None:
    note = make_note(alice, body="With @Bob, @nobody_here and @alice_old.")
    said = make_comment(charlie, note, "@alice!")
    make_draft(alice, body="@bob")
    make_note(alice, body="@bob", visibility="private")
    expected = set(Mention.objects.values_list("note", "comment", "author", "person", "handle"))
    Mention.objects.all().delete()
    migration = import_module("notes.migrations.0040_past_mentions")
    for _twice in range(2):
        migration.bring_along(apps, connection.schema_editor())
    found = set(Mention.objects.values_list("note", "comment", "author", "person", "handle"))
    assert (
        found
        == expected
        == {
            (note.pk, None, alice.pk, bob.pk, "bob"),
            (note.pk, said.pk, charlie.pk, alice.pk, "alice"),
        }
    )


def test_the_archive_has_mentions_from_both_sides(alice: User, bob: User) -> None:
    note = make_note(alice, "Tea", body="With @bob.")
    (mine,), (of_me,) = mentions(alice), mentioned(bob)
    assert (mine["note"], mine["person"]) == (note.pk, "bob")
    assert (of_me["title"], of_me["person"]) == ("Tea", "alice")
    assert of_me["mentioned_at"] <= timezone.now()
    delete_note(note=note)
    assert [row["note"] for row in mentions(alice)] == [None]


def test_one_chooses_who_may_mention_one(alice: User, bob: User, charlie: User) -> None:
    browser, address = signed_in(bob), "/settings/privacy/"
    form = form_in(browser.get(address), "")
    assert form.fields["mentioners"] == ["everyone"]
    assert browser.post(address, form.filled(mentioners="friends")).status_code == 422
    assert browser.post(address, form.filled(mentioners="followed")).status_code == 303
    assert named(make_note(alice, body="@bob")) == {"bob"}, "he follows her"
    assert named(make_note(charlie, body="@bob")) == set()
    bob.refresh_from_db()
    assert account(bob)["who_can_mention_them"] == "followed"
    unsaid = form_in(browser.get(address), "").filled()
    del unsaid["mentioners"]
    assert browser.post(address, unsaid).status_code == 303
    bob.refresh_from_db()
    assert bob.mentioners == "followed", "a form without the field changes nothing"


def test_an_archive_names_who_mentioned_its_person_only_where_they_may_read_it(
    alice: User, bob: User, charlie: User
) -> None:
    public, closed = edit(make_draft(alice, body="With @bob."), action="publish"), make_note(charlie)
    comment(alice, closed, "Look, @bob.")
    assert {row["person"] for row in mentioned(bob)} == {"alice"}
    Note.objects.filter(pk=closed.pk).update(visibility="followers")
    assert {row["note"]: row["person"] for row in mentioned(bob)} == {public.pk: "alice", closed.pk: None}


def test_a_comment_edited_while_its_note_waits_for_a_photo_keeps_its_mentions(alice: User, bob: User) -> None:
    note = make_note(alice)
    said = comment(alice, note, "With @bob.")
    Note.objects.filter(pk=note.pk).update(status="processing")
    note.refresh_from_db()
    record_mentions(note=note, comment=said)
    assert named(said) == {"bob"}


def test_people_stay_mentioned_by_others_whose_note_went_with_its_author(
    alice: User, bob: User, charlie: User
) -> None:
    comment(charlie, make_note(alice), "Ask @bob.")
    User.objects.filter(pk=alice.pk).update(leaving_at=timezone.now(), going_at=timezone.now())
    remove_person(alice.pk)
    assert Mention.objects.get().author == charlie
