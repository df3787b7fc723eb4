"""What people are to one another: who follows, has blocked or muted the other, and whose notes lists may show.

Conditions on the person in a column, for any table whose rows belong to people. The people a viewer does not want to
see are fetched once per query and each row is compared with them: with NOT EXISTS PostgreSQL would join, underestimate
the remaining rows, and read all an author's notes for one page.
"""

from django.db.models import Q

from core.db.conditions import Asking, Condition

_BLOCKS = (
    "SELECT blocked_id FROM profiles_block WHERE blocker_id = %(viewer)s"
    " UNION ALL SELECT blocker_id FROM profiles_block WHERE blocked_id = %(viewer)s"
)
_UNWANTED = (
    "SELECT muted_id FROM profiles_mute WHERE muter_id = %(viewer)s"
    " UNION ALL SELECT blocked_id FROM profiles_block WHERE blocker_id = %(viewer)s"
)


class Follows(Condition):
    template = "EXISTS (SELECT FROM profiles_follow WHERE follower_id = %(viewer)s AND followed_id = %(expressions)s)"


class IsFollowing(Condition):
    """Whether the person follows the viewer."""

    template = "EXISTS (SELECT FROM profiles_follow WHERE follower_id = %(expressions)s AND followed_id = %(viewer)s)"


class HasAsked(Condition):
    """Whether the viewer has asked to follow the person, and the answer is still open."""

    template = (
        "EXISTS (SELECT FROM profiles_followrequest"
        " WHERE follower_id = %(viewer)s AND followed_id = %(expressions)s)"
    )


class HasMuted(Condition):
    template = "EXISTS (SELECT FROM profiles_mute WHERE muter_id = %(viewer)s AND muted_id = %(expressions)s)"


class HasBlocked(Condition):
    template = (
        "EXISTS (SELECT FROM profiles_block WHERE blocker_id = %(viewer)s AND blocked_id = %(expressions)s)"
    )


class NoBlockBetween(Condition):
    template = f"%(expressions)s <> ALL (ARRAY({_BLOCKS}))"


class NoBlockAmong(Condition):
    """As NoBlockBetween, for large sets of people: looked up by hash instead of compared one by one. PostgreSQL
    estimates that half of the rows remain, so do not use it where an index should pick a page's rows.
    """

    template = f"%(expressions)s NOT IN ({_BLOCKS})"


class IsWanted(Condition):
    """Whether the viewer has neither muted nor blocked the person."""

    template = f"%(expressions)s <> ALL (ARRAY({_UNWANTED}))"


class IsWantedAmong(Condition):
    """As IsWanted, for large sets of people: see NoBlockAmong."""

    template = f"%(expressions)s NOT IN ({_UNWANTED})"


def no_block_between(viewer: Asking, column: str) -> Q:
    """Match rows where neither the viewer nor the person in the column has blocked the other."""
    return Q() if _sees_all(viewer) else Q(NoBlockBetween(column, viewer))


def is_wanted_by(viewer: Asking, column: str) -> Q:
    """Match rows where the viewer has neither muted nor blocked the person in the column (a moderator still sees people
    they block).
    """
    return Q(IsWanted(column, viewer)) if viewer.is_authenticated else Q()


def listable_for(viewer: Asking) -> Q:
    """Match active people who have published, except those whose notes no list shows this viewer."""
    people = Q(has_published=True, is_active=True)
    if viewer.is_authenticated:
        people &= Q(IsWantedAmong("pk", viewer))
    return people if _sees_all(viewer) else people & Q(NoBlockAmong("pk", viewer))


def followed_by(viewer: Asking) -> Q:
    """Match people the viewer follows whose notes their lists may show."""
    return listable_for(viewer) & Q(followers__follower=viewer.pk)


def _sees_all(viewer: Asking) -> bool:
    """Return whether blocks do not apply to the viewer: visitors and staff."""
    return not viewer.is_authenticated or viewer.is_staff
