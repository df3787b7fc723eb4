from django.db import migrations

COUNT_READERS = """
CREATE FUNCTION count_readers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO notes_noteday (note_id, day, source, new_readers, new_engaged)
    SELECT note_id, day, source, sum(readers), sum(engaged)
    FROM (
        SELECT note_id, first_seen_day AS day, source, 1 AS readers, 0 AS engaged FROM changed
        UNION ALL
        SELECT note_id, engaged_day, source, 0, 1 FROM changed WHERE engaged_day IS NOT NULL
    ) AS steps
    GROUP BY note_id, day, source
    ORDER BY note_id, day, source
    ON CONFLICT (note_id, day, source) DO UPDATE SET
        new_readers = notes_noteday.new_readers + excluded.new_readers,
        new_engaged = notes_noteday.new_engaged + excluded.new_engaged;
    RETURN NULL;
END $$;

CREATE FUNCTION uncount_readers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM notes_noteday AS held
    WHERE EXISTS (
        SELECT FROM changed
        WHERE changed.note_id = held.note_id AND changed.source = held.source
            AND held.day IN (first_seen_day, engaged_day)
    )
    ORDER BY note_id, day, source FOR NO KEY UPDATE;

    UPDATE notes_noteday AS counted
    SET new_readers = new_readers - steps.readers, new_engaged = new_engaged - steps.engaged
    FROM (
        SELECT note_id, day, source, sum(readers) AS readers, sum(engaged) AS engaged
        FROM (
            SELECT note_id, first_seen_day AS day, source, 1 AS readers, 0 AS engaged FROM changed
            UNION ALL
            SELECT note_id, engaged_day, source, 0, 1 FROM changed WHERE engaged_day IS NOT NULL
        ) AS each
        GROUP BY note_id, day, source
    ) AS steps
    WHERE counted.note_id = steps.note_id AND counted.day = steps.day AND counted.source = steps.source;
    RETURN NULL;
END $$;

CREATE FUNCTION recount_engaged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE notes_noteday AS counted SET new_engaged = new_engaged - ended.number
    FROM (
        SELECT before.note_id, before.engaged_day AS day, before.source, count(*) AS number
        FROM before JOIN after USING (id)
        WHERE before.engaged_day IS NOT NULL AND before.engaged_day IS DISTINCT FROM after.engaged_day
        GROUP BY before.note_id, before.engaged_day, before.source
    ) AS ended
    WHERE counted.note_id = ended.note_id AND counted.day = ended.day AND counted.source = ended.source;

    INSERT INTO notes_noteday (note_id, day, source, new_readers, new_engaged)
    SELECT after.note_id, after.engaged_day, after.source, 0, count(*)
    FROM before JOIN after USING (id)
    WHERE after.engaged_day IS NOT NULL AND before.engaged_day IS DISTINCT FROM after.engaged_day
    GROUP BY after.note_id, after.engaged_day, after.source
    ORDER BY after.note_id, after.engaged_day, after.source
    ON CONFLICT (note_id, day, source) DO UPDATE SET
        new_engaged = notes_noteday.new_engaged + excluded.new_engaged;
    RETURN NULL;
END $$;

CREATE TRIGGER count_readers_made AFTER INSERT ON notes_notereader
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_readers();
CREATE TRIGGER count_readers_ended AFTER DELETE ON notes_notereader
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION uncount_readers();
CREATE TRIGGER count_readers_engaged AFTER UPDATE ON notes_notereader
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION recount_engaged();
"""

FORGET_READERS = """
DROP TRIGGER count_readers_made ON notes_notereader;
DROP TRIGGER count_readers_ended ON notes_notereader;
DROP TRIGGER count_readers_engaged ON notes_notereader;
DROP FUNCTION count_readers();
DROP FUNCTION uncount_readers();
DROP FUNCTION recount_engaged();
"""


class Migration(migrations.Migration):
    """Keeps the days of notes, whoever writes their readers."""

    dependencies = [("notes", "0010_readers")]
    operations = [migrations.RunSQL(COUNT_READERS, FORGET_READERS)]
