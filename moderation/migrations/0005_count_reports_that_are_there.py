from typing import Any

from django.db import migrations, transaction

REPORTED = "SELECT DISTINCT note_id FROM moderation_report WHERE note_id IS NOT NULL AND closed_at IS NULL ORDER BY 1"
HOLD = "SELECT FROM notes_note WHERE id = %s FOR NO KEY UPDATE"
COUNT = """
UPDATE notes_note SET open_report_count = (
    SELECT count(*) FROM moderation_report WHERE note_id = notes_note.id AND closed_at IS NULL
)
WHERE id = %s
"""


def count_reports(apps: Any, schema_editor: Any) -> None:
    """Count the open reports of each note that has one, under the lock that the triggers take, in a statement that
    starts after it is held.
    """
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(REPORTED)
        for (note,) in cursor.fetchall():
            with transaction.atomic(using=schema_editor.connection.alias):
                cursor.execute(HOLD, [note])
                cursor.execute(COUNT, [note])


class Migration(migrations.Migration):
    """Count the open reports that were there before the triggers, a note at a time; done twice, it changes nothing."""

    atomic = False
    dependencies = [("moderation", "0004_count_open_reports")]
    operations = [migrations.RunPython(count_reports, migrations.RunPython.noop)]
