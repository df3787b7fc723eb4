"""Threads on a note's page: newest first, each with its first replies."""

from typing import Any

import pytest
from django.test import Client

from notes.comments.actions import delete_comment
from notes.comments.threads import THREADS, threads
from notes.models import Comment, Note
from notes.moderation import hide_comment, restore_comment
from people.actions.people import restore_person, suspend_person
from profiles.models import User
from tests.builders import make_comment, make_note, make_person, signed_in
from tests.markup import main_html, words


@pytest.fixture
def note(alice: User) -> Note:
    return make_note(alice)


def read(note: Note, **query: object) -> list[str]:
    """The words of the comments on the page, in order."""
    page = main_html(Client().get(note.get_absolute_url(), query))
    return [part.partition("</p>")[0] for part in page.split('class="comment__text"><p dir="auto">')[1:]]


def test_newest_thread_first_and_oldest_reply_first(note: Note, alice: User, bob: User) -> None:
    assert "No comments yet." in words(Client().get(note.get_absolute_url()))
    first, second = make_comment(bob, note, "1"), make_comment(bob, note, "2")
    make_comment(alice, note, "1.1", parent=first)
    make_comment(alice, note, "2.1", parent=second)
    make_comment(bob, note, "1.2", parent=first)
    assert read(note) == ["2", "2.1", "1", "1.1", "1.2"]


def test_two_replies_are_shown_and_the_rest_are_a_link_away(note: Note, alice: User, bob: User) -> None:
    first, second = make_comment(bob, note, "1"), make_comment(bob, note, "2")
    for thread in (first, second):
        for number in range(4):
            make_comment(alice, note, f"{thread.body}.{number}", parent=thread)
    page = Client().get(note.get_absolute_url())
    assert words(page).count("View 2 more replies") == 2
    assert f'href="{note.get_absolute_url()}?thread={first.pk}#comment-{first.pk}"' in main_html(page)
    assert read(note, thread=first.pk) == ["2", "2.0", "2.1", "1", "1.0", "1.1", "1.2", "1.3"]


def test_twenty_threads_a_page_without_repeats_or_holes(note: Note, bob: User) -> None:
    said = [make_comment(bob, note, str(number)).body for number in range(2 * THREADS + 5)][::-1]
    seen, after = [], ""
    while True:
        page = threads(bob, note, after)
        seen.append([comment.body for comment in page.rows])
        if not page.after:
            break
        after = page.after
    assert seen == [said[:20], said[20:40], said[40:]]
    page = Client().get(note.get_absolute_url())
    assert "More comments" in words(page)
    assert "Some comments are not shown." not in words(page)
    assert read(note, comments=threads(bob, note).after) == said[20:40]
    assert "More comments" not in words(
        Client().get(note.get_absolute_url(), {"comments": "i1_1", "sort": "latest"})
    )


@pytest.mark.parametrize(
    "cursor", ["x", "i", "i_", "i9_9_9", "t1_1", "i1e9_1", "%00", "i" + "9" * 5000 + "_1", "i1_-1"]
)
def test_a_broken_cursor_starts_at_the_top(note: Note, bob: User, cursor: str) -> None:
    make_comment(bob, note, "1")
    assert read(note, comments=cursor) == ["1"]


def test_an_open_thread_that_the_page_would_not_hold_comes_first(note: Note, alice: User, bob: User) -> None:
    old = make_comment(bob, note, "old")
    make_comment(alice, note, "reply", parent=old)
    for number in range(THREADS):
        make_comment(bob, note, str(number))
    assert "old" not in read(note)
    assert read(note, thread=old.pk)[:3] == ["old", "reply", str(THREADS - 1)]


@pytest.mark.parametrize("thread", ["x", "0", "9" * 18, "9" * 19, "٣"])
def test_a_thread_that_is_not_there_is_ignored(note: Note, bob: User, thread: str) -> None:
    make_comment(bob, note, "1")
    assert read(note, thread=thread) == ["1"]
    assert read(note, reply=thread) == ["1"]


def test_a_thread_of_another_note_stays_there(note: Note, alice: User, bob: User) -> None:
    other = make_comment(bob, make_note(alice), "elsewhere")
    assert read(note, thread=other.pk) == []


def test_deletion_leaves_a_gap_only_above_replies(note: Note, alice: User, bob: User) -> None:
    first, second = make_comment(bob, note, "1"), make_comment(bob, note, "2")
    reply = make_comment(alice, note, "1.1", parent=first)
    for comment in (first, second):
        delete_comment(comment=comment)
    page = Client().get(note.get_absolute_url())
    assert words(page).count("This comment was deleted.") == 1
    assert "1 comment " in words(page)
    assert read(note) == ["1.1"]
    assert "Bob Bai" not in words(page)
    delete_comment(comment=reply)
    page = Client().get(note.get_absolute_url())
    assert "deleted" not in words(page)
    assert "No comments yet." in words(page)


