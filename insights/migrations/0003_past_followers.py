from typing import Any

from django.db import migrations, transaction

PEOPLE_AT_ONCE = 500

# The follows that stand, by the day they were made, for people who are held and so neither win nor lose one meanwhile.
# Rows that the triggers of 0002 have written since are among it: they are set, so that won less lost is what stands.
OF_PEOPLE = """
INSERT INTO insights_followday AS counted (person_id, day, won)
SELECT followed_id, site_day(created_at), count(*) FROM profiles_follow
WHERE followed_id = ANY (%(people)s)
GROUP BY 1, 2 ORDER BY 1, 2
ON CONFLICT (person_id, day) DO UPDATE SET won = excluded.won + counted.lost
"""
OF_NOTES = """
INSERT INTO insights_notefollowday AS counted (note_id, day, won)
SELECT id, site_day(created_at), count(*)
FROM (
    SELECT note.id, follow.created_at
    FROM profiles_follow AS follow JOIN notes_note AS note ON note.id = from_note AND note.author_id = followed_id
    WHERE followed_id = ANY (%(people)s)
    ORDER BY note.id FOR KEY SHARE OF note
) AS held
GROUP BY 1, 2 ORDER BY 1, 2
ON CONFLICT (note_id, day) DO UPDATE SET won = excluded.won + counted.lost
"""
OTHER_DAYS = """
UPDATE insights_followday AS counted SET won = lost
WHERE person_id = ANY (%(people)s) AND won <> lost AND NOT EXISTS (
    SELECT FROM profiles_follow WHERE followed_id = person_id AND site_day(created_at) = day
)
"""
OTHER_DAYS_OF_NOTES = """
UPDATE insights_notefollowday AS counted SET won = lost
FROM notes_note AS note
WHERE note.id = note_id AND note.author_id = ANY (%(people)s) AND won <> lost AND NOT EXISTS (
    SELECT FROM profiles_follow
    WHERE followed_id = note.author_id AND from_note = note.id AND site_day(created_at) = day
)
"""

# Followers won are measured since the first one who stands, or today.
SINCE = """
INSERT INTO notes_measured (kind, since)
SELECT 'won', coalesce((SELECT site_day(min(created_at)) FROM profiles_follow), site_day(now()))
ON CONFLICT DO NOTHING
"""


def bring_along(apps: Any, schema_editor: Any) -> None:
    """Count the followers of the past, some people at a time, each time in a transaction of its own."""
    people = apps.get_model("profiles", "User").objects
    last = 0
    while True:
        with transaction.atomic(), schema_editor.connection.cursor() as cursor:
            some = people.filter(pk__gt=last).order_by("pk")
            held = list(some.select_for_update(no_key=True).values_list("pk", flat=True)[:PEOPLE_AT_ONCE])
            if not held:
                return
            for statement in (OF_PEOPLE, OTHER_DAYS, OF_NOTES, OTHER_DAYS_OF_NOTES):
                cursor.execute(statement, {"people": held})
            last = held[-1]


class Migration(migrations.Migration):
    """Count the followers of before 0002. Done twice, it changes nothing."""

    atomic = False
    dependencies = [("insights", "0002_followers")]
    operations = [
        migrations.RunPython(bring_along, migrations.RunPython.noop),
        migrations.RunSQL(SINCE, "DELETE FROM notes_measured WHERE kind = 'won';"),
    ]
