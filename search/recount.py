"""Check documents and words of notes: find each that is not as it would be written now, and how to correct it."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import batched

from django.db import connection, transaction

from notes.models import Note
from notes.recount import Wrong
from search.documents.words import cuts_of, vectors
from search.documents.writing import write
from search.models import VERSION

AT_ONCE = 500


def wrong_documents() -> Iterator[Wrong]:
    """Yield notes whose document or words are missing, differ or should not be there, unless they are due anyway."""
    keys = Note.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=AT_ONCE)
    for notes in batched(keys, AT_ONCE, strict=False):
        words = vectors(cuts_of(notes))
        for note, what in [*_rows(_DOCUMENTS, notes), *_rows(_WORDS, list(words), list(words.values()))]:
            yield f"note {note}: {what}", partial(_write, note)


def _rows(sql: str, notes: Sequence[int], *values: list[str]) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(notes), *values, VERSION])
        return cursor.fetchall()


@transaction.atomic
def _write(note: int) -> None:
    if Note.objects.filter(pk=note).lock():
        write(notes=[note])


_DOCUMENTS = """
SELECT note, CASE
    WHEN document.note_id IS NULL THEN 'it has no document'
    WHEN now.note_id IS NULL THEN 'it has a document, but is not published'
    ELSE 'its document differs' END
FROM (SELECT %s::bigint[] AS notes) AS asked CROSS JOIN LATERAL unnest(notes) AS note
LEFT JOIN search_document AS document ON document.note_id = note
LEFT JOIN search_read(notes) AS now ON now.note_id = note
WHERE (
    document.author_id, document.published_at, document.visibility, document.hidden_at, document.lexemes
) IS DISTINCT FROM (
    now.author_id, now.published_at, now.visibility, now.hidden_at,
    array_to_tsvector(now.lexemes || search_windows(document.number))
)
    AND NOT EXISTS (SELECT FROM search_notewords AS due WHERE due.note_id = note AND version < %s)
ORDER BY note
"""
_WORDS = """
SELECT note, CASE WHEN known.note_id IS NULL THEN 'it has no words' ELSE 'its words differ' END
FROM unnest(%s::bigint[], %s::text[]) AS now (note, words) JOIN notes_note ON notes_note.id = note
LEFT JOIN search_notewords AS known ON known.note_id = note
WHERE known.note_id IS NULL OR known.version = %s AND (known.words, known.title, known.level) IS DISTINCT FROM (
    now.words::tsvector, lower(notes_note.title), search_level(like_count, collect_count)
)
ORDER BY note
"""
