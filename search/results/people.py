"""People by handle and name."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet, Value

from core.db.keyset import PAGE_SIZE, Page
from core.db.prepared_queries import IsAmong, compiled
from people.feeds import with_follows
from profiles.models import User, Viewer
from profiles.models.relations import Follows, is_wanted_by
from search.models.name import Name
from search.names.candidates import FEW, MOST, Candidate, Row, columns, cut, level_of, named, row, values
from search.names.near import distance_to, near_names
from search.names.typed import Closeness, Conditions, closeness, conditions, handle_conditions, sign_of


def found(viewer: Viewer, words: str, after: str = "", size: int = PAGE_SIZE) -> Page[User]:
    """Return people whose name or handle has the words, or whose handle begins with what follows an @: those of the
    same name first, then those that begin so, each with people the viewer follows and the most followed first.
    """
    return page(viewer, words, rows(viewer, words, MOST if size == PAGE_SIZE else FEW), after, size)


def rows(viewer: Viewer, words: str, most: int) -> list[Row]:
    """Return the people that the words may mean, in no order."""
    sign, typed = sign_of(words)
    wanted = None if sign == "#" else handle_conditions(typed) if sign else conditions(typed)
    return [row(*each) for each in _people(viewer=viewer, most=most, **values(wanted))] if wanted else []


def page(viewer: Viewer, words: str, rows: Sequence[Row], after: str, size: int) -> Page[User]:
    """Return a page of the people among these rows, which are in no order."""
    chosen, further = cut(_ranked(words, rows), after, size)
    return Page(_shown(viewer, chosen), further)


def near(viewer: Viewer, words: str, size: int) -> list[User]:
    """Return people whose name or handle is near the words, the nearest first."""
    wanted = near_names(words) if sign_of(words)[0] != "#" else None
    if wanted is None:
        return []
    found = [row(*each) for each in _people(viewer=viewer, most=FEW, **values(wanted))]
    found.sort(key=lambda each: (distance_to(words, *each.words[:2]), not each.is_own, -each.used, each.pk))
    return _shown(viewer, found[:size])


def _shown(viewer: Viewer, chosen: Sequence[Row]) -> list[User]:
    """Return the people of these rows, as lists show them."""
    if not chosen:
        return []
    visible = User.objects.visible_to(viewer).with_label().fetch_mode(settings.LAZY_FETCH_MODE)
    people = visible.in_bulk([each.pk for each in chosen])
    shown = [people[each.pk] for each in chosen if each.pk in people]
    with_follows(viewer, shown)
    return shown


def first(words: str, rows: Sequence[Row], size: int) -> list[User]:
    """Return the first people among these rows, with handle, name and picture alone."""
    chosen, _further = cut(_ranked(words, rows), "", size)
    return [
        User(pk=pk, handle=handle, name=name, avatar_token=token)
        for _, pk, (handle, name, token), *_ in chosen
    ]


def query(viewer: Any, wanted: Conditions, most: Any) -> QuerySet[User, Any]:
    is_person = viewer.is_authenticated
    pks = named(Name.Kind.PERSON, wanted, most, followed_by=viewer.pk if is_person else None)
    people = (
        User.objects.visible_to(viewer).confirmed().filter(IsAmong("pk", pks), is_wanted_by(viewer, "pk"))
    )
    own = Follows("pk", viewer) if is_person else Value(False)
    return columns(people, Name.Kind.PERSON, ("handle", "name", "avatar_token"), F("follower_count"), own)


def _ranked(words: str, rows: Sequence[Row]) -> list[Candidate[Row]]:
    sign, typed = sign_of(words)
    return [
        Candidate(each, each.pk, _closeness(sign, typed, *each.words[:2]), level_of(each.used), each.is_own)
        for each in rows
    ]


def _closeness(sign: str, typed: str, handle: str, name: str) -> Closeness:
    return closeness(typed, handle) if sign else closeness(typed, name, handle)


@compiled
def _people(*, viewer: Any, same: Any, begun: Any, held: Any, most: Any) -> QuerySet[User, Any]:
    return query(viewer, Conditions(same, begun, held), most)
