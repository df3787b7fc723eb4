"""Accounts that approve their followers: nothing of theirs is public, and a request is not a follow."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from notes.models import Note, Photo
from people.actions.blocks import block
from people.actions.people import suspend_person
from profiles.models import Follow, FollowRequest, User
from tests.builders import make_draft, make_note, make_person, make_photo, signed_in, status
from tests.markup import form_in, listed, words
from tests.notes.compose.filled_form import NEW, filled_in

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
REQUESTS, PRIVACY = "/settings/requests/", "/settings/privacy/"
FOLLOW, UNFOLLOW = "/@alice/follow/", "/@alice/follow/delete/"


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def closed(alice: User) -> User:
    """Alice, who approves her followers."""
    User.objects.filter(pk=alice.pk).update(approves_followers=True)
    alice.refresh_from_db()
    return alice


def counts(*people: User) -> list[tuple[int, int]]:
    return [
        User.objects.values_list("follower_count", "following_count").get(pk=person.pk) for person in people
    ]


def switch(person: User, **said: str) -> Any:
    """What the privacy page sends."""
    client = signed_in(person)
    return client.post(PRIVACY, form_in(client.get(PRIVACY), "").filled(**said))


def test_following_asks_and_counts_nowhere(closed: User, charlie: User) -> None:
    note, client = make_note(closed, visibility="followers"), signed_in(charlie)
    for _ in range(2):
        assert client.post(FOLLOW).status_code == 303
    assert FollowRequest.objects.get().follower == charlie
    assert not Follow.objects.exists()
    assert counts(closed, charlie) == [(0, 0), (0, 0)]
    assert status(client, note.get_absolute_url()) == 404
    assert note.pk not in listed(client.get("/following/"))
    assert "Charlie" not in words(Client().get("/@alice/followers/"))


def test_the_button_says_where_one_stands(closed: User, charlie: User, bob: User) -> None:
    client = signed_in(charlie)
    assert 'aria-pressed="false"' in client.get("/@alice/").text
    pressed = client.post(FOLLOW, headers=HTMX).text
    assert 'aria-pressed="true"' in pressed
    assert "Requested" in pressed
    assert f'formaction="{UNFOLLOW}"' in pressed
    make_note(closed)
    for page in ("/@alice/", "/@alice/followers/", "/@bob/following/"):
        assert "Requested" in client.get(page).text or page == "/@alice/followers/", page
    assert "Following" in words(signed_in(bob).get("/@alice/"))
    assert "Requested" not in words(signed_in(bob).get("/@alice/"))
    taken_back = client.post(UNFOLLOW, headers=HTMX).text
    assert 'aria-pressed="false"' in taken_back
    assert not FollowRequest.objects.exists()


def test_an_open_note_shows_it_too(alice: User, charlie: User) -> None:
    """A note by an author who stopped approving while a request waited."""
    FollowRequest.objects.create(follower=charlie, followed=alice)
    assert "Requested" in words(signed_in(charlie).get(make_note(alice).get_absolute_url()))


def test_approving_twice_is_once(closed: User, charlie: User) -> None:
    note = make_note(closed, visibility="followers")
    signed_in(charlie).post(FOLLOW)
    client = signed_in(closed)
    page = client.get(REQUESTS).text
    assert "Charlie Chen" in page
    assert 'formaction="/@charlie/request/delete/"' in page
    for _ in range(2):
        assert client.post("/@charlie/request/approve/")["Location"] == REQUESTS
    assert Follow.objects.get().follower == charlie
    assert not FollowRequest.objects.exists()
    assert counts(closed, charlie) == [(1, 0), (0, 1)]
    assert status(signed_in(charlie), note.get_absolute_url()) == 200
    assert listed(signed_in(charlie).get("/following/")) == [note.pk]
    signed_in(charlie).post(FOLLOW)
    assert not FollowRequest.objects.exists(), "who follows already asks nothing"


def test_declining_twice_is_once_and_may_be_asked_again(closed: User, charlie: User) -> None:
    signed_in(charlie).post(FOLLOW)
    for _ in range(2):
        assert signed_in(closed).post("/@charlie/request/delete/")["Location"] == REQUESTS
    assert not FollowRequest.objects.exists()
    assert not Follow.objects.exists()
    signed_in(charlie).post(FOLLOW)
    assert FollowRequest.objects.exists()


def test_nobody_approves_for_another_or_what_was_not_asked(closed: User, charlie: User, bob: User) -> None:
    signed_in(charlie).post(FOLLOW)
    assert signed_in(bob).post("/@charlie/request/approve/").status_code == 303
    assert signed_in(closed).post("/@bob/request/approve/").status_code == 303
    assert signed_in(charlie).post("/@alice/request/approve/").status_code == 303
    assert set(Follow.objects.values_list("follower__handle", "followed__handle")) == {("bob", "alice")}
    assert signed_in(closed).post("/@alice/request/approve/").status_code == 303
    assert signed_in(closed).post("/@nobody/request/approve/").status_code == 404
    for path in ("/@charlie/request/approve/", "/@charlie/request/delete/"):
        assert signed_in(closed).get(path).status_code == 405
        assert Client().post(path).status_code == 302
        assert signed_in(closed, enforce_csrf_checks=True).post(path).status_code == 403
    assert FollowRequest.objects.count() == 1


def test_where_one_finds_the_requests(closed: User, bob: User, charlie: User) -> None:
    client = signed_in(closed)
    link = f'href="{REQUESTS}"'
    assert link in client.get(PRIVACY).text
    assert link in client.get("/@alice/").text
    signed_in(charlie).post(FOLLOW)
    assert "Requests 1" in words(client.get("/@alice/"))
    assert link not in signed_in(bob).get("/@alice/").text
    assert "No requests" in words(signed_in(bob).get(REQUESTS))
    assert Client().get(REQUESTS)["Location"].startswith("/accounts/login/")
    assert client.post(REQUESTS).status_code == 405


def test_requests_of_the_suspended_and_blocked_are_gone(closed: User, bob: User, charlie: User) -> None:
    dana = make_person("dana")
    for person in (charlie, dana):
        signed_in(person).post(FOLLOW)
    suspend_person(person=charlie, by=None, reason="Spam")
    block(blocker=closed, blocked=dana)
    assert "No requests" in words(signed_in(closed).get(REQUESTS))
    assert "Requests 1" not in words(signed_in(closed).get("/@alice/"))
    assert FollowRequest.objects.get().follower == charlie, "it is there again when the suspension ends"


def test_the_page_asks_the_same_for_one_and_for_many(
    closed: User, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(closed)
    for number in (1, 3, 24):
        while FollowRequest.objects.count() < number:
            FollowRequest.objects.create(follower=make_person(), followed=closed)
        with django_assert_max_num_queries(6):
            assert client.get(REQUESTS).text.count("/request/approve/") == number


def test_switching_on_asks_first_and_names_how_many(alice: User, bob: User, charlie: User) -> None:
    notes = [make_note(alice) for _ in range(3)]
    draft, private = make_draft(alice), make_note(alice, visibility="private")
    other = make_note(bob)
    photo = make_photo(alice, note=notes[0], with_files=True)
    address = f"{photo.base}320.jpg"

    asked = switch(alice, approves_followers="on", keep_out="on")
    assert asked.status_code == 422
    assert "3 public notes of yours will be for followers only." in words(asked)
    alice.refresh_from_db()
    assert not alice.approves_followers
    assert status(Client(), address) == 200

    again = form_in(asked, "").fields
    assert again["keep_out"] == again["approves_followers"] == ["on"], "what was chosen beside it is kept"
    assert signed_in(alice).post(PRIVACY, again).status_code == 303
    alice.refresh_from_db()
    assert (alice.approves_followers, alice.is_indexed) == (True, False)
    kinds = {note.pk: note.visibility for note in Note.objects.all()}
    assert {kinds[note.pk] for note in [*notes, draft]} == {"followers"}
    assert (kinds[private.pk], kinds[other.pk]) == ("private", "public")
    assert status(Client(), address) == 404
    renamed = f"{Photo.objects.get(pk=photo.pk).base}320.jpg"
    assert [status(signed_in(who), renamed) for who in (bob, charlie, None)] == [200, 404, 404]
    for path in ("/", "/@alice/"):
        assert not {note.pk for note in notes} & set(listed(Client().get(path))), path
    assert "approves who follows" in words(signed_in(charlie).get("/@alice/"))
    assert set(listed(signed_in(bob).get("/@alice/"))) == {note.pk for note in notes}


def test_with_nothing_public_it_is_switched_on_at_once(alice: User) -> None:
    make_draft(alice)
    assert switch(alice, approves_followers="on").status_code == 303
    alice.refresh_from_db()
    assert alice.approves_followers


def test_switching_off_changes_no_note_and_accepts_no_request(closed: User, charlie: User) -> None:
    note = make_note(closed, visibility="followers")
    signed_in(charlie).post(FOLLOW)
    client = signed_in(closed)
    page = client.get(PRIVACY)
    assert "1 request waits for your answer. It goes on waiting if you turn this off." in words(page)
    sent = form_in(page, "").fields
    del sent["approves_followers"]
    assert client.post(PRIVACY, sent).status_code == 303
    assert "1 follow request still waits: nobody is approved without you." in client.get(PRIVACY).text
    theirs = signed_in(charlie).get(closed.get_absolute_url())
    assert "no longer approves who follows. Follow now" in words(theirs)
    assert f'formaction="{closed.get_absolute_url()}follow/"' in theirs.text
    closed.refresh_from_db()
    assert not closed.approves_followers
    note.refresh_from_db()
    assert note.visibility == "followers"
    assert not Follow.objects.exists()
    assert "Charlie Chen" in words(client.get(REQUESTS)), "it still waits"
    signed_in(charlie).post(FOLLOW)
    assert Follow.objects.exists(), "who presses again follows at once"
    assert not FollowRequest.objects.exists()


def test_compose_offers_no_everyone(closed: User) -> None:
    client = signed_in(closed)
    page = client.get(NEW)
    assert 'value="public"' not in page.text
    assert form_in(page, "compose").fields["visibility"] == ["followers"]
    response = client.post(NEW, filled_in(client, title="Mine"))
    assert response.status_code == 303
    note = Note.objects.get()
    assert note.visibility == "followers"
    editor = client.get(f"{note.get_absolute_url()}edit/")
    assert 'value="public"' not in editor.text
    arranged = client.post(NEW, filled_in(client) | {"action": "", "add": "tea"})
    assert 'value="public"' not in arranged.text


def test_a_form_opened_before_says_so_and_keeps_the_words(alice: User) -> None:
    client = signed_in(alice)
    form = filled_in(client, title="Written before", visibility="public")
    switch(alice, approves_followers="on")
    response = client.post(NEW, form)
    assert response.status_code == 422
    assert "You approve your followers: choose them, or only you." in words(response)
    again = form_in(response, "compose").fields
    assert again["title"] == ["Written before"]
    assert not Note.objects.exclude(status="draft").exists()


def test_no_visibility_named_is_followers(closed: User) -> None:
    assert signed_in(closed).post(NEW, {"title": "Short", "action": "publish"}).status_code == 303
    assert Note.objects.get().visibility == "followers"


def test_the_action_knows_better_than_the_form(closed: User) -> None:
    from notes.compose.actions import save_note, start_draft
    from notes.compose.content import NoteContent

    draft = start_draft(author=closed, key=make_note(closed, visibility="private").key)
    words_ = dict.fromkeys(("body", "place", "partner", "campus"), "")
    words_ |= {"title": "Public?", "visibility": "public", "disclosure": "none", "tags": []}
    saved = save_note(note=draft, content=NoteContent(words=words_), publish=True)
    assert saved.visibility == "followers"


def test_a_row_that_says_public_is_for_followers(closed: User, bob: User, charlie: User, mona: User) -> None:
    """However it came about: the definition of visibility asks the author too."""
    note = make_note(closed, tags=["tea"])
    address = f"{make_photo(closed, note=note, with_files=True).base}320.jpg"
    for person, expected in ((None, 404), (charlie, 404), (mona, 404), (bob, 200), (closed, 200)):
        client = signed_in(person)
        assert [status(client, path) for path in (note.get_absolute_url(), address)] == [expected] * 2
        for path in ("/", "/?sort=latest", "/tags/tea/"):
            assert note.pk not in listed(client.get(path))
    assert note.get_absolute_url() not in Client().get("/sitemaps/notes-0.xml").text
