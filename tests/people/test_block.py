"""A block: two people do not see each other anywhere, no longer follow each other, and no counter changes."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notes.models import Note
from notes.reactions.actions import collect, like
from people.actions.blocks import block, unblock
from people.actions.follows import follow
from people.actions.people import suspend_person
from profiles.models import Block, Follow, FollowRequest, User
from tests.builders import (
    make_campus,
    make_comment,
    make_label,
    make_note,
    make_person,
    make_photo,
    signed_in,
    status,
)
from tests.markup import listed, words

pytestmark = pytest.mark.django_db

LIST = "/settings/privacy/blocked/"


def counts(person: User) -> tuple[int, int]:
    person.refresh_from_db()
    return person.follower_count, person.following_count


def test_blocking_twice_is_once_and_ends_follows_both_ways(alice: User, bob: User) -> None:
    follow(follower=alice, followed=bob)
    FollowRequest.objects.create(follower=alice, followed=make_person("other"))
    client = signed_in(alice)
    for _ in range(2):
        response = client.post("/@bob/block/")
        assert (response.status_code, response["Location"]) == (303, LIST)
    assert Block.objects.get().blocked == bob
    assert not Follow.objects.exists()
    assert FollowRequest.objects.count() == 1, "what is between others stays"
    assert counts(alice) == counts(bob) == (0, 0)
    assert "You and Bob Bai no longer see each other." in client.get(LIST).text


def test_unblocking_twice_is_once_and_brings_no_follow_back(alice: User, bob: User) -> None:
    client = signed_in(alice)
    client.post("/@bob/block/")
    for _ in range(2):
        assert client.post("/@bob/block/delete/")["Location"] == LIST
    assert not Block.objects.exists()
    assert not Follow.objects.exists()
    assert status(client, "/@bob/") == 200
    assert status(signed_in(bob), "/@alice/") == 200


def test_the_list_is_the_blockers_own(alice: User, bob: User, charlie: User) -> None:
    client = signed_in(alice)
    assert "People you block are listed here" in words(client.get(LIST))
    client.post("/@bob/block/")
    page = client.get(LIST).text
    assert "@bob" in page
    assert 'href="/@bob/"' not in page, "it leads to nothing"
    assert 'formaction="/@bob/block/delete/"' in page
    assert "@alice" not in words(signed_in(bob).get(LIST))
    assert f'href="{LIST}"' in client.get("/settings/privacy/").text
    assert Client().get(LIST)["Location"].startswith("/accounts/login/")
    assert client.post(LIST).status_code == 405


def test_the_list_comes_in_pages(alice: User) -> None:
    for number in range(26):
        block(blocker=alice, blocked=make_person(f"blocked_{number}"))
    client = signed_in(alice)
    first = client.get(LIST).text
    assert first.count("/block/delete/") == 24
    after = first.partition("?after=")[2].partition('"')[0]
    assert client.get(f"{LIST}?after={after}").text.count("/block/delete/") == 2
    with CaptureQueriesContext(connection) as queries:
        client.get(LIST)
    many = len(queries)
    Block.objects.exclude(pk=Block.objects.earliest("pk").pk).delete()
    with CaptureQueriesContext(connection) as queries:
        client.get(LIST)
    assert len(queries) == many


@pytest.mark.parametrize("act", ["block/", "block/delete/"])
def test_who_may_and_how(alice: User, bob: User, act: str) -> None:
    path = f"/@bob/{act}"
    assert signed_in(alice).get(path).status_code == (200 if act == "block/" else 405), "a question"
    assert Client().post(path)["Location"].startswith("/accounts/login/")
    assert signed_in(alice, enforce_csrf_checks=True).post(path).status_code == 403
    assert signed_in(alice).post(f"/@nobody/{act}").status_code == 404
    assert not Block.objects.exists()


def test_one_cannot_block_oneself_or_a_person_one_cannot_see(alice: User, bob: User, charlie: User) -> None:
    assert signed_in(alice).post("/@alice/block/").status_code == 404
    block(blocker=alice, blocked=bob)
    nobody = signed_in(bob).post("/@nobody/block/")
    for act in ("block/", "block/delete/", "follow/", "follow/delete/"):
        response = signed_in(bob).post(f"/@alice/{act}")
        assert (response.status_code, response.content) == (404, nobody.content), act
    suspend_person(person=charlie, by=None, reason="Spam")
    assert signed_in(alice).post("/@charlie/block/").status_code == 404
    assert Block.objects.count() == 1


def test_two_who_block_each_other_are_let_go_by_both(alice: User, bob: User) -> None:
    block(blocker=alice, blocked=bob)
    block(blocker=bob, blocked=alice)
    assert signed_in(alice).post("/@bob/block/delete/").status_code == 303
    assert status(signed_in(alice), "/@bob/") == 404
    assert signed_in(bob).post("/@alice/block/delete/").status_code == 303
    assert status(signed_in(alice), "/@bob/") == 200


def made_by(person: User, follower: User) -> tuple[Note, list[str], list[str]]:
    """A note of theirs, the addresses that are theirs, and the lists that show it."""
    make_label(person, f"Label of {person.handle}", topics=["tea"])
    campus = make_campus()
    note = make_note(person, f"By {person.handle}", tags=["tea"], campus=campus)
    own = [
        note.get_absolute_url(),
        person.get_absolute_url(),
        f"/@{person.handle}/followers/",
        f"/@{person.handle}/following/",
        f"/report/?note={note.pk}",
        f"/report/?person={person.handle}",
    ]
    lists = ["/", "/?sort=latest", "/?channel=tea", "/tags/tea/", campus.get_absolute_url()]
    lists += [f"/labels/label-of-{person.handle}/", "/following/", f"/@{follower.handle}/collections/"]
    return note, own, lists


@pytest.mark.parametrize("who_blocks", ["bob", "alice"])
def test_each_leaves_the_others_sight_everywhere(alice: User, bob: User, who_blocks: str) -> None:
    for author, other in ((alice, bob), (bob, alice)):
        Follow.objects.get_or_create(follower=other, followed=author)
    made = {author.pk: made_by(author, other) for author, other in ((alice, bob), (bob, alice))}
    pairs = ((alice, bob), (bob, alice))
    for author, other in pairs:
        collect(person=other, note=made[author.pk][0])
        like(person=other, note=made[author.pk][0])
        client = signed_in(other)
        assert [path for path in made[author.pk][1] if status(client, path) != 200] == []
        assert [p for p in made[author.pk][2] if made[author.pk][0].pk not in listed(client.get(p))] == []
    before = {note.pk: (note.like_count, note.collect_count) for note in Note.objects.all()}

    signed_in(alice if who_blocks == "alice" else bob).post(
        f"/@{'bob' if who_blocks == 'alice' else 'alice'}/block/"
    )
    for author, other in pairs:
        note, own, lists = made[author.pk]
        client = signed_in(other)
        nothing = client.get("/notes/987654321/").content
        for path in own:
            response = client.get(path)
            assert (response.status_code, response.content) == (404, nothing), path
        for path in lists:
            page = client.get(path)
            assert note.pk not in listed(page), path
            assert f"@{author.handle}" not in words(page), path
        for act in ("like", "like/delete", "collect", "comments"):
            assert client.post(f"/notes/{note.pk}/{act}/", {"body": "Hi."}).status_code == 404, act
        assert status(Client(), note.get_absolute_url()) == 200, "everybody else sees it"
    after = {note.pk: (note.like_count, note.collect_count) for note in Note.objects.all()}
    assert after == before, "listings thin, counters never"


def test_comments_leave_their_sight_and_the_number_stays(alice: User, bob: User, charlie: User) -> None:
    note = make_note(charlie)
    said = make_comment(bob, note, "Bob says so")
    make_comment(charlie, note, "Charlie answers Bob", parent=said)
    make_comment(alice, note, "Alice says so")
    page = note.get_absolute_url()
    signed_in(alice).post("/@bob/block/")
    shown = {person.handle: words(signed_in(person).get(page)) for person in (alice, bob, charlie)}
    assert "Bob says so" not in shown["alice"]
    assert "Charlie answers Bob" not in shown["alice"]
    assert "Alice says so" not in shown["bob"]
    assert "Bob says so" in shown["charlie"]
    assert "Alice says so" in shown["charlie"]
    for handle, text in shown.items():
        assert "3 comments" in text
        assert ("Some comments are not shown." in text) is (handle != "charlie")
    client = signed_in(alice)
    assert client.post(f"{page}comments/", {"body": "You.", "parent": said.pk}).status_code == 404
    assert status(client, f"/report/?comment={said.pk}") == 404
    assert "Bob says so" not in words(client.get(f"{page}?thread={said.pk}"))
    assert "data-answer hidden" in " ".join(client.get(f"{page}?reply={said.pk}").text.split())


def test_the_last_of_several_pages_says_that_comments_are_missing(
    alice: User, bob: User, charlie: User
) -> None:
    note = make_note(charlie)
    for number in range(25):
        make_comment(charlie, note, f"Thought {number}")
    make_comment(bob, note)
    hint, page = "Some comments are not shown.", note.get_absolute_url()
    for expected in (False, True):
        first = signed_in(alice).get(page)
        assert hint not in words(first)
        after = first.text.partition("?comments=")[2].partition("#")[0]
        assert (hint in words(signed_in(alice).get(f"{page}?comments={after}"))) is expected
        block(blocker=alice, blocked=bob)


def test_mentions_and_lists_of_people(alice: User, bob: User, charlie: User) -> None:
    note = make_note(charlie, body="With @alice and @bob.")
    for person in (alice, bob):
        follow(follower=person, followed=charlie)
    make_label(bob, "Shared label")
    block(blocker=alice, blocked=bob)
    page = signed_in(bob).get(note.get_absolute_url()).text
    assert 'href="/@alice/"' not in page
    assert 'href="/@bob/" class="at"' in page
    assert "Bob Bai" not in words(signed_in(alice).get("/@charlie/followers/"))
    assert "Bob Bai" not in words(signed_in(alice).get("/labels/shared-label/"))
    assert "Bob Bai" in words(Client().get("/labels/shared-label/"))


def test_the_photos_pages_are_closed_not_the_bytes(alice: User, bob: User) -> None:
    public, followers = make_note(alice), make_note(alice, visibility="followers")
    addresses = [
        f"{make_photo(alice, note=note, with_files=True).base}320.jpg" for note in (public, followers)
    ]
    client = signed_in(bob)
    assert [status(client, path) for path in addresses] == [200, 200]
    block(blocker=alice, blocked=bob)
    assert [status(client, path) for path in addresses] == [200, 404], "as ARCHITECTURE says of public photos"


def test_a_moderator_is_kept_out_by_nobody(alice: User, mona: User) -> None:
    note = make_note(alice)
    block(blocker=alice, blocked=mona)
    client = signed_in(mona)
    for path in (note.get_absolute_url(), "/@alice/", f"/admin/notes/note/{note.pk}/change/"):
        assert status(client, path) == 200, path
    assert client.post("/@alice/follow/").status_code == 404
    assert not Follow.objects.exists()


@pytest.mark.parametrize("rows", [Follow, FollowRequest])
@pytest.mark.parametrize("one_way", [True, False])
def test_the_database_refuses_a_follow_where_a_block_is(
    alice: User, charlie: User, rows: Any, one_way: bool
) -> None:
    block(blocker=alice, blocked=charlie)
    ends = (alice, charlie) if one_way else (charlie, alice)
    with pytest.raises(IntegrityError, match="whom they have blocked"), transaction.atomic():
        rows.objects.create(follower=ends[0], followed=ends[1])
    unblock(blocker=alice, blocked=charlie)
    rows.objects.create(follower=ends[0], followed=ends[1])


def test_the_profile_offers_it_to_others(alice: User, bob: User) -> None:
    path = 'href="/@alice/block/"'
    assert path in signed_in(bob).get("/@alice/").text
    assert path not in signed_in(alice).get("/@alice/").text
    assert path not in Client().get("/@alice/").text


def test_accounts_go_with_their_blocks(alice: User, bob: User) -> None:
    block(blocker=alice, blocked=bob)
    bob.delete()
    assert not Block.objects.exists()
