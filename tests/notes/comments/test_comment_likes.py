"""Likes of comments, the order by them, and the pages of comments and replies."""

from typing import Any

import pytest
from django.test import Client

from notes.comments.actions import delete_comment, like_comment
from notes.comments.threads import LATEST, OPEN_REPLIES, THREADS, TOP, threads
from notes.models import Comment, CommentLike, Note
from notes.moderation import hide_comment
from profiles.models import User
from tests.builders import make_comment, make_note, make_person, signed_in
from tests.markup import form_in, words
from tests.notes.comments.test_threads import read

SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def note(alice: User) -> Note:
    return make_note(alice)


def likes(comment: Comment) -> int:
    comment.refresh_from_db()
    assert comment.like_count == CommentLike.objects.filter(comment=comment).count()
    return comment.like_count


def test_the_button_of_the_page_likes_and_takes_it_back(note: Note, alice: User, bob: User) -> None:
    first = make_comment(alice, note)
    for comment in (first, make_comment(alice, note, parent=first)):
        browser, address = signed_in(bob, enforce_csrf_checks=True), f"/comments/{comment.pk}/like/"
        page = browser.get(note.get_absolute_url())
        assert f'formaction="{address}"' in page.text
        sent = form_in(page, "act").filled()
        assert browser.post(address).status_code == 403
        for _ in range(2):
            answer = browser.post(
                address, sent, headers={"Referer": f"http://testserver{note.get_absolute_url()}"}
            )
            assert (answer.status_code, answer["Location"]) == (
                303,
                f"{note.get_absolute_url()}#comment-{comment.pk}",
            )
            assert likes(comment) == 1
        page = browser.get(note.get_absolute_url())
        assert f'formaction="{address}delete/"' in page.text
        assert "You like the comment by Alice An." in page.text.replace("\u2068", "").replace("\u2069", "")
        for _ in range(2):
            assert browser.post(f"{address}delete/", sent).status_code == 303
            assert likes(comment) == 0


def test_a_script_is_answered_with_the_button_as_it_is_now(note: Note, alice: User, bob: User) -> None:
    comment = make_comment(alice, note)
    like_comment(person=alice, comment=comment)
    address = f"/comments/{comment.pk}/like/"
    answer = signed_in(bob).post(address, headers=SCRIPT).text
    assert 'aria-pressed="true"' in answer
    assert '<span class="num">2</span>' in answer
    answer = signed_in(bob).post(f"{address}delete/", headers=SCRIPT).text
    assert 'aria-pressed="false"' in answer
    assert '<span class="num">1</span>' in answer


def test_everybody_reads_how_many_and_nobody_who(note: Note, alice: User, bob: User, charlie: User) -> None:
    comment = make_comment(bob, note)
    like_comment(person=charlie, comment=comment)
    for reader in (None, alice, bob):
        page = signed_in(reader).get(note.get_absolute_url())
        assert '<span class="num">1</span>' in page.text
        assert "Charlie" not in page.text
    assert f"/comments/{comment.pk}/like/delete/" in signed_in(charlie).get(note.get_absolute_url()).text


@pytest.mark.parametrize("how", ["hidden", "deleted", "thread hidden", "blocked", "private", "note hidden"])
def test_what_cannot_be_read_cannot_be_liked(
    note: Note, alice: User, bob: User, charlie: User, mona: User, how: str
) -> None:
    first = make_comment(charlie, note)
    reply = make_comment(alice, note, parent=first)
    if how == "hidden":
        hide_comment(comment=reply, by=mona, reason="Unkind.")
    elif how == "deleted":
        delete_comment(comment=reply)
    elif how == "thread hidden":
        hide_comment(comment=first, by=mona, reason="Unkind.")
    elif how == "blocked":
        signed_in(charlie).post("/@bob/block/")
    elif how == "private":
        Note.objects.filter(pk=note.pk).update(visibility="private")
    else:
        Note.objects.filter(pk=note.pk).update(hidden_at=note.created_at)
    browser = signed_in(bob)
    for path in ("like/", "like/delete/"):
        answer = browser.post(f"/comments/{reply.pk}/{path}")
        missing = browser.post(f"/comments/{2**62}/{path}")
        assert (answer.status_code, missing.status_code) == (404, 404)
    assert likes(reply) == 0


def test_a_visitor_signs_in_and_likes_at_once(note: Note, alice: User, bob: User) -> None:
    comment = make_comment(alice, note)
    visitor = Client()
    sent = form_in(visitor.get(note.get_absolute_url()), "act").filled()
    referer = {"Referer": f"http://testserver{note.get_absolute_url()}"}
    answer = visitor.post(f"/comments/{comment.pk}/like/", sent, headers=referer)
    door = visitor.get(answer["Location"])
    assert "Sign in to like the comment by Alice An" in words(door).replace("\u2068", "").replace(
        "\u2069", ""
    )
    assert likes(comment) == 0


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_other_methods_are_refused(note: Note, bob: User, method: str) -> None:
    comment = make_comment(bob, note)
    for path in ("like/", "like/delete/"):
        assert getattr(signed_in(bob), method)(f"/comments/{comment.pk}/{path}").status_code == 405


