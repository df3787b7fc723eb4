"""Who may see a note, and every relation that crosses from notes into profiles, in one place."""

from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q

CAMPUS = "profiles.Campus"
POSITIONING = "profiles.Positioning"

AUTHOR_NOT_SUSPENDED = "author__suspended_at__isnull"
AUTHOR_DECLARES = "author__positionings__label"
AUTHOR_DECLARATION_RETIRED = "author__positionings__retired_at__isnull"
AUTHOR_HANDLE, AUTHOR_EMAIL = "author__handle", "author__email"
AUTHOR_NAME, AUTHOR_AVATAR = "author__name", "author__avatar_token"
AUTHOR_INDEXED = "author__is_indexed"
FOLLOWERS = "followers"


def follows_author(viewer: Any) -> Exists:
    """Whether the viewer follows the row's author."""
    follow = get_user_model()._meta.get_field(FOLLOWERS).related_model
    return Exists(follow.objects.filter(follower=viewer, followed=OuterRef("author")))  # type: ignore[union-attr]


def is_following(viewer: Any, author: Any) -> bool:
    if not viewer.is_authenticated:
        return False
    follow = get_user_model()._meta.get_field(FOLLOWERS).related_model
    return follow.objects.filter(follower=viewer, followed=author).exists()  # type: ignore[union-attr]


def is_live() -> Q:
    """Published, not hidden by a moderator, by somebody who is not suspended."""
    return Q(status="published", hidden_at__isnull=True, **{AUTHOR_NOT_SUSPENDED: True})


def moderators_may_see() -> Q:
    """Published notes that are public, whoever wrote them, or hidden, whatever their visibility: one is dealt with
    already. Never what is for followers, private or a draft. Reported notes join here.
    """
    return Q(status="published") & (Q(visibility="public") | Q(hidden_at__isnull=False))


def may_see(viewer: Any) -> Q:
    """The one definition of who may open a note.

    Everyone: live public notes. Followers: live notes for followers. Authors: all of their own.
    Moderators: what they deal with.
    """
    if not viewer.is_authenticated:
        return may_see_of_public(viewer)
    for_followers = Q(visibility="followers") & Q(follows_author(viewer))
    seen = (is_live() & (Q(visibility="public") | for_followers)) | Q(author=viewer)
    if viewer.is_staff:
        seen |= moderators_may_see()
    return seen


def may_see_of_public(viewer: Any) -> Q:
    """`may_see` where only live public notes are asked for: who follows or wrote them changes nothing."""
    return is_live() & Q(visibility="public")


def declares(label: Any) -> Q:
    """By people whose current positioning is this label."""
    return Q(**{AUTHOR_DECLARES: label, AUTHOR_DECLARATION_RETIRED: True})


def positioning_of(person: Any) -> Any:
    """The positioning in force of somebody now, or None."""
    return person.positionings.current().first()


def campus_named(name: str) -> Any:
    """The campus of this name, added when nobody has named it yet."""
    campus = apps.get_model(CAMPUS)
    return campus.objects.named(name)


def campus_names() -> list[str]:
    """Names to offer where a campus is asked for."""
    return list(apps.get_model(CAMPUS).objects.order_by("name").values_list("name", flat=True)[:200])
