from typing import Any

from django.db import migrations

STEP = 1_000

CAMPUSES = """
DELETE FROM profiles_campus AS campus
WHERE id >= %(first)s AND id < %(end)s AND NOT is_added AND NOT is_hidden
    AND NOT EXISTS (SELECT FROM notes_note WHERE campus_id = campus.id)
    AND NOT EXISTS (SELECT FROM profiles_user WHERE campus_id = campus.id)
    AND NOT EXISTS (SELECT FROM profiles_campus AS merged WHERE merged.merged_into_id = campus.id)
"""
TAGS = """
DELETE FROM taggit_tag AS tag
WHERE id >= %(first)s AND id < %(end)s
    AND NOT EXISTS (SELECT FROM notes_taggednote WHERE tag_id = tag.id)
    AND NOT EXISTS (SELECT FROM profiles_positioningtopic WHERE tag_id = tag.id)
    AND NOT EXISTS (SELECT FROM taggit_taggeditem WHERE tag_id = tag.id)
    AND NOT EXISTS (SELECT FROM notes_tagstate AS state WHERE tag.id IN (state.tag_id, state.merged_into_id))
"""


def drop_unused(apps: Any, schema_editor: Any) -> None:
    """Drop campuses and tags that nothing names any more, a thousand at a time."""
    with schema_editor.connection.cursor() as cursor:
        for table, statement in (("profiles_campus", CAMPUSES), ("taggit_tag", TAGS)):
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
            (last,) = cursor.fetchone()
            for first in range(0, last + 1, STEP):
                cursor.execute(statement, {"first": first, "end": first + STEP})


class Migration(migrations.Migration):
    """Safe to run again where it was interrupted. What only private notes name stays, and is told to nobody."""

    atomic = False
    dependencies = [("profiles", "0020_campus_states"), ("notes", "0024_tag_states")]
    operations = [migrations.RunPython(drop_unused, migrations.RunPython.noop)]
