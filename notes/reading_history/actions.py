"""Write, clear and switch off people's reading histories. What authors' figures count is elsewhere, in NoteReader."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import batched

from django.db import connection, transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from notes.models import HistoryEntry, Note, ReadingHistory
from notes.readers.events import Opened
from profiles.models import User

KEPT_DAYS = 180
ENTRIES_MAX = 1000  # of one person; the night deletes the oldest beyond them
REMOVED_FOR = timedelta(hours=1)  # longer than an opening waits to be written
_ROWS_AT_ONCE = 5000

# An entry that was removed comes back only if the note was opened after that.
_ENTRIES = """
INSERT INTO notes_historyentry AS entry (note_id, person_id, opened_at)
SELECT opened.note, opened.person, max(opened.at)
FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS opened (note, person, at)
LEFT JOIN notes_readinghistory AS history ON history.person_id = opened.person
WHERE (history.is_kept IS NOT FALSE)
    AND opened.at > coalesce(greatest(history.cleared_at, history.kept_since), '-infinity')
GROUP BY opened.note, opened.person
ORDER BY opened.note, opened.person
ON CONFLICT (note_id, person_id) DO UPDATE SET
    opened_at = greatest(entry.opened_at, excluded.opened_at),
    removed_at = CASE WHEN excluded.opened_at <= entry.removed_at THEN entry.removed_at END
"""


@transaction.atomic
def record_entries(*, opened: Sequence[Opened]) -> None:
    """Note in people's histories what they opened. Idempotent.

    Notes are locked as by everything that deletes them, so that an entry never waits for another row of its note. A
    clearing may commit meanwhile: `entries_of` leaves out what was opened before it.
    """
    notes = Note.objects.filter(pk__in={each.note for each in opened}).lock()
    readers = User.objects.filter(pk__in={each.person for each in opened}, is_active=True)
    people = set(readers.values_list("pk", flat=True))
    rows = [each for each in opened if each.note in notes and each.person in people]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_ENTRIES, [list(column) for column in zip(*rows, strict=True)])


def remove_entry(*, person: User, note: int) -> bool:
    """Remove a note from the person's history; return whether it was in it. Idempotent."""
    entries = HistoryEntry.objects.filter(person=person, note=note, removed_at=None)
    return bool(entries.update(removed_at=timezone.now()))


def restore_entry(*, person: User, note: int) -> None:
    """Undo `remove_entry`, until the night. Idempotent."""
    HistoryEntry.objects.filter(person=person, note=note).update(removed_at=None)


def clear(*, person: User) -> None:
    """Delete the person's whole history. What they opened before this moment cannot come back. Idempotent."""
    ReadingHistory.objects.update_or_create(person=person, defaults={"cleared_at": timezone.now()})
    _delete(HistoryEntry.objects.filter(person=person))


def keep_history(*, person: User, is_kept: bool) -> None:
    """Keep a history from now on, or no longer; what it holds stays. What was opened meanwhile stays out, however late
    it is written. Idempotent.
    """
    if is_kept:
        off = ReadingHistory.objects.filter(person=person, is_kept=False)
        off.update(is_kept=True, kept_since=timezone.now())
    else:
        ReadingHistory.objects.update_or_create(person=person, defaults={"is_kept": False})


def forget_old_entries() -> None:
    """Delete entries that were removed or cleared or are too old, and the oldest of people who have too many.
    Idempotent.
    """
    now = timezone.now()
    cleared = ReadingHistory.objects.filter(person=OuterRef("person")).values("cleared_at")
    _delete(
        HistoryEntry.objects.filter(
            Q(removed_at__lt=now - REMOVED_FOR)
            | Q(opened_at__lt=now - timedelta(days=KEPT_DAYS))
            | Q(opened_at__lte=Subquery(cleared))
        )
    )
    numbers = HistoryEntry.objects.values("person").annotate(number=Count("pk"))
    for person in list(numbers.filter(number__gt=ENTRIES_MAX).values_list("person", flat=True)):
        newest = HistoryEntry.objects.filter(person=person).order_by("-opened_at", "-pk")
        last = newest.values_list("opened_at", flat=True)[ENTRIES_MAX - 1]
        _delete(HistoryEntry.objects.filter(person=person, opened_at__lt=last))


def _delete(entries: QuerySet[HistoryEntry]) -> None:
    """Delete the entries, in steps. Each locks its rows in the order in which `record_entries` writes them."""
    for some in batched(entries.values_list("pk", flat=True).iterator(), _ROWS_AT_ONCE):
        with transaction.atomic():
            rows = HistoryEntry.objects.filter(pk__in=some).order_by("note", "person").select_for_update()
            HistoryEntry.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()
