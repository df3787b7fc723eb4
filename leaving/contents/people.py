"""People the person follows, is followed by, blocks, mutes or dismissed: by handle, if the person may see them."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from leaving.contents.part import Part, handles_as_seen, in_batches
from profiles.models import Block, Dismissal, Follow, FollowRequest, Mute, User

Rows = Iterator[dict[str, Any]]


def _others(model: type[Any], own: str, other: str, *, blocked: bool = False) -> Callable[[User], Rows]:
    """Return a function that yields the people at the other end of a person's own rows. Rows of blocked people are in
    reach of the person who blocked them.
    """

    def rows(person: User) -> Rows:
        people = User.objects.in_reach_of(person) if blocked else User.objects.visible_to(person)
        for some in in_batches(model._default_manager.filter(**{own: person})):
            handles = handles_as_seen(people, [getattr(each, f"{other}_id") for each in some])
            for each in some:
                yield {"person": handles.get(getattr(each, f"{other}_id")), "since": each.created_at}

    return rows


PARTS = [
    Part(
        "following",
        _("people you follow"),
        _others(Follow, "follower", "followed"),
        ["profiles.Follow.follower"],
    ),
    Part(
        "followers",
        _("who follows you"),
        _others(Follow, "followed", "follower"),
        ["profiles.Follow.followed"],
    ),
    Part(
        "requests",
        _("people you asked to follow"),
        _others(FollowRequest, "follower", "followed"),
        ["profiles.FollowRequest.follower"],
    ),
    Part(
        "asked-by",
        _("who asks to follow you"),
        _others(FollowRequest, "followed", "follower"),
        ["profiles.FollowRequest.followed"],
    ),
    Part(
        "blocked",
        _("people you have blocked"),
        _others(Block, "blocker", "blocked", blocked=True),
        ["profiles.Block.blocker"],
    ),
    Part("muted", _("people you have muted"), _others(Mute, "muter", "muted"), ["profiles.Mute.muter"]),
    Part(
        "passed-over",
        _("suggested people you dismissed"),
        _others(Dismissal, "person", "dismissed"),
        ["profiles.Dismissal.person"],
    ),
]
