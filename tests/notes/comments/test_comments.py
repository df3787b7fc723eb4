"""Commenting, replying and deleting."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from core.limits import Limit
from notes.models import Comment, Note
from notes.moderation import hide_comment
from profiles.models import User
from tests.builders import make_comment, make_note, signed_in
from tests.markup import form_in, main_html, words


@pytest.fixture
def note(alice: User) -> Note:
    return make_note(alice)


def path(note: Note) -> str:
    return f"{note.get_absolute_url()}comments/"


def gone(comment: Comment) -> bool:
    comment.refresh_from_db()
    return comment.deleted_at is not None and comment.body == ""


def test_the_form_of_the_page_leaves_a_comment(note: Note, bob: User) -> None:
    browser = signed_in(bob)
    form = form_in(browser.get(note.get_absolute_url()), path(note))
    response = browser.post(path(note), form.filled(body=" What a corner!\r\n\r\n\r\n\r\nTruly. "))
    comment = Comment.objects.get()
    assert (response.status_code, response["Location"]) == (303, comment.get_absolute_url())
    assert (comment.author, comment.note, comment.parent) == (bob, note, None)
    assert comment.body == "What a corner!\n\nTruly."
    page = Client().get(note.get_absolute_url())
    assert "Bob Bai Just now" not in words(page)
    assert "1 comment " in words(page)
    assert '<p dir="auto">What a corner!</p><p dir="auto">Truly.</p>' in main_html(page)


def test_the_forms_as_rendered_pass_csrf_checks(note: Note, bob: User) -> None:
    browser = signed_in(bob, enforce_csrf_checks=True)
    assert browser.post(path(note), {"body": "Forged."}).status_code == 403
    form = form_in(browser.get(note.get_absolute_url()), path(note))
    assert browser.post(path(note), form.filled(body="Mine.")).status_code == 303
    comment = Comment.objects.get()
    assert browser.post(f"/comments/{comment.pk}/delete/").status_code == 403
    delete = f"/comments/{comment.pk}/delete/"
    assert f'href="{delete}"' in browser.get(note.get_absolute_url()).text
    assert browser.post(delete, form_in(browser.get(delete), delete).filled()).status_code == 303
    assert gone(comment)


def test_sent_twice_it_is_there_once(note: Note, bob: User, charlie: User) -> None:
    browser, key = signed_in(bob), str(uuid4())
    answers = [browser.post(path(note), {"body": "Once.", "key": key})["Location"] for _ in range(2)]
    assert answers[0] == answers[1] == Comment.objects.get().get_absolute_url()
    signed_in(charlie).post(path(note), {"body": "Mine.", "key": key})
    assert Comment.objects.count() == 2


def test_other_words_with_the_same_key_are_another_comment(note: Note, alice: User, bob: User) -> None:
    browser, key, other = signed_in(bob), str(uuid4()), make_note(alice)
    first = make_comment(alice, note)
    sendings = [(note, "First", ""), (note, "Second", ""), (other, "First", ""), (note, "First", first.pk)]
    for _ in range(2):
        for where, body, parent in sendings:
            sent = {"body": body, "key": key, "parent": parent}
            assert browser.post(path(where), sent).status_code == 303
    said = Comment.objects.filter(author=bob).order_by("pk")
    assert [(each.note, each.body, each.parent_id or "") for each in said] == sendings


@pytest.mark.parametrize("body", ["First", "Second"])
def test_the_same_key_after_its_comment_was_deleted_says_it_anew(note: Note, bob: User, body: str) -> None:
    browser, key = signed_in(bob), str(uuid4())
    browser.post(path(note), {"body": "First", "key": key})
    browser.post(f"/comments/{Comment.objects.get().pk}/delete/")
    for _ in range(2):
        response = browser.post(path(note), {"body": body, "key": key})
        comment = Comment.objects.get(deleted_at__isnull=True)
        assert (response["Location"], comment.body) == (comment.get_absolute_url(), body)


def test_the_same_comment_again_spends_nothing(note: Note, bob: User, settings: Any) -> None:
    settings.LIMITS_ON, settings.LIMITS = True, settings.LIMITS | {"comments": Limit(2, timedelta(hours=1))}
    browser, key = signed_in(bob), str(uuid4())
    for _ in range(2):
        assert browser.post(path(note), {"body": "First", "key": key}).status_code == 303
    response = browser.post(path(note), {"body": "Second", "key": key})
    assert (response.status_code, form_in(response, path(note)).fields["body"]) == (429, ["Second"])


def test_without_a_key_every_sending_is_its_own(note: Note, bob: User) -> None:
    for _ in range(2):
        signed_in(bob).post(path(note), {"body": "Again."})
    assert Comment.objects.count() == 2


def test_a_reply_joins_the_thread(note: Note, alice: User, bob: User, charlie: User) -> None:
    first = make_comment(bob, note)
    browser = signed_in(alice)
    page = browser.get(note.get_absolute_url(), {"thread": first.pk, "reply": first.pk})
    assert "Replying to Bob Bai Well put." in words(page)
    form = form_in(page, path(note))
    assert form.fields["parent"] == [str(first.pk)]
    response = browser.post(path(note), form.filled(body="Thank you."))
    reply = Comment.objects.get(body="Thank you.")
    assert (reply.parent, response["Location"]) == (
        first,
        f"{note.get_absolute_url()}?comment={reply.pk}#comment-{reply.pk}",
    )
    signed_in(charlie).post(path(note), {"body": "And from me.", "parent": reply.pk})
    assert Comment.objects.get(body="And from me.").parent == first, "A reply to a reply stands beside it."


def test_who_may_comment(note: Note, alice: User, bob: User, charlie: User) -> None:
    for person in (alice, bob, charlie):
        assert signed_in(person).post(path(note), {"body": "Hello."}).status_code == 303
    response = Client().post(
        path(note), {"body": "Hello."}, headers={"Referer": f"http://testserver{note.get_absolute_url()}"}
    )
    assert (response.status_code, response["Location"]) == (
        302,
        f"/accounts/login/?next={note.get_absolute_url()}",
    )
    assert Comment.objects.count() == 3
    assert "Sign in to comment" in words(Client().get(note.get_absolute_url()))


def test_an_unverified_person_may_not_and_keeps_the_words(note: Note, bob: User) -> None:
    bob.emailaddress_set.update(verified=False)
    response = signed_in(bob).post(path(note), {"body": "My words."})
    assert response.status_code == 403
    assert "Confirm your e-mail address to comment." in words(response)
    assert form_in(response, path(note)).fields["body"] == ["My words."]
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "Write something first."),
        (" \n\t ", "Write something first."),
        ("\u200b", "This has no visible text."),
        ("x" * 501, "This is 1 character too long."),
        ("好" * 80_000, "characters too long."),
        ("a\0b", "Remove the invisible control characters behind “a”."),
        ("\u202e", "This has no visible text."),
    ],
)
def test_bad_words_come_back(note: Note, bob: User, body: str, message: str) -> None:
    key, first = str(uuid4()), make_comment(bob, note)
    browser = signed_in(bob)
    response = browser.post(path(note), {"body": body, "key": key, "parent": first.pk})
    assert response.status_code == 422
    assert message in words(response)
    assert "Replying to Bob Bai Well put." in words(response)
    fields = form_in(response, path(note)).fields
    assert (fields["body"], fields["key"], fields["parent"]) == ([body], [key], [str(first.pk)])
    assert Comment.objects.count() == 1


def test_five_hundred_characters_as_people_count_them_fit(note: Note, bob: User) -> None:
    assert signed_in(bob).post(path(note), {"body": "👩‍👩‍👧‍👦" * 500}).status_code == 303


def test_the_links_of_a_page_that_came_back_lead_to_the_note(note: Note, bob: User) -> None:
    for _ in range(25):
        make_comment(bob, note)
    browser = signed_in(bob)
    page = main_html(browser.post(path(note), {"body": ""}))
    links = {part.partition('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:]}
    queries = [link for link in links if "?" in link and not link.startswith(("/accounts/", "/report/"))]
    assert len(queries) >= 21
    for link in queries:
        assert link.startswith(note.get_absolute_url())
    assert browser.get(queries[0]).status_code == 200


@pytest.mark.parametrize("parent", ["x", "0", "-1", str(2**63), "1.5"])
def test_a_parent_that_is_no_id_is_refused(note: Note, bob: User, parent: str) -> None:
    assert signed_in(bob).post(path(note), {"body": "Hello.", "parent": parent}).status_code == 422


def test_a_parent_one_cannot_read_is_404(note: Note, alice: User, bob: User, mona: User) -> None:
    elsewhere = make_comment(bob, make_note(alice))
    hidden, deleted = make_comment(bob, note), make_comment(bob, note)
    hide_comment(comment=hidden, by=mona, reason="Unkind.")
    signed_in(bob).post(f"/comments/{deleted.pk}/delete/")
    for parent in (elsewhere.pk, hidden.pk, deleted.pk, 2**62):
        response = signed_in(alice).post(path(note), {"body": "Hello.", "parent": parent})
        assert response.status_code == 404
        again = form_in(response, path(note)).fields
        assert (again["body"], again["parent"]) == (["Hello."], [""]), "as a comment of its own"
    assert Comment.objects.count() == 3


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_other_methods_are_refused(note: Note, bob: User, method: str) -> None:
    comment = make_comment(bob, note)
    answer = getattr(signed_in(bob), method)(f"/comments/{comment.pk}/delete/")
    assert answer.status_code == (200 if method in {"get", "head"} else 405), "a question"
    assert not gone(comment)
    answer = getattr(signed_in(bob), method)(path(note))
    assert answer.status_code == (302 if method in {"get", "head"} else 405)


def test_the_page_of_a_refused_comment_loaded_again_leads_to_its_note(note: Note, bob: User) -> None:
    """So does what is pressed there, as a like: the way back is its address."""
    client = signed_in(bob)
    assert client.post(path(note), {"body": ""}).status_code == 422
    liked = client.post(
        f"{note.get_absolute_url()}like/", headers={"Referer": f"http://testserver{path(note)}"}
    )
    assert client.get(liked["Location"], follow=True).redirect_chain == [(note.get_absolute_url(), 302)]


@pytest.mark.parametrize(
    ("who", "status"), [("bob", 303), ("alice", 303), ("charlie", 403), ("mona", 403), ("", 302)]
)
def test_who_may_delete_a_comment(
    note: Note, alice: User, bob: User, charlie: User, mona: User, who: str, status: int
) -> None:
    comment = make_comment(bob, note)
    people = {"alice": alice, "bob": bob, "charlie": charlie, "mona": mona}
    response = signed_in(people.get(who)).post(
        f"/comments/{comment.pk}/delete/", headers={"Referer": f"http://testserver{note.get_absolute_url()}"}
    )
    assert response.status_code == status
    assert gone(comment) == (status == 303)
    addresses = {
        303: f"{note.get_absolute_url()}#comments",
        302: f"/accounts/login/?next={note.get_absolute_url()}",
    }
    assert response.get("Location") == addresses.get(status)


def test_only_those_who_may_are_offered_it(note: Note, alice: User, bob: User, charlie: User) -> None:
    comment = make_comment(bob, note)
    offered = [
        person and person.handle
        for person in (alice, bob, charlie, None)
        if f"/comments/{comment.pk}/delete/"
        in signed_in(person).get(note.get_absolute_url()).content.decode()
    ]
    assert offered == ["alice", "bob"]


def test_deleting_twice_keeps_the_first_time(note: Note, bob: User) -> None:
    comment = make_comment(bob, note)
    browser = signed_in(bob)
    browser.post(f"/comments/{comment.pk}/delete/")
    assert gone(comment)
    first = comment.deleted_at
    assert browser.post(f"/comments/{comment.pk}/delete/").status_code == 303
    assert gone(comment)
    assert comment.deleted_at == first
    note.refresh_from_db()
    assert note.comment_count == 0


def test_what_cannot_be_read_cannot_be_deleted(note: Note, alice: User, bob: User, mona: User) -> None:
    hidden = make_comment(bob, note)
    hide_comment(comment=hidden, by=mona, reason="Unkind.")
    private = make_comment(bob, make_note(alice, visibility="private"))
    for comment in (hidden, private):
        assert signed_in(bob).post(f"/comments/{comment.pk}/delete/").status_code == 404
        assert not gone(comment)
    for pk in (10**17, 10**18):
        assert signed_in(bob).post(f"/comments/{pk}/delete/").status_code == 404
