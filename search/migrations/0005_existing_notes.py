from typing import Any

from django.db import migrations

AT_ONCE = 5000


def mark_notes(apps: Any, schema_editor: Any) -> None:
    """Mark the notes that are there as due, some at a time. Done twice, it changes nothing."""
    last: int | None = 0
    with schema_editor.connection.cursor() as cursor:
        while last is not None:
            cursor.execute(MARK, [last, AT_ONCE])
            (last,) = cursor.fetchone()


MARK = """
WITH chosen AS MATERIALIZED (
    SELECT id FROM notes_note WHERE id > %s AND status = 'published' ORDER BY id LIMIT %s
), marked AS (
    INSERT INTO search_notewords (note_id, version) SELECT id, 0 FROM chosen ON CONFLICT DO NOTHING
)
SELECT max(id) FROM chosen
"""


class Migration(migrations.Migration):
    """Have the job write the documents of the notes that were there before. Until then they are not found."""

    atomic = False
    dependencies = [("search", "0004_terms_and_renames")]
    operations = [migrations.RunPython(mark_notes, migrations.RunPython.noop)]
