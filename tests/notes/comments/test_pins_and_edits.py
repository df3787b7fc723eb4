"""One comment pinned by the note's author, texts changed within 15 minutes, and the person a reply answers."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from notes.comments.actions import (
    add_comment,
    delete_comment,
    edit_comment,
    like_comment,
    pin_comment,
)
from notes.comments.threads import THREADS
from notes.models import Comment, Note
from notes.models.comment import EDITABLE_FOR
from notes.moderation import hide_comment, restore_comment
from people.actions.people import suspend_person
from profiles.models import User
from tests.builders import make_comment, make_note, signed_in
from tests.markup import form_in, words
from tests.notes.comments.test_threads import read


@pytest.fixture
def note(alice: User) -> Note:
    return make_note(alice)


def pinned(note: Note) -> list[str]:
    return list(Comment.objects.filter(note=note, pinned_at__isnull=False).values_list("body", flat=True))


def body(comment: Comment) -> str:
    comment.refresh_from_db()
    return comment.body


def test_the_pinned_comment_comes_first_in_both_orders_and_once(note: Note, alice: User, bob: User) -> None:
    said = [make_comment(bob, note, str(number)) for number in range(2 * THREADS + 3)]
    make_comment(alice, note, "reply", parent=said[0])
    browser = signed_in(alice)
    assert "/pin/" in browser.get(said[0].get_absolute_url()).text
    for _ in range(2):
        assert browser.post(f"/comments/{said[0].pk}/pin/").status_code == 303
    like_comment(person=alice, comment=said[7])
    for query in ({}, {"sort": "latest"}, {"thread": said[1].pk}, {"thread": said[0].pk}, {"comments": "x"}):
        seen, more = [], dict(query)
        while more is not None:
            page = Client().get(note.get_absolute_url(), more)
            seen += [each for each in read(note, **more) if each != "reply"]
            link = page.text.partition('rel="next nofollow"')[0].rpartition('href="')[2]
            more = dict(
                part.split("=") for part in link.partition("?")[2].partition("#")[0].split("&amp;") if part
            )
            more = more if "comments" in more else None
        assert (seen[0], len(seen), len(set(seen))) == ("0", 2 * THREADS + 3, 2 * THREADS + 3), query
    assert "Pinned" in words(Client().get(note.get_absolute_url()))


def test_few_comments_keep_the_pinned_one_first_too(note: Note, alice: User, bob: User) -> None:
    first, _second = make_comment(bob, note, "1"), make_comment(bob, note, "2")
    pin_comment(comment=first)
    assert read(note) == read(note, sort="latest") == ["1", "2"]
    browser = signed_in(alice)
    assert browser.post(f"/comments/{first.pk}/pin/delete/").status_code == 303
    assert browser.post(f"/comments/{first.pk}/pin/delete/").status_code == 303
    assert read(note) == ["2", "1"]


def test_another_pin_takes_the_place_of_the_first(note: Note, alice: User, bob: User) -> None:
    browser = signed_in(alice)
    for number in range(3):
        assert browser.post(f"/comments/{make_comment(bob, note, str(number)).pk}/pin/").status_code == 303
        assert pinned(note) == [str(number)]
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.update(pinned_at=timezone.now())


def test_only_the_author_of_the_note_pins_and_first_level_comments_alone(
    note: Note, alice: User, bob: User, charlie: User, mona: User
) -> None:
    first = make_comment(bob, note, "1")
    reply = make_comment(alice, note, "1.1", parent=first)
    for person in (bob, charlie, mona):
        for path in ("pin/", "pin/delete/"):
            assert signed_in(person).post(f"/comments/{first.pk}/{path}").status_code == 403
        assert "/pin/" not in signed_in(person).get(note.get_absolute_url()).text
    assert Client().post(f"/comments/{first.pk}/pin/").status_code == 302
    hidden, deleted = make_comment(bob, note, "hidden"), make_comment(bob, note, "deleted")
    hide_comment(comment=hidden, by=mona, reason="Unkind.")
    delete_comment(comment=deleted)
    for pk in (reply.pk, hidden.pk, deleted.pk, 2**62):
        assert signed_in(alice).post(f"/comments/{pk}/pin/").status_code == 404
    elsewhere = make_comment(alice, make_note(bob))
    assert signed_in(alice).post(f"/comments/{elsewhere.pk}/pin/").status_code == 403
    assert pinned(note) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=reply.pk).update(pinned_at=timezone.now())


def test_a_deleted_comment_is_not_pinned_and_a_hidden_one_not_shown(
    note: Note, alice: User, bob: User, mona: User
) -> None:
    first = make_comment(bob, note, "1")
    make_comment(alice, note, "1.1", parent=first)
    make_comment(bob, note, "2")
    pin_comment(comment=first)
    hide_comment(comment=first, by=mona, reason="Unkind.")
    assert read(note) == ["2"]
    restore_comment(comment=first)
    assert read(note) == ["1", "1.1", "2"]
    delete_comment(comment=first)
    assert pinned(note) == []
    assert read(note) == ["2", "1.1"]
    with pytest.raises(Comment.DoesNotExist):
        pin_comment(comment=first)


def test_a_text_is_changed_within_fifteen_minutes_and_marked(note: Note, alice: User, bob: User) -> None:
    comment = make_comment(bob, note, "Frist")
    reply = make_comment(bob, note, "Secnd", parent=comment)
    browser = signed_in(bob)
    for said, better in ((comment, "First"), (reply, "Second")):
        address = f"/comments/{said.pk}/edit/"
        assert f'href="{address}"' in browser.get(note.get_absolute_url()).text
        assert "edited" not in words(browser.get(said.get_absolute_url()))
        form = form_in(browser.get(address), "comment-edit")
        for _ in range(2):
            answer = browser.post(address, form.filled(body=f" {better} "))
            assert (answer.status_code, answer["Location"]) == (303, said.get_absolute_url())
        assert body(said) == better
        assert words(browser.get(note.get_absolute_url())).count("edited") == 1
        Comment.objects.update(edited_at=None)


def test_the_same_text_is_no_edit(note: Note, bob: User) -> None:
    comment = make_comment(bob, note, "As it was")
    assert edit_comment(comment=comment, body="As it was")
    comment.refresh_from_db()
    assert comment.edited_at is None


def test_after_fifteen_minutes_the_words_come_back(note: Note, bob: User) -> None:
    old = make_comment(bob, note, "Old", created_at=timezone.now() - EDITABLE_FOR - timedelta(seconds=1))
    browser, address = signed_in(bob), f"/comments/{old.pk}/edit/"
    assert f'href="{address}"' not in browser.get(note.get_absolute_url()).text
    for answer, typed in ((browser.get(address), "Old"), (browser.post(address, {"body": "New"}), "New")):
        assert answer.status_code == 403
        assert "can no longer be edited" in words(answer)
        assert form_in(answer, "comment-edit").fields["body"] == [typed]
        assert "Save changes" not in words(answer)
    assert body(old) == "Old"
    assert not edit_comment(comment=old, body="New")


@pytest.mark.parametrize("text", ["", "\u200b", "x" * 501, "好" * 80_000, "a\0b"])
def test_bad_words_change_nothing_and_come_back(note: Note, bob: User, text: str) -> None:
    comment = make_comment(bob, note, "Good")
    answer = signed_in(bob).post(f"/comments/{comment.pk}/edit/", {"body": text})
    assert (answer.status_code, form_in(answer, "comment-edit").fields["body"]) == (422, [text])
    assert body(comment) == "Good"


def test_nobody_edits_what_another_wrote_or_what_is_gone(
    note: Note, alice: User, bob: User, mona: User
) -> None:
    comment = make_comment(bob, note, "Mine")
    for person in (alice, mona):
        assert signed_in(person).get(f"/comments/{comment.pk}/edit/").status_code == 404
        assert signed_in(person).post(f"/comments/{comment.pk}/edit/", {"body": "Yours"}).status_code == 404
    hide_comment(comment=comment, by=mona, reason="Unkind.")
    assert signed_in(bob).post(f"/comments/{comment.pk}/edit/", {"body": "Kind"}).status_code == 404
    assert not edit_comment(comment=comment, body="Kind")
    restore_comment(comment=comment)
    delete_comment(comment=comment)
    assert signed_in(bob).post(f"/comments/{comment.pk}/edit/", {"body": "Back"}).status_code == 404
    assert body(comment) == ""


def test_a_reply_to_a_reply_names_the_person_it_answers(
    note: Note, alice: User, bob: User, charlie: User
) -> None:
    first = make_comment(bob, note, "First")
    reply = add_comment(author=alice, note=note, body="Reply", key=uuid4(), parent=first)
    answer = signed_in(charlie).post(
        f"{note.get_absolute_url()}comments/", {"body": "To Alice", "parent": reply.pk}
    )
    assert answer.status_code == 303
    to_alice = Comment.objects.get(body="To Alice")
    assert (to_alice.parent, to_alice.in_reply_to, reply.in_reply_to) == (first, reply, None)
    page = Client().get(note.get_absolute_url())
    assert "Charlie Chen in reply to Alice An" in words(page)
    assert words(page).count("in reply to") == 1
    delete_comment(comment=reply)
    assert "in reply to" not in words(Client().get(note.get_absolute_url()))


@pytest.mark.parametrize("how", ["muted", "blocked", "hidden", "suspended"])
def test_a_person_the_reader_does_not_see_is_not_named(
    alice: User, bob: User, charlie: User, mona: User, how: str
) -> None:
    note = make_note(charlie)
    first = make_comment(charlie, note, "First")
    reply = make_comment(alice, note, "Reply", parent=first)
    make_comment(bob, note, "Answer", parent=first, in_reply_to=reply)
    reader = signed_in(charlie)
    assert "in reply to Alice An" in words(reader.get(note.get_absolute_url()))
    if how == "hidden":
        hide_comment(comment=reply, by=mona, reason="Unkind.")
    elif how == "suspended":
        suspend_person(person=alice, by=mona, reason="Spam.")
    else:
        reader.post(f"/@alice/{'mute' if how == 'muted' else 'block'}/")
    page = words(reader.get(note.get_absolute_url()))
    assert "Answer" in page
    assert "in reply to" not in page
    assert "Alice" not in page


def test_every_comment_can_be_reported_at_both_levels(note: Note, alice: User, bob: User) -> None:
    first = make_comment(bob, note)
    reply = make_comment(bob, note, parent=first)
    page = signed_in(alice).get(note.get_absolute_url()).text
    for comment in (first, reply):
        address = f"/report/?comment={comment.pk}"
        assert f'href="{address}"' in page
        assert signed_in(alice).post(address, {"reason": "spam"}).status_code in {303, 422}


def test_menus_lead_to_what_one_may_do(note: Note, alice: User, bob: User, charlie: User) -> None:
    comment = make_comment(bob, note)

    def offered(person: Any) -> set[str]:
        page = signed_in(person).get(note.get_absolute_url()).text
        acts = {"edit": "edit/", "pin": "pin/", "delete": "delete/"}
        found = {act for act, path in acts.items() if f'"/comments/{comment.pk}/{path}"' in page}
        return found | ({"report"} if f"/report/?comment={comment.pk}" in page else set())

    assert offered(None) == offered(charlie) == {"report"}
    assert offered(bob) == {"edit", "delete"}
    assert offered(alice) == {"pin", "delete", "report"}


def test_what_another_window_saved_is_not_replaced_unseen(note: Note, alice: User) -> None:
    comment = make_comment(alice, note, "First")
    client, path = signed_in(alice), f"/comments/{comment.pk}/edit/"
    seen = client.get(path).context["form"]["seen"].value()
    client.post(path, {"body": "Second", "seen": seen})
    refused = client.post(path, {"body": "Third", "seen": seen})
    assert refused.status_code == 409
    assert "Third" in refused.text
    comment.refresh_from_db()
    assert comment.body == "Second"
    client.post(path, {"body": "Third", "seen": refused.context["form"]["seen"].value()})
    comment.refresh_from_db()
    assert comment.body == "Third"
