from typing import Any

from django.db import migrations

# For each campus that goes, PostgreSQL looks through all notes: their index of campuses has the public ones alone.
CAMPUSES_AT_ONCE, TAGS_AT_ONCE = 20, 1_000

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
    """Drop campuses and tags that nothing names any more, some at a time."""
    with schema_editor.connection.cursor() as cursor:
        for table, statement, step in (
            ("profiles_campus", CAMPUSES, CAMPUSES_AT_ONCE),
            ("taggit_tag", TAGS, TAGS_AT_ONCE),
        ):
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
            (last,) = cursor.fetchone()
            for first in range(0, last + 1, step):
                cursor.execute(statement, {"first": first, "end": first + step})


class Migration(migrations.Migration):
    """Safe to run again where it was interrupted. What only private notes name stays, and is told to nobody."""

    atomic = False
    dependencies = [("profiles", "0020_campus_states"), ("notes", "0024_tag_states")]
    operations = [migrations.RunPython(drop_unused, migrations.RunPython.noop)]
