from typing import Any

from django.db import migrations, transaction

NOTES_AT_ONCE = 100

# Notes are held before their readers, and readers in the order of everybody.
PAST = """
WITH held AS (
    SELECT reader.id, saved, commented
    FROM notes_notereader AS reader CROSS JOIN LATERAL answered(note_id, person_id)
    WHERE note_id = ANY (%s) AND engaged_day IS NOT NULL AND person_id IS NOT NULL
        AND (saved > ever_saved OR commented > ever_commented)
    ORDER BY note_id, person_id FOR NO KEY UPDATE OF reader
)
UPDATE notes_notereader AS reader
SET ever_saved = ever_saved OR saved, ever_commented = ever_commented OR commented
FROM held WHERE reader.id = held.id
"""


def bring_along(apps: Any, schema_editor: Any) -> None:
    """Remember of the readers which of the answers that stand are saves and comments, some notes at a time."""
    notes, last = apps.get_model("notes", "Note").objects, 0
    while True:
        with transaction.atomic(), schema_editor.connection.cursor() as cursor:
            some = notes.filter(pk__gt=last).order_by("pk").select_for_update(no_key=True)
            held = list(some.values_list("pk", flat=True)[:NOTES_AT_ONCE])
            if not held:
                return
            cursor.execute(PAST, [held])
            last = held[-1]


class Migration(migrations.Migration):
    """Brings what stood before 0026 along. Done twice, it changes nothing."""

    atomic = False
    dependencies = [("notes", "0026_saved_and_commented")]
    operations = [migrations.RunPython(bring_along, migrations.RunPython.noop)]
