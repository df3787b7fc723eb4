from typing import Any

from django.db import transaction

from notes.models import Note
from profiles.models import Follow, FollowRequest, User


@transaction.atomic
def follow(*, follower: User, followed: User, from_note: int | None = None) -> bool:
    """Follow a person, or request to if they approve followers. Idempotent. Return whether it is a follow. `from_note`
    is the note on whose page the button was.

    Raises IntegrityError for oneself, across a block, or if the other is deleted at the same moment.
    """
    pair = _lock(follower, followed, from_note)
    approves = User.objects.filter(pk=followed.pk, approves_followers=True).exists()
    if approves and not Follow.objects.filter(**pair).exists():
        FollowRequest.objects.bulk_create([FollowRequest(**pair, from_note=from_note)], ignore_conflicts=True)
        return False
    FollowRequest.objects.filter(**pair).delete()
    Follow.objects.bulk_create([Follow(**pair, from_note=from_note)], ignore_conflicts=True)
    return True


def is_follower(person: User, *, of: User) -> bool:
    return Follow.objects.filter(follower=person, followed=of).exists()


@transaction.atomic
def unfollow(*, follower: User, followed: User) -> None:
    """End a follow or a follow request, from either side. Idempotent."""
    pair = _lock(follower, followed)
    for rows in (Follow, FollowRequest):
        rows._default_manager.filter(**pair).delete()


@transaction.atomic
def approve(*, follower: User, followed: User) -> bool:
    """Turn a follow request into a follow. Return False if the request was withdrawn."""
    requests = FollowRequest.objects.filter(follower=follower, followed=followed)
    pair = _lock(follower, followed, requests.values_list("from_note", flat=True).first())
    asked = requests.first()
    if asked:
        asked.delete()
        granted = Follow(**pair, from_note=asked.from_note, is_approved=True)
        Follow.objects.bulk_create([granted], ignore_conflicts=True)
    return asked is not None


@transaction.atomic
def decline(*, follower: User, followed: User) -> None:
    """Delete a follow request. The requester is not notified, and may ask again."""
    FollowRequest.objects.filter(**_lock(follower, followed)).delete()


def _lock(follower: User, followed: User, from_note: int | None = None) -> dict[str, Any]:
    """Lock both people, as follows, approvals and blocks do, so that these take turns.

    The note a follow comes from is locked before them: it gains an engaged reader.
    """
    if from_note:
        Note.objects.filter(pk=from_note).lock()
    User.objects.filter(pk__in=[follower.pk, followed.pk]).lock()
    return {"follower": follower, "followed": followed}
