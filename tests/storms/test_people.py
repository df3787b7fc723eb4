"""Follows, blocks and approvals that meet, over HTTP against the production server."""

import pytest
from django.core.management import call_command
from django.db import connection

from profiles.models import Follow, User
from tests.servers import WebServer
from tests.storms.client import Post, storm
from tests.storms.test_storms import calm, crowd, session, wrong

pytestmark = pytest.mark.django_db(transaction=True)

PAIRS = 24
NO_TRIGGER = "ALTER TABLE profiles_follow {} TRIGGER refuse_follow_of_blocked"


def pairs() -> list[tuple[User, User]]:
    people = crowd(2 * PAIRS)
    return list(zip(people[::2], people[1::2], strict=True))


def post(person: User, other: User, act: str) -> Post:
    return Post(session(person), f"{other.get_absolute_url()}{act}")


def across_a_block() -> int:
    """Follows and requests between two of whom one has blocked the other."""
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


def follow_and_block_at_once() -> list[Post]:
    """Each pair's follow, block and follow back, one after the other in the posts: in different processes."""
    return [
        post(*ends)
        for fan, star in pairs()
        for ends in ((fan, star, "follow/"), (star, fan, "block/"), (star, fan, "follow/"))
    ]


def test_a_block_wins_over_a_follow_at_the_same_moment(web_server: WebServer) -> None:
    assert calm(storm(web_server.port, follow_and_block_at_once()), 303, 404)
    assert across_a_block() == 0
    assert not Follow.objects.exists()
    assert wrong() == []
    call_command("recount")


def test_blocks_and_follows_that_go_back_and_forth(web_server: WebServer) -> None:
    posts = [
        post(*ends)
        for fan, star in pairs()[:12]
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
