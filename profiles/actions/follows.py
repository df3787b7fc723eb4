from django.db import transaction

from profiles.models import Follow, User


def follow(*, follower: User, followed: User) -> None:
    """Makes the follow be there. Twice changes nothing.

    Raises IntegrityError for oneself, and for somebody who is deleted at the same moment.
    """
    with transaction.atomic():
        Follow.objects.bulk_create([Follow(follower=follower, followed=followed)], ignore_conflicts=True)


@transaction.atomic
def unfollow(*, follower: User, followed: User) -> None:
    User.objects.filter(pk__in=[follower.pk, followed.pk]).lock()
    Follow.objects.filter(follower=follower, followed=followed).delete()
