from django.db import migrations

# Reports of comments name their note too. A report about a person has none.
COUNT = """
CREATE FUNCTION move_open_report_count(notes bigint[], steps bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM notes_note WHERE id IN (
        SELECT note FROM unnest(notes, steps) AS changes (note, step) GROUP BY note HAVING sum(step) <> 0
    ) ORDER BY id FOR NO KEY UPDATE;

    UPDATE notes_note
    SET open_report_count = open_report_count + moved.number
    FROM (
        SELECT note, sum(step) AS number FROM unnest(notes, steps) AS changes (note, step) GROUP BY note
    ) AS moved
    WHERE id = moved.note AND moved.number <> 0;
END $$;

CREATE FUNCTION count_open_reports() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM move_open_report_count(array_agg(note_id), array_agg(CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END))
    FROM changed WHERE note_id IS NOT NULL AND closed_at IS NULL;
    RETURN NULL;
END $$;

CREATE FUNCTION recount_open_reports() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM move_open_report_count(array_agg(note_id), array_agg(step))
    FROM (
        SELECT note_id, -1 AS step FROM before WHERE note_id IS NOT NULL AND closed_at IS NULL
        UNION ALL
        SELECT note_id, 1 FROM after WHERE note_id IS NOT NULL AND closed_at IS NULL
    ) AS changes;
    RETURN NULL;
END $$;

CREATE TRIGGER count_open_reports_made AFTER INSERT ON moderation_report
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_open_reports();
CREATE TRIGGER count_open_reports_ended AFTER DELETE ON moderation_report
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_open_reports();
CREATE TRIGGER count_open_reports_changed AFTER UPDATE ON moderation_report
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION recount_open_reports();
"""

FORGET = """
DROP TRIGGER count_open_reports_made ON moderation_report;
DROP TRIGGER count_open_reports_ended ON moderation_report;
DROP TRIGGER count_open_reports_changed ON moderation_report;
DROP FUNCTION count_open_reports();
DROP FUNCTION recount_open_reports();
DROP FUNCTION move_open_report_count(bigint[], bigint[]);
"""


class Migration(migrations.Migration):
    """Keep how many reports of a note are open, whoever writes the rows."""

    dependencies = [("moderation", "0003_more_reasons"), ("notes", "0038_open_report_count")]
    operations = [migrations.RunSQL(COUNT, FORGET)]
