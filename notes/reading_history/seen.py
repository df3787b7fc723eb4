"""Seen and not seen, as a filter of lists: by what the person's reading history holds.

What clears the history clears this too, and where the history is off, nothing more counts as seen. What is recorded of
readers for authors' figures is not asked.
"""

from dataclasses import dataclass

from django.db.models import Q

from notes.reading_history.actions import ENTRIES_MAX
from notes.reading_history.queries import entries_of
from profiles.models import Viewer

SEEN, UNSEEN = "yes", "no"  # as addresses have it


@dataclass(frozen=True, slots=True)
class SeenFilter:
    """Leave the notes that a person has opened; or else those that they have neither opened nor written."""

    is_seen: bool
    opened: frozenset[int]
    person: int

    def leaves(self, note: int, author: int) -> bool:
        return note in self.opened if self.is_seen else note not in self.opened and author != self.person

    @property
    def condition(self) -> Q:
        """The same of a note in the database."""
        opened = Q(pk__in=sorted(self.opened))
        return opened if self.is_seen else ~opened & ~Q(author=self.person)


def seen_filter(viewer: Viewer, chosen: str) -> SeenFilter | None:
    """Return the filter that a viewer chose by SEEN or UNSEEN. None for anything else, and for visitors."""
    if chosen not in {SEEN, UNSEEN} or not viewer.is_authenticated:
        return None
    newest = entries_of(viewer).order_by("-opened_at", "-pk").values_list("note", flat=True)[:ENTRIES_MAX]
    return SeenFilter(chosen == SEEN, frozenset(newest), viewer.pk)
