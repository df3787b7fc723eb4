"""Named lists of people, a page at a time, for their viewer."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Prefetch, QuerySet

from core.db.keyset import Page, cut, keyset, top
from core.db.prepared_queries import compiled
from notes.models import Like, Note
from profiles.models import Block, Follow, FollowRequest, Label, Mute, Positioning, User, Viewer

HOLDERS = 12
FORMER = 24  # former labels that the editor offers


def person_called(viewer: Viewer, handle: str) -> User | None:
    """Return the person with this handle, in any case, with their campus, if the viewer may see them."""
    found = _person_called(viewer=viewer, handle=handle.lower())
    return found[0] if found else None


def person_formerly_called(viewer: Viewer, handle: str) -> User | None:
    """Return the person this former handle is reserved for, if the viewer may see them."""
    return User.objects.visible_to(viewer).formerly_called(handle).select_related("campus").first()


def followers(viewer: Viewer, person: User, after: str = "") -> Page[User]:
    """Return followers of the person, latest first."""
    return _people(viewer, Follow.objects.filter(followed=person), "follower", after)


def following(viewer: Viewer, person: User, after: str = "") -> Page[User]:
    """Return people the person follows, latest first."""
    return _people(viewer, Follow.objects.filter(follower=person), "followed", after)


def likers(viewer: Viewer, note: Note, after: str = "") -> tuple[Page[User], int]:
    """Return people who like the note, latest first, and how many more do: to its author all they may see, to
    others those they follow. The number is a fact of the note, so nobody can be told from it.
    """
    likes = Like.objects.filter(note=note)
    if note.author_id == viewer.pk:
        return _people(viewer, likes, "person", after), 0
    if not viewer.is_authenticated:
        return Page([], ""), note.like_count
    likes = likes.filter(person__followers__follower=viewer, person__in=User.objects.visible_to(viewer))
    return _people(viewer, likes, "person", after), max(0, note.like_count - likes.count())


def holders(viewer: Viewer, label: Label, after: str = "") -> Page[User]:
    """Return people who declare the label now: by their newest public note on its topics, then those without one,
    latest declaration first.
    """
    if after:
        page = keyset(_holding(viewer, label.pk), "newest_on_topic", after, HOLDERS)
    else:
        page = cut(_first_holders(viewer=viewer, label=label.pk), "newest_on_topic", HOLDERS)
    for positioning in page.rows:
        positioning.person.shown_positionings = [positioning]  # as `with_label` fetches it
    people = [positioning.person for positioning in page.rows]
    with_follows(viewer, people)
    return Page(people, page.after)


def asking(viewer: User, after: str = "") -> Page[User]:
    """Return people with a pending follow request to the viewer, latest first."""
    return _people(viewer, FollowRequest.objects.filter(followed=viewer), "follower", after)


def asking_count(person: User) -> int:
    """Return the number of pending follow requests, up to a hundred."""
    return len(_asking(viewer=person))


def former_labels(person: User) -> list[Positioning]:
    """Return the person's former labels that can be declared again, latest first, each label once."""
    retired = person.positionings.filter(retired_at__isnull=False, label__hidden_at__isnull=True)
    current = person.positionings.current().values("label")
    latest = retired.exclude(label__in=current).order_by("label", "-retired_at", "-pk").distinct("label")
    return list(
        Positioning.objects.filter(pk__in=latest.values("pk")).order_by("-retired_at", "-pk")[:FORMER]
    )


def public_count(person: User) -> int:
    """Return the number of the person's public notes."""
    return Note.objects.filter(author=person).published_publicly().count()


def blocked(viewer: User, after: str = "") -> Page[User]:
    """Return people the viewer has blocked, latest first."""
    return _own(Block.objects.filter(blocker=viewer), "blocked", after)


def muted(viewer: User, after: str = "") -> Page[User]:
    """Return people the viewer has muted and may see, latest first."""
    return _own(Mute.objects.filter(muter=viewer, muted__in=User.objects.visible_to(viewer)), "muted", after)


def with_follows(viewer: Viewer, people: Iterable[User]) -> None:
    """Mark people the viewer follows, has requested to follow, or mutes, and those who follow the viewer, in one
    query.
    """
    bonds: set[tuple[str, int]] = set()
    if viewer.is_authenticated:
        with connection.cursor() as cursor:
            cursor.execute(_BONDS, {"viewer": viewer.pk, "people": [person.pk for person in people]})
            bonds = set(cursor)
    for person in people:
        person.followed = ("follows", person.pk) in bonds if person.pk != viewer.pk else None
        person.asked, person.muted = ("asks", person.pk) in bonds, ("mutes", person.pk) in bonds
        person.follows_viewer = ("follows the viewer", person.pk) in bonds


