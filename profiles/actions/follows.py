from typing import Any

from django.db import transaction

from profiles.models import Follow, FollowRequest, User


@transaction.atomic
def follow(*, follower: User, followed: User) -> bool:
    """Makes the follow be there; or the request, where the followed approves and has not done so. Twice changes
    nothing. Gives whether it is a follow.

    Raises IntegrityError for oneself, where one has blocked the other, and for somebody who is deleted at the same
    moment.
    """
    pair = _hold(follower, followed)
    approves = User.objects.filter(pk=followed.pk, approves_followers=True).exists()
    if approves and not Follow.objects.filter(**pair).exists():
        FollowRequest.objects.bulk_create([FollowRequest(**pair)], ignore_conflicts=True)
        return False
    FollowRequest.objects.filter(**pair).delete()
    Follow.objects.bulk_create([Follow(**pair)], ignore_conflicts=True)
    return True


@transaction.atomic
def unfollow(*, follower: User, followed: User) -> None:
    """Ends the follow, or takes the request back, approved at the same moment or not."""
    pair = _hold(follower, followed)
    for rows in (Follow, FollowRequest):
        rows._default_manager.filter(**pair).delete()


@transaction.atomic
def approve(*, follower: User, followed: User) -> None:
    """Turns the request into a follow. Where it has been taken back, nothing comes of it."""
    pair = _hold(follower, followed)
    asked, _rows = FollowRequest.objects.filter(**pair).delete()
    if asked:
        Follow.objects.bulk_create([Follow(**pair)], ignore_conflicts=True)


@transaction.atomic
def decline(*, follower: User, followed: User) -> None:
    """Ends the request. Its maker is not told, and may ask again."""
    FollowRequest.objects.filter(**_hold(follower, followed)).delete()


def _hold(follower: User, followed: User) -> dict[str, Any]:
    """Locks both people, as whoever follows, approves or blocks does, so that one is done before the other begins."""
    User.objects.filter(pk__in=[follower.pk, followed.pk]).lock()
    return {"follower": follower, "followed": followed}