def test_a_hidden_comment_takes_its_replies_along_until_it_is_restored(
    note: Note, alice: User, bob: User, mona: User
) -> None:
    first, second = make_comment(bob, note, "1"), make_comment(bob, note, "2")
    make_comment(alice, note, "1.1", parent=first)
    reply = make_comment(alice, note, "2.1", parent=second)
    hide_comment(comment=first, by=mona, reason="Unkind.")
    assert read(note) == ["2", "2.1"]
    assert "Some comments are not shown." in words(Client().get(note.get_absolute_url()))
    assert read(note, thread=first.pk) == ["2", "2.1"]
    for person in (alice, bob):
        assert "1.1" not in words(signed_in(person).get(note.get_absolute_url()))
    hide_comment(comment=reply, by=mona, reason="Unkind.")
    assert read(note) == ["2"]
    for comment in (first, reply):
        restore_comment(comment=comment)
    assert read(note) == ["2", "2.1", "1", "1.1"]
    assert "Some comments are not shown." not in words(Client().get(note.get_absolute_url()))


def test_what_a_suspended_person_said_is_gone_until_they_are_restored(
    note: Note, bob: User, mona: User
) -> None:
    make_comment(bob, note, "1")
    suspend_person(person=bob, by=mona, reason="Harassment.")
    assert read(note) == []
    assert "Some comments are not shown." in words(Client().get(note.get_absolute_url()))
    restore_person(person=bob)
    assert read(note) == ["1"]


def test_the_author_and_oneself_are_marked(note: Note, alice: User, bob: User) -> None:
    make_comment(alice, note, "1")
    make_comment(bob, note, "2")
    assert words(signed_in(bob).get(note.get_absolute_url())).count("Bob Bai You") == 1
    assert words(signed_in(bob).get(note.get_absolute_url())).count("Alice An Author") == 1


def test_a_page_asks_once_for_all_that_fits_and_three_times_for_more(
    note: Note, bob: User, django_assert_num_queries
) -> None:
    def asked(number: int) -> None:
        note.refresh_from_db()
        with django_assert_num_queries(number):
            page = threads(bob, note)
        for comment in page.rows:
            assert comment.author.name
            assert all(reply.author.name for reply in comment.shown_replies)

    for number in range(1, THREADS + 1):
        thread = make_comment(make_person(), note)
        for _ in range(3):
            make_comment(make_person(), note, parent=thread)
        asked(1 if 4 * number <= THREADS else 3)  # threads, the pinned one, replies


def test_few_and_many_comments_read_alike(note: Note, alice: User, bob: User, monkeypatch) -> None:
    """What one query reads of few comments is what the two for many would: gaps, order, numbers of replies."""
    for number in range(6):
        thread = make_comment(bob, note, str(number))
        replies = [make_comment(alice, note, f"{number}.{place}", parent=thread) for place in range(number)]
        if number % 2:
            delete_comment(comment=thread)
        for reply in replies[::3]:
            delete_comment(comment=reply)
    opened = Comment.objects.get(body="4").pk
    note.refresh_from_db()

    def seen() -> list[list[Any]]:
        pages = [threads(bob, note), threads(bob, note, opened=opened), threads(bob, note, opened=0)]
        return [
            [(row.pk, [reply.pk for reply in row.shown_replies], row.reply_count) for row in page.rows]
            for page in pages
        ]

    few = seen()
    monkeypatch.setattr("notes.comments.threads._only_page", lambda *_: None)
    assert seen() == few
    assert [len(rows) for rows in few] == [5, 5, 5]


@pytest.mark.parametrize("how", ["muted", "blocked", "word"])
def test_a_thread_says_where_replies_are_missing_and_not_whose(
    alice: User, bob: User, charlie: User, how: str
) -> None:
    note = make_note(alice)
    first, quiet = make_comment(alice, note, "First"), make_comment(alice, note, "Quiet")
    make_comment(bob, note, "Of Bob, a spoiler", parent=first)
    make_comment(alice, note, "Of Alice", parent=first)
    make_comment(alice, note, "Of Alice too", parent=quiet)
    client = signed_in(charlie)
    address = note.get_absolute_url()
    assert "Some replies are not shown." not in words(client.get(address))
    if how == "muted":
        client.post("/@bob/mute/")
    elif how == "blocked":
        client.post("/@bob/block/")
    else:
        client.post("/settings/privacy/muted/words/", {"word": "spoiler"})
    for page in (address, f"{address}?thread={first.pk}"):
        said = words(client.get(page))
        assert said.count("Some replies are not shown.") == 1
        assert "Bob" not in said
    assert "Some replies are not shown." not in words(signed_in(alice).get(address))


def test_a_thread_whose_every_reply_is_missing_says_so(alice: User, bob: User, charlie: User) -> None:
    note = make_note(alice)
    make_comment(bob, note, "Of Bob", parent=make_comment(alice, note, "First"))
    client = signed_in(charlie)
    client.post("/@bob/mute/")
    assert "Some replies are not shown." in words(client.get(note.get_absolute_url()))