_BONDS = """
SELECT 'follows', followed_id FROM profiles_follow WHERE follower_id = %(viewer)s AND followed_id = ANY (%(people)s)
UNION ALL
SELECT 'asks', followed_id FROM profiles_followrequest WHERE follower_id = %(viewer)s AND followed_id = ANY (%(people)s)
UNION ALL
SELECT 'mutes', muted_id FROM profiles_mute WHERE muter_id = %(viewer)s AND muted_id = ANY (%(people)s)
UNION ALL
SELECT 'follows the viewer', follower_id FROM profiles_follow
WHERE followed_id = %(viewer)s AND follower_id = ANY (%(people)s)
"""


def with_bond(viewer: Viewer, person: User) -> None:
    """Add `with_follows` of another person, and `followers_in_common`: the name of one person the viewer follows who
    follows them, and how many more, up to a hundred in all.

    Only for viewers who may see the list of followers: `shows_circle_to`.
    """
    if not viewer.is_authenticated:
        person.followed = False
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _BOND, {"viewer": viewer.pk, "person": person.pk, "is_open": not person.approves_followers}
        )
        person.followed, person.asked, person.muted, person.follows_viewer, number, name = cursor.fetchone()
    person.followers_in_common = (name, number - 1) if number else None


_BOND = """
SELECT
    EXISTS (SELECT FROM profiles_follow WHERE follower_id = %(viewer)s AND followed_id = %(person)s) AS followed,
    EXISTS (SELECT FROM profiles_followrequest WHERE follower_id = %(viewer)s AND followed_id = %(person)s),
    EXISTS (SELECT FROM profiles_mute WHERE muter_id = %(viewer)s AND muted_id = %(person)s),
    EXISTS (SELECT FROM profiles_follow WHERE follower_id = %(person)s AND followed_id = %(viewer)s),
    common.*
FROM (VALUES (1)) AS once
LEFT JOIN LATERAL (
    SELECT count(*) OVER (), friend.name
    FROM (
        SELECT follower_id FROM profiles_follow
        WHERE followed_id = %(person)s AND follower_id = ANY (ARRAY(
            SELECT followed_id FROM profiles_follow WHERE follower_id = %(viewer)s
            EXCEPT SELECT muted_id FROM profiles_mute WHERE muter_id = %(viewer)s
        ))
        ORDER BY follower_id LIMIT 100
    ) AS both_follow
    JOIN profiles_user AS friend ON friend.id = both_follow.follower_id
    WHERE friend.is_active AND (
        %(is_open)s
        OR EXISTS (SELECT FROM profiles_follow WHERE follower_id = %(viewer)s AND followed_id = %(person)s)
    )
    ORDER BY friend.id LIMIT 1
) AS common ON true
"""


def shows_circle_to(viewer: Viewer, person: User) -> bool:
    """Return whether the viewer may see the person's followers and following: for a person who approves followers,
    only followers may.
    """
    if not person.approves_followers or person.pk == viewer.pk:
        return True
    return viewer.is_authenticated and Follow.objects.filter(follower=viewer, followed=person).exists()


@compiled
def _person_called(*, viewer: Viewer, handle: str) -> QuerySet[User]:
    return User.objects.visible_to(viewer).by_lower_handle(handle).select_related("campus")


@compiled
def _asking(*, viewer: Viewer) -> QuerySet[Any]:
    seen = User.objects.visible_to(viewer)
    return FollowRequest.objects.filter(followed=viewer.pk, follower__in=seen).values_list("pk")[:100]


def _own(rows: QuerySet[Any], end: str, after: str) -> Page[User]:
    """Return the people at one end of the viewer's own rows, without inactive ones."""
    rows = rows.filter(**{f"{end}__is_active": True}).select_related(end)
    page = keyset(rows.fetch_mode(settings.LAZY_FETCH_MODE), "pk", after)
    return Page([getattr(row, end) for row in page.rows], page.after)


@compiled
def _first_holders(*, viewer: Viewer, label: int) -> QuerySet[Positioning]:
    """Return the first page of holders."""
    return top(_holding(viewer, label), "newest_on_topic", HOLDERS)


def _holding(viewer: Viewer, label: int) -> QuerySet[Positioning]:
    """Return the positionings in force with the label, of people the viewer may see."""
    rows = Positioning.objects.shown().filter(label=label, person__in=User.objects.visible_to(viewer))
    return rows.select_related("person__campus").fetch_mode(settings.LAZY_FETCH_MODE)


def _people(viewer: Viewer, rows: QuerySet[Any], end: str, after: str) -> Page[User]:
    """Return the people at one end of the rows, with label and follow state, latest row first."""
    visible = User.objects.visible_to(viewer).fetch_mode(settings.LAZY_FETCH_MODE)
    rows = rows.filter(**{f"{end}__in": visible}).prefetch_related(Prefetch(end, visible.with_label()))
    page = keyset(rows, "pk", after)
    people = [getattr(row, end) for row in page.rows]
    with_follows(viewer, people)
    return Page(people, page.after)