@pytest.mark.parametrize("number", [3, THREADS + 7])
def test_both_orders_show_the_same_comments_each_once(note: Note, bob: User, number: int) -> None:
    said = [make_comment(bob, note, str(place)) for place in range(number)]
    people = [make_person() for _ in range(3)]
    CommentLike.objects.bulk_create(
        CommentLike(person=person, comment=comment)
        for place, comment in enumerate(said)
        for person in people[: place % 4]
    )
    note.refresh_from_db()
    seen = {}
    for order in (TOP, LATEST):
        page = threads(bob, note, order=order)
        rows = list(page.rows)
        while page.after:
            page = threads(bob, note, page.after, order=order)
            rows += page.rows
        seen[order] = [row.pk for row in rows]
    newest = [comment.pk for comment in reversed(said)]
    assert seen[LATEST] == newest
    places = {comment.pk: place for place, comment in enumerate(said)}
    assert seen[TOP] == sorted(newest, key=lambda pk: -(places[pk] % 4))


def test_the_page_keeps_the_order_it_was_asked_for(note: Note, alice: User, bob: User) -> None:
    said = [make_comment(bob, note, str(place)) for place in range(THREADS + 2)]
    like_comment(person=alice, comment=said[0])
    assert read(note)[:2] == ["0", str(THREADS + 1)]
    assert read(note, sort="latest")[0] == str(THREADS + 1)
    assert read(note, sort="nonsense")[0] == "0"
    page = Client().get(note.get_absolute_url(), {"sort": "latest"})
    assert f'href="{note.get_absolute_url()}?sort=latest&amp;comments=' in page.text
    assert "Top Latest" in words(page)
    assert "Top Latest" not in words(Client().get(make_note(alice).get_absolute_url()))


def test_more_comments_and_replies_come_alone_to_a_script(note: Note, alice: User, bob: User) -> None:
    said = [make_comment(bob, note, str(place)) for place in range(THREADS + 2)]
    for place in range(OPEN_REPLIES + 5):
        make_comment(alice, note, f"reply {place}", parent=said[-1])
    browser, address = signed_in(bob), note.get_absolute_url()

    def fragment(**query: Any) -> list[str]:
        answer = browser.get(address, query, headers=SCRIPT)
        assert "HX-Request" in answer["Vary"]
        assert "<html" not in answer.text
        return [part.partition("<")[0] for part in answer.text.split('<p dir="auto">')[1:]]

    note.refresh_from_db()
    assert fragment(comments=threads(bob, note).after) == ["1", "0"]
    second = Comment.objects.get(body="reply 1").pk
    assert fragment(thread=said[-1].pk, replies=second)[0] == "reply 2"
    assert len(fragment(thread=said[-1].pk, replies=second)) == OPEN_REPLIES
    for odd in ("x", "9" * 30, "0"):
        assert browser.get(address, {"thread": odd, "replies": second}, headers=SCRIPT).status_code == 404


def test_a_long_thread_is_read_to_its_end_without_scripts(note: Note, alice: User, bob: User) -> None:
    first = make_comment(bob, note, "first")
    said = [make_comment(alice, note, str(place), parent=first) for place in range(2 * OPEN_REPLIES + 3)]
    browser, address, seen = Client(), f"?thread={first.pk}", []
    while address:
        page = browser.get(f"{note.get_absolute_url()}{address}").text
        seen += [part.partition("<")[0] for part in page.split('<p dir="auto">')[2:]]
        link = page.partition('rel="next nofollow"')[0].rpartition('href="')[2].partition("#")[0]
        address = link.partition("?")[2].replace("&amp;", "&")
        address = f"?{address}" if "replies=" in address else ""
    assert seen == [each.body for each in said]


def test_a_link_to_a_comment_opens_its_thread_and_marks_it(note: Note, alice: User, bob: User) -> None:
    first = make_comment(bob, note, "first")
    said = [make_comment(alice, note, str(place), parent=first) for place in range(OPEN_REPLIES + 30)]
    for _ in range(THREADS + 1):
        make_comment(bob, note)
    for comment in (first, said[0], said[5], said[OPEN_REPLIES - 1], said[OPEN_REPLIES + 9], said[-1]):
        page = Client().get(comment.get_absolute_url().partition("#")[0]).text
        assert page.count("comment--marked") == 1
        marked = page.partition("comment--marked")[2]
        assert marked.partition('id="')[2].startswith(f'comment-{comment.pk}"')
        assert page.count(f'id="comment-{comment.pk}"') == 1
    assert "Earlier replies" in page


def test_a_link_to_what_cannot_be_read_is_ignored(
    note: Note, alice: User, bob: User, charlie: User, mona: User
) -> None:
    first = make_comment(bob, note, "first")
    hidden, deleted = (make_comment(alice, note, text, parent=first) for text in ("hidden", "deleted"))
    hide_comment(comment=hidden, by=mona, reason="Unkind.")
    delete_comment(comment=deleted)
    elsewhere = make_comment(bob, make_note(alice))
    browser = signed_in(charlie)
    for named in (hidden.pk, deleted.pk, elsewhere.pk, 2**62, "x", "²", "9" * 40):
        assert read(note, comment=named) == ["first"]
        page = browser.get(note.get_absolute_url(), {"comment": named})
        assert "comment--marked" not in page.text
        assert "Some comments are not shown." not in words(page)
