"""What the page of notifications shows: groups, a page at a time, each as it was when its first page was read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from core.db import keyset
from core.db.prepared_queries import IsAmong, compiled
from notes.models import Note
from notifications.models import OPTIONAL, Inbox, Kind, MutedNote, Notification
from notifications.rule import COUNTED
from profiles.models import User, Viewer
from profiles.models.relations import Follows, HasAsked

WEEK = timedelta(days=7)


class Span(StrEnum):
    TODAY = "today"
    WEEK = "week"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class Item:
    """One row: its newest notification, how many other people are in it, whether any of it is unread, and the day on
    which it is shown.
    """

    told: Notification
    others: int
    is_unread: bool
    today: date

    @property
    def others_shown(self) -> str:
        return f"{self.others}" if self.others < COUNTED else f"{COUNTED - 1}+"

    @property
    def total(self) -> int:
        return self.others + 1

    @property
    def total_shown(self) -> str:
        return f"{self.total}" if self.total < COUNTED else f"{COUNTED - 1}+"


@dataclass(frozen=True, slots=True)
class Page:
    """Items by span of time; `after` is the cursor of the next page, "" on the last. `newest` is the number up to which
    notifications are read once this page was seen.
    """

    spans: list[tuple[Span, list[Item]]]
    after: str
    newest: int


class _Cursor(NamedTuple):
    """Where a page goes on: after the group that was shown by the notification `last`, among those up to `newest`.

    Later pages leave out what came in since the first was read. So a group that grew neither moves up past the page
    that should show it, nor comes twice. Neither number tells of what the viewer may not see.
    """

    newest: int | None = None
    last: int | None = None

    @classmethod
    def read(cls, text: str) -> "_Cursor":
        """Return the cursor that this text is; the top for any other text."""
        parts = text.split("-")
        if len(parts) != 2 or not all(
            part.isascii() and part.isdecimal() and len(part) < 19 for part in parts
        ):
            return cls()
        return cls(*map(int, parts))

    def __str__(self) -> str:
        return f"{self.newest}-{self.last}"


_PAGE = "SELECT * FROM page_of_notifications_2(%(viewer)s, %(size)s, %(newest)s, %(last)s)"
# What a row shows of a notification (rows.py).
SHOWN = (
    *(
        "kind",
        "number",
        "created_at",
        "actor__handle",
        "actor__name",
        "actor__avatar_token",
        "actor__approves_followers",
    ),
    *(
        "note__title",
        "note__text_tone",
        "note__status",
        "note__hidden_at",
        "note__hidden_reason",
        "note__is_held",
    ),
    *("comment__note_id", "comment__body"),
    *("note__cover__state", "note__cover__token", "note__cover__tone"),
    *("note__cover__roles", "note__cover__width", "note__cover__height"),
    *("label__wording", "label__hidden_reason"),
)


class _Group(NamedTuple):
    """A group as of a cursor: the newest notification that the viewer may see, and how many they may see; the newest
    number of all, and up to which number theirs are read.
    """

    shown: int
    number: int
    newest: int
    read: int


def page(viewer: User, after: str = "", size: int = keyset.PAGE_SIZE) -> Page:
    """Return the viewer's notifications after the cursor, newest first. An unreadable cursor starts at the top."""
    groups = _groups(viewer, _Cursor.read(after), size + 1)
    newest, shown = groups[0].newest if groups else 0, groups[:size]
    items = _items(viewer, {group.shown: group for group in shown})
    more = str(_Cursor(newest, shown[-1].shown)) if len(groups) > size else ""
    spans = [
        (span, list(some)) for span, some in groupby(items, key=lambda item: _span(item.told, item.today))
    ]
    return Page(spans, more, newest)


def _groups(viewer: User, cursor: _Cursor, size: int) -> list[_Group]:
    with connection.cursor() as database:
        database.execute(_PAGE, {"viewer": viewer.pk, "size": size, **cursor._asdict()})
        return [_Group(*row) for row in database.fetchall()]


def _items(viewer: User, shown: dict[int, _Group]) -> Iterable[Item]:
    """Yield the items of the groups that are shown by these notifications, newest first."""
    today = timezone.localdate()
    for told in _told(viewer=viewer, among=list(shown)):
        if told.kind == Kind.FOLLOW and told.actor:
            told.actor.followed, told.actor.asked, told.actor.follows_viewer = told.followed, told.asked, True
        group = shown[told.pk]
        yield Item(told, group.number - 1, told.pk > group.read, today)


@compiled
def _told(*, viewer: Viewer, among: Any) -> QuerySet[Notification]:
    """Return notifications with all that the page shows of them."""
    rows = Notification.objects.filter(IsAmong("pk", among)).order_by("-pk").only(*SHOWN)
    rows = rows.select_related("actor", "note__cover", "comment", "label")
    rows = rows.annotate(followed=Follows("actor", viewer), asked=HasAsked("actor", viewer))
    return rows.fetch_mode(settings.LAZY_FETCH_MODE)


def _span(told: Notification, today: date) -> Span:
    """Return when it was told, by the days of the current time zone."""
    day = timezone.localdate(told.created_at)
    if day >= today:
        return Span.TODAY
    return Span.WEEK if day > today - WEEK else Span.EARLIER


def kinds_told(person: User) -> list[str]:
    """Return the kinds of notifications that the person has not turned off, of those that can be."""
    off = Inbox.objects.filter(person=person).values_list("off", flat=True).first() or []
    return [kind for kind in OPTIONAL if kind not in off]


def is_muted(person: User, note: Note) -> bool:
    return MutedNote.objects.filter(person=person, note=note).exists()


def muted_notes(person: User, after: str = "") -> keyset.Page[MutedNote]:
    """Return notes that the person has muted and may open, latest first."""
    seen = Note.objects.meant_for(person).filter(pk=OuterRef("note"))
    mine = MutedNote.objects.filter(Exists(seen), person=person).select_related("note")
    return keyset.keyset(mine.fetch_mode(settings.LAZY_FETCH_MODE), "pk", after)
