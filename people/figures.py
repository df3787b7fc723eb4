"""The figures of a profile."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum

from core.db.prepared_queries import compiled
from notes.models import Note
from profiles.models import Positioning, User


@dataclass(frozen=True, slots=True)
class ProfileFigures:
    """A person's positionings, newest first, each with `note_count`; their public notes, likes and saves in all. How
    many of their notes are in series: those for everyone, and those that followers may open.
    """

    declared: list[Positioning]
    note_count: int
    appreciation: int
    shows_chapters: bool
    in_series: int
    in_series_for_followers: int

    def has_series_for(self, person: User) -> bool:
        """Return whether the viewer may open a note in a series. Needs `followed` of another person."""
        if person.followed:
            return self.in_series_for_followers > 0
        return self.in_series > 0 and not person.approves_followers

    def thread(self, *, is_own: bool) -> list[Positioning]:
        """Return the chapters shown to the person or to others: none that a moderator hid; of a person who keeps
        earlier labels to themselves, others see the one in force alone.
        """
        shown = [said for said in self.declared if not said.label.hidden_at]
        return shown if is_own or self.shows_chapters else [said for said in shown if said.retired_at is None]


def profile_figures(person: User) -> ProfileFigures:
    """Return the figures of the person's profile, in two queries. Labels hidden by a moderator are included."""
    notes = {row["positioning"]: row for row in _answered(author=person.pk)}
    declared = _declared(person=person.pk)
    for positioning in declared:
        positioning.note_count = notes[positioning.pk]["public"] if positioning.pk in notes else 0
    return ProfileFigures(
        declared,
        note_count=sum(row["public"] for row in notes.values()),
        appreciation=sum(row["liked"] + row["kept"] for row in notes.values()),
        shows_chapters=person.shows_chapters,
        in_series=sum(row["in_series"] for row in notes.values()),
        in_series_for_followers=sum(row["for_followers"] for row in notes.values()),
    )


@compiled
def _declared(*, person: User) -> QuerySet[Positioning]:
    rows = Positioning.objects.filter(person=person).order_by("-declared_at", "-pk").select_related("label")
    return rows.fetch_mode(settings.LAZY_FETCH_MODE)


@compiled
def _answered(*, author: User) -> QuerySet[Any]:
    """Return public notes, likes and saves of an author by positioning."""
    notes = Note.objects.live().filter(author=author).values("positioning")
    is_public, in_series = Q(visibility="public"), Q(series__isnull=False, series__hidden_at__isnull=True)
    notes = notes.annotate(
        public=Count("pk", filter=is_public),
        in_series=Count("pk", filter=in_series & is_public),
        for_followers=Count("pk", filter=in_series & ~Q(visibility="private")),
    )
    return notes.annotate(liked=Sum("like_count"), kept=Sum("collect_count"))  # type: ignore[no-redef]  # rows of values
