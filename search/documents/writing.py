"""Write the words of notes that are due, and their documents once more."""

import time
from collections.abc import Collection

from django.db import connection, transaction

from notes.models import Note
from search.documents.renames import mark_renamed
from search.documents.terms import add_terms
from search.documents.words import cuts_of, vectors
from search.models import VERSION, NoteWords

AT_ONCE = 20  # notes, which are locked meanwhile


def write_due(*, seconds: float) -> bool:
    """Write words for so many seconds, those of changed notes first. Return whether more are due. Idempotent."""
    until = time.monotonic() + seconds
    mark_renamed()
    while _write_some():
        if time.monotonic() >= until:
            return True
    return False


@transaction.atomic
def _write_some() -> bool:
    """Write the words of the next notes that are due. Return whether there were any."""
    due = NoteWords.objects.filter(version__lt=VERSION).order_by("version", "-note")
    notes = Note.objects.filter(pk__in=list(due.values_list("pk", flat=True)[:AT_ONCE])).lock()
    if notes:
        write(notes=notes)
    return bool(notes)


def write(*, notes: Collection[int]) -> None:
    """Write documents and words of notes, which are locked."""
    cuts = cuts_of(notes)
    words = vectors(cuts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_write(%s)", [list(notes)])
        cursor.execute("SELECT search_due(%s)", [list(notes)])
        cursor.execute(_WRITE, {"notes": list(words), "words": list(words.values()), "version": VERSION})
    add_terms(cuts=cuts)


_WRITE = """
UPDATE search_notewords AS known SET words = now.words::tsvector, version = %(version)s
FROM unnest(%(notes)s::bigint[], %(words)s::text[]) AS now (note, words) WHERE known.note_id = now.note
"""
