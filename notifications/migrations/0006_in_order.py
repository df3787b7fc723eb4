from typing import Any

from django.db import migrations

from notifications.rule import write_rule

# As in 0002, for all rows of a statement at once, and with the follows of a day in one group. Whoever tells a person
# holds the lock of that person's lane until the transaction ends, before a notification gets its number: so the page,
# which takes the lock alone for a moment, finds every notification with a number below the newest (rule.py).
TELL = """
CREATE OR REPLACE FUNCTION tell(
    what text, told_people bigint[], actors bigint[], notes bigint[], comments bigint[], labels bigint[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    fresh bigint[];
BEGIN
    IF told_people IS NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(20261127, lane)
    FROM (SELECT DISTINCT (person % 1024)::integer FROM unnest(told_people) AS told (person)) AS lanes (lane)
    WHERE lane IS NOT NULL ORDER BY lane;

    WITH made AS (
        INSERT INTO notifications_notification AS known (
            person_id, kind, actor_id, note_id, comment_id, label_id, created_at, is_withdrawn
        )
        SELECT DISTINCT person, what, actor, note, comment, label, now(), false
        FROM unnest(told_people, actors, notes, comments, labels) AS news (person, actor, note, comment, label)
        WHERE person IS NOT NULL AND person IS DISTINCT FROM actor
            AND NOT EXISTS (
                SELECT FROM notifications_inbox WHERE person_id = person AND what = ANY (off::text[])
            )
            AND (what IN ('note_hidden', 'note_restored') OR NOT EXISTS (
                SELECT FROM notifications_mutednote WHERE person_id = person AND note_id = note
            ))
        ORDER BY person, note, comment, actor
        ON CONFLICT (person_id, kind, actor_id, note_id, comment_id, label_id)
            DO UPDATE SET is_withdrawn = false WHERE known.is_withdrawn
        RETURNING id, group_id
    )
    SELECT array_agg(id) INTO fresh FROM made WHERE group_id IS NULL;
    IF fresh IS NULL THEN
        RETURN;
    END IF;

    WITH keyed AS (
        SELECT id, person_id, CASE
            WHEN what IN ('like', 'save', 'comment_like', 'follow')
            THEN concat_ws(':', what, coalesce(comment_id, note_id), site_day(now()))
            ELSE ''
        END AS key
        FROM notifications_notification WHERE id = ANY (fresh)
    ), held AS (
        INSERT INTO notifications_notificationgroup AS known (person_id, key, newest)
        SELECT person_id, key, max(id) FROM keyed
        GROUP BY person_id, key, CASE WHEN key = '' THEN id END
        ORDER BY person_id, key, max(id)
        ON CONFLICT (person_id, key) WHERE key > ''
            DO UPDATE SET newest = greatest(known.newest, excluded.newest)
        RETURNING id, person_id, key, newest
    )
    UPDATE notifications_notification AS told SET group_id = held.id
    FROM keyed JOIN held ON held.person_id = keyed.person_id AND held.key = keyed.key
        AND (keyed.key > '' OR held.newest = keyed.id)
    WHERE told.id = keyed.id;
END $$;
"""

# A label has as many people as like to declare it: a job tells them (actions.py).
LABELS = """
DROP TRIGGER tell_of_hidden_label ON profiles_label;
DROP FUNCTION tell_of_hidden_label();
"""


def write(apps: Any, schema_editor: Any) -> None:
    write_rule()


class Migration(migrations.Migration):
    """Tell a statement's rows at once, in the order of their numbers, and people who declare a hidden label by a job."""

    atomic = False
    safe_because = "functions are replaced; what they write is found by indexes"
    dependencies = [("notifications", "0005_newest")]
    operations = [
        migrations.RunSQL(TELL, migrations.RunSQL.noop),
        migrations.RunPython(write, migrations.RunPython.noop),
        migrations.RunSQL(LABELS, migrations.RunSQL.noop),
        migrations.RunSQL(
            migrations.RunSQL.noop, "DROP FUNCTION page_of_notifications(bigint, bigint, bigint, bigint)"
        ),
    ]
