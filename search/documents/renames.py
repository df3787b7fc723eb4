"""Have the notes of renamed and hidden campuses and tags read again."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from search.models import Rename

AT_ONCE = 1000
SETTLED_AFTER = timedelta(minutes=1)  # longer than any request that read the former name takes


def mark_renamed() -> None:
    """Mark the words of notes as due whose campus or tag was renamed or hidden, some at a time. Idempotent."""
    settled = Rename.objects.filter(renamed_at__lt=timezone.now() - SETTLED_AFTER)
    for pk in settled.values_list("pk", flat=True):
        while _mark_some(pk):
            pass


@transaction.atomic
def _mark_some(pk: int) -> bool:
    """Mark the next notes of a renamed campus or tag; forget the rename after the last. Return whether more follow."""
    rename = Rename.objects.select_for_update().filter(pk=pk).first()
    if rename is None:
        return False
    sql = _OF_CAMPUS if rename.campus_id else _OF_TAG
    values = {"id": rename.campus_id or rename.tag_id, "after": rename.after, "most": AT_ONCE}
    with connection.cursor() as cursor:
        cursor.execute(_MARK.format(notes=sql), values)
        last = cursor.fetchone()[0]
    if last is None:
        rename.delete()
        return False
    rename.after = last
    rename.save(update_fields=["after"])
    return True


# A campus is among the lexemes of its notes.
_OF_CAMPUS = """
SELECT note_id FROM search_document WHERE lexemes @@ ('''/c:' || %(id)s || '''')::tsquery AND note_id > %(after)s
"""
_OF_TAG = """
SELECT content_object_id AS note_id FROM notes_taggednote WHERE tag_id = %(id)s AND content_object_id > %(after)s
"""
_MARK = """
WITH chosen AS MATERIALIZED ({notes} ORDER BY 1 LIMIT %(most)s), marked AS (
    UPDATE search_notewords SET version = 0 FROM chosen WHERE search_notewords.note_id = chosen.note_id
)
SELECT max(note_id) FROM chosen
"""
