"""A mute: the muted person leaves one's lists, can still be opened, and is not told."""

import pytest
from django.test import Client

from notes.models import Comment
from people.actions.blocks import block, mute
from people.actions.follows import follow
from profiles.models import Follow, Mute, User
from tests.builders import make_campus, make_comment, make_label, make_note, signed_in, status
from tests.markup import listed, words

pytestmark = pytest.mark.django_db

LIST = "/settings/privacy/muted/"


def test_muting_and_unmuting_twice_is_once(alice: User, bob: User) -> None:
    client = signed_in(bob)
    for _ in range(2):
        assert client.post("/@alice/mute/")["Location"] == "/@alice/"
    assert Mute.objects.get().muted == alice
    page = client.get("/@alice/").text
    assert "You won’t see Alice An in your lists any more." in page
    assert 'formaction="/@alice/mute/delete/"' in page
    for _ in range(2):
        assert client.post("/@alice/mute/delete/")["Location"] == "/@alice/"
    assert not Mute.objects.exists()
    assert 'formaction="/@alice/mute/"' in client.get("/@alice/").text
    assert Follow.objects.exists(), "who is muted is still followed"


@pytest.mark.parametrize("act", ["mute/", "mute/delete/"])
def test_who_may_and_how(alice: User, bob: User, act: str) -> None:
    path = f"/@alice/{act}"
    assert signed_in(bob).get(path).status_code == 405
    assert Client().post(path)["Location"].startswith("/accounts/login/")
    assert signed_in(bob, enforce_csrf_checks=True).post(path).status_code == 403
    assert signed_in(bob).post(f"/@nobody/{act}").status_code == 404
    assert signed_in(alice).post("/@alice/mute/").status_code == 404
    assert not Mute.objects.exists()


def test_notes_leave_every_list_and_stay_open(alice: User, bob: User, charlie: User) -> None:
    make_label(alice, "Tea person", topics=["tea"])
    campus = make_campus()
    note = make_note(alice, tags=["tea"], campus=campus)
    other = make_note(charlie, tags=["tea"], campus=campus)
    follow(follower=bob, followed=charlie)
    lists = ["/", "/?sort=latest", "/?channel=tea", "/tags/tea/", campus.get_absolute_url(), "/following/"]
    client = signed_in(bob)
    assert [set(listed(client.get(path))) for path in lists] == [{note.pk, other.pk}] * 6
    client.post("/@alice/mute/")
    assert [listed(client.get(path)) for path in lists] == [[other.pk]] * 6
    assert listed(client.get("/labels/tea-person/")) == []
    assert note.pk not in listed(client.get(other.get_absolute_url())), "nor is it more like this"
    assert status(client, note.get_absolute_url()) == 200
    assert listed(client.get("/@alice/")) == [note.pk]
    for person in (None, alice, charlie):
        assert note.pk in listed(signed_in(person).get("/")), "a mute concerns the muter only"


def test_comments_leave_and_the_number_stays(alice: User, bob: User, charlie: User) -> None:
    note = make_note(charlie)
    said = make_comment(alice, note, "Alice says so")
    make_comment(alice, note, "And so", parent=make_comment(charlie, note, "Charlie asks"))
    signed_in(bob).post("/@alice/mute/")
    text = words(signed_in(bob).get(note.get_absolute_url()))
    assert "Alice says so" not in text
    assert "And so" not in text
    assert "Charlie asks" in text
    assert "3 comments" in text
    assert "Some comments are not shown." in text
    for person in (None, alice, charlie):
        assert "Alice says so" in words(signed_in(person).get(note.get_absolute_url()))
    assert Comment.objects.visible_to(bob).contains(said), "it is there to be reported"


def test_they_never_know(alice: User, bob: User) -> None:
    note = make_note(bob)
    before = {path: words(signed_in(alice).get(path)) for path in ("/@bob/", note.get_absolute_url(), "/")}
    signed_in(bob).post("/@alice/mute/")
    assert before == {path: words(signed_in(alice).get(path)) for path in before}
    signed_in(alice).post(f"{note.get_absolute_url()}comments/", {"body": "Hello, Bob"})
    assert "Hello, Bob" in words(signed_in(alice).get(note.get_absolute_url()))


def test_the_list_is_ones_own(alice: User, bob: User, charlie: User) -> None:
    client = signed_in(bob)
    assert "People you mute are listed here" in words(client.get(LIST))
    for person in (alice, charlie):
        mute(muter=bob, muted=person)
    page = client.get(LIST).text
    assert page.index("@charlie") < page.index("@alice")
    assert 'formaction="/@alice/mute/delete/"' in page
    assert 'href="/@alice/"' in page
    assert f'href="{LIST}"' in client.get("/settings/privacy/").text
    assert "@charlie" not in words(signed_in(alice).get(LIST))
    assert Client().get(LIST)["Location"].startswith("/accounts/login/")
    assert client.post(LIST).status_code == 405
    block(blocker=charlie, blocked=bob)
    assert "@charlie" not in words(client.get(LIST)), "who keeps one out is not there"


def test_a_moderators_own_block_keeps_lists_free(mona: User, alice: User) -> None:
    note = make_note(alice)
    block(blocker=mona, blocked=alice)
    client = signed_in(mona)
    assert note.pk not in listed(client.get("/"))
    assert status(client, note.get_absolute_url()) == 200
