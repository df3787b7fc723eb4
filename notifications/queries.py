"""What the page of notifications shows: groups, a page at a time, each as it was when its first page was read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Exists, F, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.utils import timezone

from core.db import keyset
from notes.models import Note
from notifications.models import OPTIONAL, Inbox, Kind, MutedNote, Notification, NotificationGroup, read_up_to
from profiles.models import User
from profiles.models.relations import Follows, HasAsked

COUNTED = 100  # people of a group who are counted: more than 99 others are "99+"
WEEK = timedelta(days=7)
_END = 2**63 - 1


class Span(StrEnum):
    TODAY = "today"
    WEEK = "week"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class Item:
    """One row: its newest notification, how many other people are in it, and whether any of it is unread."""

    told: Notification
    others: int
    is_unread: bool

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
    """Where a page goes on: after the group whose newest notification was `place`, among notifications up to `newest`.

    Later pages leave out what came in since the first was read. So a group that grew neither moves up past the page
    that should show it, nor comes twice.
    """

    newest: int = _END
    place: int = _END

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
        return f"{self.newest}-{self.place}"


class _Count(Subquery):
    """The number of rows of a subquery."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def page(viewer: User, after: str = "", size: int = keyset.PAGE_SIZE) -> Page:
    """Return the viewer's notifications after the cursor, newest first. An unreadable cursor starts at the top."""
    cursor = _Cursor.read(after)
    groups = list(_groups(viewer, cursor, size + 1))
    newest = cursor.newest
    if newest == _END:
        newest = groups[0]["top"] if groups else 0
    shown = groups[:size]
    items = _items(viewer, {group["shown"] for group in shown}, newest)
    more = str(_Cursor(newest, shown[-1]["place"])) if len(groups) > size else ""
    spans = [
        (span, list(some)) for span, some in groupby(items, key=lambda item: _span(item.told.created_at))
    ]
    return Page(spans, more, newest)


def _groups(viewer: User, cursor: _Cursor, number: int) -> Iterable[dict[str, Any]]:
    """Return groups after the cursor that show the viewer anything: `shown` is their newest notification that does,
    `place` the newest of all, both as of the cursor; `top` the newest of the viewer's at the moment.

    Those that grew since the first page was read are found apart: they are few, as a group grows on its day only.
    """
    of_group = Notification.objects.filter(group=OuterRef("pk"), pk__lte=cursor.newest).order_by("-pk")
    told = of_group.visible_to(viewer)
    mine = NotificationGroup.objects.filter(person=viewer)
    top = mine.order_by().values("person").annotate(top=Max("newest")).values("top")

    def seen(groups: QuerySet[NotificationGroup], place: Any) -> QuerySet[Any, dict[str, Any]]:
        groups = groups.annotate(place=place, shown=Subquery(told.values("pk")[:1]), top=Subquery(top))
        rows = groups.filter(place__lt=cursor.place, shown__isnull=False).order_by("-place")
        return rows.values("place", "shown", "top")[:number]

    still = seen(mine.filter(newest__lte=cursor.newest), F("newest"))
    if cursor.newest == _END:
        return still
    grown = seen(mine.filter(newest__gt=cursor.newest), Subquery(of_group.values("pk")[:1]))
    return still.union(grown, all=True).order_by("-place")[:number]


def _items(viewer: User, shown: set[int], newest: int) -> Iterable[Item]:
    """Yield the items of these notifications, newest first, with all that the page shows of them."""
    together = Notification.objects.visible_to(viewer).filter(group=OuterRef("group"), pk__lte=newest)
    rows = Notification.objects.filter(pk__in=shown).select_related(
        "actor", "note__cover", "comment", "label"
    )
    rows = rows.annotate(
        number=_Count(together.values("pk")[: COUNTED + 1]),
        is_unread=F("pk") - read_up_to(viewer),
        followed=Follows("actor", viewer),
        asked=HasAsked("actor", viewer),
    )
    for row in rows.order_by("-pk").fetch_mode(settings.LAZY_FETCH_MODE):
        if row.kind == Kind.FOLLOW:
            row.actor.followed, row.actor.asked, row.actor.follows_viewer = row.followed, row.asked, True
        yield Item(row, row.number - 1, row.is_unread > 0)


def _span(moment: datetime) -> Span:
    """Return when it was, by the days of the site's time zone."""
    today, day = timezone.localdate(), timezone.localdate(moment)
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
