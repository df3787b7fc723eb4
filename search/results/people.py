"""People by handle and name."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Value

from core.db.keyset import PAGE_SIZE, Page
from core.db.prepared_queries import IsAmong, compiled
from people.feeds import with_follows
from profiles.models import User, Viewer
from profiles.models.relations import Follows, is_wanted_by
from search.models.name import Name
from search.names.candidates import FEW, MOST, Candidate, cut, level_of, named, values
from search.names.typed import Conditions, closeness, conditions, handle_conditions, sign_of

type _Person = tuple[int, str, str, str]  # id, handle, name and token of the picture


def found(viewer: Viewer, words: str, after: str = "", size: int = PAGE_SIZE) -> Page[User]:
    """Return people whose name or handle has the words, or whose handle begins with what follows an @: those of the
    same name first, then those that begin so, each with people the viewer follows and the most followed first.
    """
    chosen, further = cut(_candidates(viewer, words, MOST if size == PAGE_SIZE else FEW), after, size)
    if not chosen:
        return Page([], "")
    visible = User.objects.visible_to(viewer).with_label().fetch_mode(settings.LAZY_FETCH_MODE)
    people = visible.in_bulk([pk for pk, *_ in chosen])
    rows = [people[pk] for pk, *_ in chosen if pk in people]
    with_follows(viewer, rows)
    return Page(rows, further)


def first(viewer: Viewer, words: str, size: int) -> list[User]:
    """Return the first of these people, with handle, name and picture alone."""
    chosen, _further = cut(_candidates(viewer, words, FEW), "", size)
    return [User(pk=pk, handle=handle, name=name, avatar_token=token) for pk, handle, name, token in chosen]


def _candidates(viewer: Viewer, words: str, most: int) -> list[Candidate[_Person]]:
    """Return the people that the words may mean, in no order."""
    sign, typed = sign_of(words)
    wanted = None if sign == "#" else handle_conditions(typed) if sign else conditions(typed)
    if wanted is None:
        return []
    return [
        Candidate(
            (pk, handle, name, token),
            pk,
            closeness(typed, handle) if sign else closeness(typed, name, handle),
            level_of(followers),
            is_own,
        )
        for pk, handle, name, token, followers, is_own in _people(viewer=viewer, most=most, **values(wanted))
    ]


@compiled
def _people(*, viewer: Any, same: Any, begun: Any, held: Any, most: Any) -> QuerySet[User, Any]:
    wanted = Conditions(same, begun, held)
    is_person = viewer.is_authenticated
    pks = named(Name.Kind.PERSON, wanted, most, followed_by=viewer.pk if is_person else None)
    people = (
        User.objects.visible_to(viewer).confirmed().filter(IsAmong("pk", pks), is_wanted_by(viewer, "pk"))
    )
    own = Follows("pk", viewer) if is_person else Value(False)
    return people.annotate(is_own=own).values_list(
        "pk", "handle", "name", "avatar_token", "follower_count", "is_own"
    )
