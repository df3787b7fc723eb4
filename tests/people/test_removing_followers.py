"""The list of one's followers: following back, and removing one."""

import pytest

from people.actions.follows import follow
from profiles.models import Follow, FollowRequest, User
from tests.builders import signed_in
from tests.markup import words

pytestmark = pytest.mark.django_db
REMOVE = "/@bob/follower/delete/"


def test_the_list_of_ones_followers_offers_both(alice: User, bob: User, charlie: User) -> None:
    own = signed_in(alice).get("/@alice/followers/")
    assert "Follow back" in words(own)
    assert f'href="{REMOVE}"' in own.text
    assert "Remove follower Bob" in words(own)
    others = signed_in(charlie).get("/@alice/followers/")
    assert "Follow back" not in words(others)
    assert REMOVE not in others.text
    profile = signed_in(alice).get("/@bob/")
    assert "Follow back" in words(profile)
    assert f'href="{REMOVE}"' in profile.text
    assert "follower/delete" not in signed_in(alice).get("/@charlie/").text


def test_removing_one_is_quiet_and_not_for_good(alice: User, bob: User) -> None:
    client = signed_in(alice)
    for _ in range(2):
        assert client.post(REMOVE)["Location"] == "/@alice/followers/"
    assert not Follow.objects.filter(followed=alice).exists()
    alice.refresh_from_db()
    assert alice.follower_count == 0
    assert follow(follower=bob, followed=alice)


def test_a_request_goes_too_and_may_be_made_again(alice: User, bob: User, charlie: User) -> None:
    User.objects.filter(pk=alice.pk).update(approves_followers=True)
    assert not follow(follower=charlie, followed=alice)
    signed_in(alice).post("/@charlie/follower/delete/")
    assert not FollowRequest.objects.exists()
    question = signed_in(alice).get(REMOVE)
    assert "To follow you again they have to send a request" in words(question)
    signed_in(alice).post(REMOVE)
    assert not follow(follower=bob, followed=alice), "they ask again"
