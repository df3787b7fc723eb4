from django.db import migrations, models

# As in 0006, with the number of a decision or a report.
TELL = """
CREATE OR REPLACE FUNCTION tell(
    what text, told_people bigint[], actors bigint[], notes bigint[], comments bigint[], labels bigint[],
    numbers bigint[]
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
            person_id, kind, actor_id, note_id, comment_id, label_id, number, created_at, is_withdrawn
        )
        SELECT DISTINCT person, what, actor, note, comment, label, number, now(), false
        FROM unnest(told_people, actors, notes, comments, labels, numbers)
            AS news (person, actor, note, comment, label, number)
        WHERE person IS NOT NULL AND person IS DISTINCT FROM actor
            AND NOT EXISTS (
                SELECT FROM notifications_inbox WHERE person_id = person AND what = ANY (off::text[])
            )
            AND (what IN ('note_hidden', 'note_restored') OR NOT EXISTS (
                SELECT FROM notifications_mutednote WHERE person_id = person AND note_id = note
            ))
        ORDER BY person, note, comment, actor, number
        ON CONFLICT (person_id, kind, actor_id, note_id, comment_id, label_id, number)
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

CREATE OR REPLACE FUNCTION tell(
    what text, told_people bigint[], actors bigint[], notes bigint[], comments bigint[], labels bigint[]
) RETURNS void LANGUAGE sql AS $$
    SELECT tell(what, told_people, actors, notes, comments, labels, NULL::bigint[]);
$$;
"""
NAME, FORMER = "notification_once_each", "notification_once"
OF = "notifications_notification (person_id, kind, actor_id, note_id, comment_id, label_id, number) NULLS NOT DISTINCT"
TABLE = "notifications_notification"


class Migration(migrations.Migration):
    """Tell people of decisions and reports, each by its number. Safe to run again where it was interrupted."""

    atomic = False
    safe_because = "the index is made beside writers, and the functions are replaced before the old one goes"
    dependencies = [("notifications", "0008_numbers")]
    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    [
                        f"ALTER TABLE {TABLE} DROP CONSTRAINT IF EXISTS {NAME}",
                        f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}",
                        f"CREATE UNIQUE INDEX CONCURRENTLY {NAME} ON {OF}",
                        f"ALTER TABLE {TABLE} ADD CONSTRAINT {NAME} UNIQUE USING INDEX {NAME}",
                        TELL,
                        f"ALTER TABLE {TABLE} DROP CONSTRAINT IF EXISTS {FORMER}",
                    ],
                    migrations.RunSQL.noop,
                )
            ],
            [
                migrations.RemoveConstraint("notification", FORMER),
                migrations.AddConstraint(
                    "notification",
                    models.UniqueConstraint(
                        fields=["person", "kind", "actor", "note", "comment", "label", "number"],
                        nulls_distinct=False,
                        name=NAME,
                    ),
                ),
            ],
        ),
    ]
