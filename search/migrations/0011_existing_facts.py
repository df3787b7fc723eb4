from typing import Any

from django.db import migrations, transaction

AT_ONCE = 200


def fill(apps: Any, schema_editor: Any) -> None:
    """Fill documents and words that are there, some at a time. Done twice, it changes nothing."""
    after = 0
    while notes := _fill_some(schema_editor.connection, after):
        after = notes[-1]


def _fill_some(connection: Any, after: int) -> list[int]:
    """Fill the next documents. Their notes are held, so that none changes after it was read."""
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        cursor.execute(_HELD, [after, AT_ONCE])
        notes = [note for (note,) in cursor.fetchall()]
        cursor.execute(_FILL, [notes])
    return notes


_HELD = """
SELECT id FROM notes_note WHERE id > %s AND status = 'published' ORDER BY id LIMIT %s FOR NO KEY UPDATE
"""
_FILL = "SELECT search_mirror(note) FROM notes_note AS note WHERE id = ANY (%s)"


class Migration(migrations.Migration):
    """Fill the documents that were there before. Until then only their authors find them."""

    atomic = False
    dependencies = [("search", "0010_facts")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
