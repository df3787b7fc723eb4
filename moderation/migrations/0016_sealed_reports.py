from django.db import migrations, models

# As in 0004, but that reports of sealed cases do not count: they open their note to nobody.
COUNT = """
CREATE OR REPLACE FUNCTION count_open_reports() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM move_open_report_count(array_agg(note_id), array_agg(CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END))
    FROM changed WHERE note_id IS NOT NULL AND closed_at IS NULL {unsealed};
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION recount_open_reports() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM move_open_report_count(array_agg(note_id), array_agg(step))
    FROM (
        SELECT note_id, -1 AS step FROM before WHERE note_id IS NOT NULL AND closed_at IS NULL {unsealed}
        UNION ALL
        SELECT note_id, 1 FROM after WHERE note_id IS NOT NULL AND closed_at IS NULL {unsealed}
    ) AS changes;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    """Let reports of sealed cases open no note to moderators without a role."""

    dependencies = [("moderation", "0015_queue_filters")]
    operations = [
        migrations.AddField(
            "report", "is_sealed", models.BooleanField(db_default=False, default=False, editable=False)
        ),
        migrations.RunSQL(COUNT.format(unsealed="AND NOT is_sealed"), COUNT.format(unsealed="")),
    ]
