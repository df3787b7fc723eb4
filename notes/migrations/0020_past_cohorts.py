from typing import Any

from django.db import migrations, transaction

NOTES_AT_ONCE = 100

# Notes are held before their readers, and readers in the order of everybody.
PAST = """
UPDATE notes_notereader AS reader SET ever_engaged = true
FROM (
    SELECT id FROM notes_notereader
    WHERE note_id = ANY (%s) AND engaged_day IS NOT NULL AND NOT ever_engaged
    ORDER BY note_id, person_id FOR NO KEY UPDATE
) AS held
WHERE reader.id = held.id
"""

# Readers are measured since the first one, or today.
SINCE = """
INSERT INTO notes_measured (kind, since)
SELECT 'readers', coalesce((SELECT min(first_seen_day) FROM notes_notereader), site_day(now()))
ON CONFLICT DO NOTHING
"""


def bring_along(apps: Any, schema_editor: Any) -> None:
    """Remember of the readers who are engaged now that they are, some notes at a time."""
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
    """Remembers of the readers who were engaged before 0019 that they are, and since when there are readers. Done
    twice, it changes nothing.
    """

    atomic = False
    dependencies = [("notes", "0019_cohorts")]
    operations = [
        migrations.RunPython(bring_along, migrations.RunPython.noop),
        migrations.RunSQL(SINCE, migrations.RunSQL.noop),
    ]
