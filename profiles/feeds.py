"""Every list of people that has a name, a page at a time, for its viewer; and what a profile says in numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Model, Prefetch, Q, QuerySet, Sum, Value

from notes.models import Note
from profiles.models import Block, Follow, FollowRequest, Label, Mute, Positioning, User
from redbook.pages import PAGE_SIZE, Page, keyset

HOLDERS = 12
_BONDS: list[tuple[type[Model], str, str, str]] = [
    (Follow, "follower", "followed", "follows"),
    (FollowRequest, "follower", "followed", "asks"),
    (Mute, "muter", "muted", "mutes"),
]


def followers(viewer: Any, person: User, after: str = "") -> Page[User]:
    """Those who follow the person, latest first."""
    return _people(viewer, Follow.objects.filter(followed=person), "follower", after)


def following(viewer: Any, person: User, after: str = "") -> Page[User]:
    """Those whom the person follows, latest first."""
    return _people(viewer, Follow.objects.filter(follower=person), "followed", after)


def holders(viewer: Any, label: Label, after: str = "") -> Page[User]:
    """Those who declare the label now, latest first."""
    return _people(viewer, Positioning.objects.shown().filter(label=label), "person", after, HOLDERS)


def asking(viewer: User, after: str = "") -> Page[User]:
    """Those who ask to follow the viewer, latest first."""
    return _people(viewer, FollowRequest.objects.filter(followed=viewer), "follower", after)


def asking_count(person: User) -> int:
    """How many ask to follow the person, up to a hundred."""
    seen = User.objects.visible_to(person)
    return FollowRequest.objects.filter(followed=person, follower__in=seen)[:100].count()


def public_count(person: User) -> int:
    """The person's public notes: what keeping to followers would change for others."""
    published = Note.objects.filter(author=person).exclude(status=Note.Status.DRAFT)
    return published.filter(visibility=Note.Visibility.PUBLIC).count()


def blocked(viewer: User, after: str = "") -> Page[User]:
    """Those whom the viewer has blocked, latest first."""
    return _own(Block.objects.filter(blocker=viewer), "blocked", after)


def muted(viewer: User, after: str = "") -> Page[User]:
    """Those whom the viewer has muted and may see, latest first."""
    return _own(Mute.objects.filter(muter=viewer, muted__in=User.objects.visible_to(viewer)), "muted", after)


def with_follows(viewer: Any, people: Iterable[User]) -> None:
    """Marks the people whom the viewer follows, has asked to, or mutes, in one query; the viewer has nothing to
    follow.
    """
    bonds: set[tuple[int, str]] = set()
    if viewer.is_authenticated:
        follows, *others = (
            rows._default_manager.filter(**{one: viewer, f"{other}__in": people}).values_list(
                f"{other}_id", Value(bond)
            )
            for rows, one, other, bond in _BONDS
        )
        bonds = set(follows.union(*others, all=True))
    for person in people:
        person.followed = (person.pk, "follows") in bonds if person.pk != viewer.pk else None
        person.asked, person.muted = (person.pk, "asks") in bonds, (person.pk, "mutes") in bonds


@dataclass(frozen=True, slots=True)
class Record:
    """What a person declared, newest first, each with `note_count`; their public notes; likes and saves of all."""

    declared: list[Positioning]
    note_count: int
    appreciation: int


def record(person: User) -> Record:
    """In two queries. Labels that a moderator hid are among `declared`."""
    notes = {
        row["positioning"]: row
        for row in Note.objects.live()
        .filter(author=person)
        .values("positioning")
        .annotate(
            public=Count("pk", filter=Q(visibility="public")),
            liked=Sum("like_count"),
            kept=Sum("collect_count"),
        )
    }
    rows = Positioning.objects.filter(person=person).order_by("-declared_at", "-pk").select_related("label")
    declared = list(rows.fetch_mode(settings.LAZY_FETCH_MODE))
    for positioning in declared:
        positioning.note_count = notes[positioning.pk]["public"] if positioning.pk in notes else 0
    return Record(
        declared,
        note_count=sum(row["public"] for row in notes.values()),
        appreciation=sum(row["liked"] + row["kept"] for row in notes.values()),
    )


def _own(rows: QuerySet[Any], end: str, after: str) -> Page[User]:
    """The people at one end of the viewer's own rows, those who are not there left out."""
    rows = rows.filter(**{f"{end}__is_active": True}).select_related(end)
    page = keyset(rows.fetch_mode(settings.LAZY_FETCH_MODE), "pk", after)
    return Page([getattr(row, end) for row in page.rows], page.after)


def _people(viewer: Any, rows: QuerySet[Any], end: str, after: str, size: int = PAGE_SIZE) -> Page[User]:
    """The people at one end of the rows, with label and follow state, in the order of the rows."""
    visible = User.objects.visible_to(viewer).fetch_mode(settings.LAZY_FETCH_MODE)
    rows = rows.filter(**{f"{end}__in": visible}).prefetch_related(Prefetch(end, visible.with_label()))
    page = keyset(rows, "pk", after, size)
    people = [getattr(row, end) for row in page.rows]
    with_follows(viewer, people)
    return Page(people, page.after)
