"""The notes that a person opened, by day, as they see them now."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from core.db.keyset import keyset
from notes.models import HistoryEntry, Note, ReadingHistory
from profiles.models import User


@dataclass(frozen=True)
class Entry:
    note: Note
    opened_at: datetime


@dataclass(frozen=True)
class History:
    """A page of a reading history: days with their entries, newest first, and the cursor of the next page.

    `is_kept`: whether openings are being added.
    """

    days: list[tuple[date, list[Entry]]]
    after: str
    is_kept: bool


def history(person: User, after: str = "") -> History:
    """Return what the person opened and may still open. Nothing is said of the rest, not even how many there are."""
    entries = entries_of(person).filter(note__in=Note.objects.live().meant_for(person))
    page = keyset(entries, "opened_at", after)
    notes = Note.objects.live().meant_for(person).for_cards().in_bulk([entry.note_id for entry in page.rows])
    found = [Entry(notes[entry.note_id], entry.opened_at) for entry in page.rows if entry.note_id in notes]
    days = [(day, list(some)) for day, some in groupby(found, lambda entry: _day(entry.opened_at))]
    return History(days, page.after, keeps_history(person))


def keeps_history(person: User) -> bool:
    return not ReadingHistory.objects.filter(person=person, is_kept=False).exists()


def entries_of(person: User) -> QuerySet[HistoryEntry]:
    """Return the entries that were neither removed nor cleared, whatever the person may see of their notes."""
    cleared = ReadingHistory.objects.filter(person=OuterRef("person"), cleared_at__gte=OuterRef("opened_at"))
    return HistoryEntry.objects.filter(~Exists(cleared), person=person, removed_at=None)


def _day(at: datetime) -> date:
    """Return the day in the viewer's time zone, which is the current one while a page is made."""
    return timezone.localtime(at).date()
