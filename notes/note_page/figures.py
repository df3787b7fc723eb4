"""Figures that the author of a note sees on its page."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from core.zones import site_day
from notes.explore import ranking
from notes.models import Note

_FIGURES = """
SELECT coalesce(sum(shown), 0), coalesce(sum(new_readers), 0), coalesce(sum(ever_engaged), 0),
    coalesce(sum(visits), 0), (SELECT since FROM notes_measured WHERE kind = 'shown')
FROM notes_noteday WHERE note_id = %s
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Totals over all days: impressions, readers, engaged readers, and visits. `shown_since` is the first day
    impressions were recorded, if the note is older; else None.

    `first_readers` is how many of its first hundred readers a public note has while it can take a reserved slot for new
    notes; else None.
    """

    shown: int
    readers: int
    answered: int
    visits: int
    shown_since: date | None
    first_readers: int | None


def figures_of(note: Note) -> Figures | None:
    """Return the figures of a note; None if it was never published."""
    if note.published_at is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, [note.pk])
        shown, readers, answered, visits, since = cursor.fetchone()
    is_older = since is not None and site_day(note.published_at) < since
    return Figures(
        shown, readers, answered, visits, since if is_older else None, _first_readers(note, readers)
    )


def _first_readers(note: Note, readers: int) -> int | None:
    ends = timezone.now() - timedelta(hours=ranking.NEW_HOURS)
    is_public = note.is_live and note.visibility == Note.Visibility.PUBLIC
    is_new = is_public and note.published_at is not None and note.published_at >= ends
    return readers if is_new and readers < ranking.FIRST_READERS else None
