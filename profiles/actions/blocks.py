from django.db import transaction
from django.db.models import Q

from profiles.models import Block, Follow, FollowRequest, Mute, User


@transaction.atomic
def block(*, blocker: User, blocked: User) -> None:
    """Make the block be there, and end follows and requests both ways. Twice changes nothing.

    Both people are locked first, as they are by whoever follows, approves or is counted: either that is done, and ends
    here, or it comes later, and the database refuses it. Raises IntegrityError for oneself, and for somebody who is
    deleted at the same moment.
    """
    User.objects.filter(pk__in=[blocker.pk, blocked.pk]).lock()
    Block.objects.bulk_create([Block(blocker=blocker, blocked=blocked)], ignore_conflicts=True)
    between = Q(follower=blocker, followed=blocked) | Q(follower=blocked, followed=blocker)
    for rows in (Follow, FollowRequest):
        rows._default_manager.filter(between).delete()


def unblock(*, blocker: User, blocked: User) -> None:
    """They see each other again, unless the other has blocked too. Nobody follows again by itself."""
    Block.objects.filter(blocker=blocker, blocked=blocked).delete()


def mute(*, muter: User, muted: User) -> None:
    """Make the mute be there. Raises IntegrityError for oneself, and for somebody who is just deleted."""
    with transaction.atomic():
        Mute.objects.bulk_create([Mute(muter=muter, muted=muted)], ignore_conflicts=True)


def unmute(*, muter: User, muted: User) -> None:
    Mute.objects.filter(muter=muter, muted=muted).delete()
