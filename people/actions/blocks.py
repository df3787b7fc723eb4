from django.db import transaction
from django.db.models import Q

from notes.models import CollectionFollow
from profiles.models import Block, Follow, FollowRequest, Mute, User


@transaction.atomic
def block(*, blocker: User, blocked: User) -> None:
    """Block a person, and end follows, also of collections, and follow requests both ways. Idempotent.

    Both people are locked first, as by follows, approvals and counting: either those are done and end here, or they
    come later and the database rejects them. Raises IntegrityError for oneself, or if the other is deleted at the same
    moment.
    """
    User.objects.filter(pk__in=[blocker.pk, blocked.pk]).lock()
    Block.objects.bulk_create([Block(blocker=blocker, blocked=blocked)], ignore_conflicts=True)
    between = Q(follower=blocker, followed=blocked) | Q(follower=blocked, followed=blocker)
    for rows in (Follow, FollowRequest):
        rows._default_manager.filter(between).delete()
    of_the_other = Q(follower=blocker, collection__owner=blocked) | Q(
        follower=blocked, collection__owner=blocker
    )
    CollectionFollow.objects.filter(of_the_other).delete()


def unblock(*, blocker: User, blocked: User) -> None:
    """Unblock a person. Idempotent. Follows do not come back, and a block by the other person stays."""
    Block.objects.filter(blocker=blocker, blocked=blocked).delete()


def mute(*, muter: User, muted: User) -> None:
    """Mute a person. Idempotent. Raises IntegrityError for oneself, or if the other is deleted at the same moment."""
    with transaction.atomic():
        Mute.objects.bulk_create([Mute(muter=muter, muted=muted)], ignore_conflicts=True)


def unmute(*, muter: User, muted: User) -> None:
    """Unmute a person. Idempotent."""
    Mute.objects.filter(muter=muter, muted=muted).delete()
