"""Concurrent follows, blocks and approvals, over HTTP against the production server."""

import uuid

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db import connection

from notes.models import Note
from people.actions.moderators import appoint
from profiles.models import Follow, FollowRequest, User
from tests.builders import make_note, make_person
from tests.servers import WebServer
from tests.storms.client import Post, storm
from tests.storms.test_storms import calm, changed, crowd, session, wrong

pytestmark = pytest.mark.django_db(transaction=True)

NO_TRIGGER = "ALTER TABLE profiles_follow {} TRIGGER refuse_follow_of_blocked"


@pytest.fixture(params=[8, pytest.param(24, marks=pytest.mark.long)])
def number(request: pytest.FixtureRequest) -> int:
    """How many pairs act at once."""
    return int(request.param)


def pairs(number: int) -> list[tuple[User, User]]:
    people = crowd(2 * number)
    return list(zip(people[::2], people[1::2], strict=True))


def post(person: User, other: User, act: str) -> Post:
    return Post(session(person), f"{other.get_absolute_url()}{act}")


def across_a_block() -> int:
    """Follows and requests between two people, one of whom has blocked the other."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM (
                SELECT follower_id, followed_id FROM profiles_follow
                UNION ALL SELECT follower_id, followed_id FROM profiles_followrequest
            ) AS bonds
            JOIN profiles_block ON follower_id IN (blocker_id, blocked_id)
                AND followed_id IN (blocker_id, blocked_id)
            """
        )
        return int(cursor.fetchone()[0])


def follow_and_block_at_once(number: int) -> list[Post]:
    """Each pair's follow, block and follow back, one after the other in the posts: in different processes."""
    return [
        post(*ends)
        for fan, star in pairs(number)
        for ends in ((fan, star, "follow/"), (star, fan, "block/"), (star, fan, "follow/"))
    ]


def test_a_block_wins_over_a_follow_at_the_same_moment(web_server: WebServer, number: int) -> None:
    assert calm(storm(web_server.port, follow_and_block_at_once(number)), 303, 404)
    assert across_a_block() == 0
    assert not Follow.objects.exists()
    assert wrong() == []
    call_command("recount")


def test_blocks_and_follows_that_go_back_and_forth(web_server: WebServer, number: int) -> None:
    posts = [
        post(*ends)
        for fan, star in pairs(number // 2)
        for ends in (
            (fan, star, "follow/"),
            (star, fan, "block/"),
            (fan, star, "follow/"),
            (star, fan, "block/delete/"),
            (fan, star, "follow/"),
            (fan, star, "block/"),
            (star, fan, "follow/"),
            (fan, star, "follow/delete/"),
        )
    ]
    assert calm(storm(web_server.port, posts), 303, 404)
    assert across_a_block() == 0
    assert wrong() == []
    call_command("recount")


def test_approving_and_taking_back_at_once(web_server: WebServer, number: int) -> None:
    asked = pairs(number)
    FollowRequest.objects.bulk_create(FollowRequest(follower=fan, followed=star) for fan, star in asked)
    posts = [
        post(*ends)
        for fan, star in asked
        for ends in ((star, fan, "request/approve/"), (fan, star, "follow/delete/"))
    ]
    assert calm(storm(web_server.port, posts), 303)
    assert not Follow.objects.exists(), "who takes it back does not follow, approved or not"
    assert not FollowRequest.objects.exists()
    assert wrong() == []
    call_command("recount")


def test_approving_and_blocking_at_once(web_server: WebServer, number: int) -> None:
    asked = pairs(number)
    FollowRequest.objects.bulk_create(FollowRequest(follower=fan, followed=star) for fan, star in asked)
    posts = [
        post(*ends)
        for fan, star in asked
        for ends in ((star, fan, "request/approve/"), (fan, star, "block/"), (star, fan, "request/approve/"))
    ]
    assert calm(storm(web_server.port, posts), 303, 404)
    assert across_a_block() == 0
    assert wrong() == []
    call_command("recount")


def test_asking_while_the_other_switches(web_server: WebServer, number: int) -> None:
    """Each pair ends with a follow or a request, never both and never neither."""
    asked = pairs(number)
    posts = []
    for place, (fan, star) in enumerate(asked):
        User.objects.filter(pk=star.pk).update(approves_followers=place % 2)
        switched = (("approves_followers", ""),) if place % 2 else (("approves_followers", "on"),)
        posts += [
            post(fan, star, "follow/"),
            Post(session(star), "/settings/privacy/", switched),
            post(fan, star, "follow/"),
        ]
    assert calm(storm(web_server.port, posts), 303)
    follows = set(Follow.objects.values_list("follower", "followed"))
    requests = set(FollowRequest.objects.values_list("follower", "followed"))
    assert follows | requests == {(fan.pk, star.pk) for fan, star in asked}
    assert not follows & requests
    assert wrong() == []


def test_publishing_while_the_account_closes(web_server: WebServer, number: int) -> None:
    """Nothing public is left, in name either: not what is published before, during or after."""
    people = crowd(number // 2)
    posts = []
    for person in people:
        sent_by = session(person)
        EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
        notes = [
            Post(sent_by, "/notes/new/", (("title", f"Note {place}"), ("key", str(uuid.uuid4()))))
            for place in range(4)
        ]
        closing = (("approves_followers", "on"), ("confirm", "on"))
        posts += [*notes[:2], Post(sent_by, "/settings/privacy/", closing), *notes[2:]]
    assert calm(storm(web_server.port, posts), 303)
    assert User.objects.filter(approves_followers=True).count() == len(people)
    assert Note.objects.filter(status="published").count() == 4 * len(people)
    assert set(Note.objects.values_list("visibility", flat=True)) == {"followers"}


def test_liking_while_the_note_is_hidden(web_server: WebServer, number: int) -> None:
    author, mona = make_person(), make_person("mona")
    appoint(person=mona)
    notes, fans = [make_note(author) for _ in range(number // 4)], [session(person) for person in crowd(16)]
    posts = []
    for note in notes:
        posts += [Post(fan, f"/notes/{note.pk}/like/") for fan in fans]
        hiding = Post(session(mona), f"/admin/notes/note/{note.pk}/hide/", (("reason", "Storm"),))
        posts.insert(len(posts) - 8, hiding)
    assert calm(storm(web_server.port, posts), 303, 404)
    assert not Note.objects.filter(hidden_at=None).exists()
    late = [Post(fan, f"/notes/{note.pk}/like/") for note in notes for fan in fans]
    assert storm(web_server.port, late) == {404: len(late)}
    assert wrong() == []
    call_command("recount")


def test_without_the_trigger_the_storm_is_seen(web_server: WebServer) -> None:
    """With it off, a follow that looked before the block and writes after it stays."""
    with changed(NO_TRIGGER.format("DISABLE"), NO_TRIGGER.format("ENABLE")):
        for _round in range(5):
            storm(web_server.port, follow_and_block_at_once(24))
            if across_a_block():
                break
            User.objects.all().delete()
        assert across_a_block() > 0
