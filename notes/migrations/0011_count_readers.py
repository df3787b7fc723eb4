from django.db import migrations

# Days are held in order of note, day and source by whoever moves them, so that many at once wait in turn.
COUNT = """
CREATE FUNCTION count_readers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO notes_noteday AS counted (note_id, day, source, new_readers, new_engaged)
    SELECT note_id, day, source, sum(readers), sum(engaged)
    FROM ({gained}) AS steps
    GROUP BY note_id, day, source
    ORDER BY note_id, day, source
    ON CONFLICT (note_id, day, source) DO UPDATE SET
        new_readers = counted.new_readers + excluded.new_readers,
        new_engaged = counted.new_engaged + excluded.new_engaged;
    RETURN NULL;
END $$;
"""

MOVE = """
CREATE FUNCTION move_note_days(notes bigint[], days date[], sources varchar[], readers integer[], engaged integer[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO notes_noteday (note_id, day, source)
    SELECT DISTINCT note, day, source FROM unnest(notes, days, sources, readers, engaged)
        AS step (note, day, source, readers, engaged)
    WHERE step.readers > 0 OR step.engaged > 0
    ORDER BY note, day, source
    ON CONFLICT (note_id, day, source) DO NOTHING;

    PERFORM 1 FROM notes_noteday AS held
    WHERE (note_id, day, source) IN (SELECT * FROM unnest(notes, days, sources))
    ORDER BY note_id, day, source FOR NO KEY UPDATE;

    UPDATE notes_noteday AS counted
    SET new_readers = new_readers + moved.readers, new_engaged = new_engaged + moved.engaged
    FROM unnest(notes, days, sources, readers, engaged) AS moved (note, day, source, readers, engaged)
    WHERE counted.note_id = moved.note AND counted.day = moved.day AND counted.source = moved.source;
END $$;
"""

# What one kind of statement does to days, in numbers that may be less than nothing.
STEPS = """
        SELECT note_id, first_seen_day AS day, source, {step} AS readers, 0 AS engaged FROM {rows}
        UNION ALL
        SELECT note_id, engaged_day, source, 0, {step} FROM {rows} WHERE engaged_day IS NOT NULL
"""

RECOUNT = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM move_note_days(
        array_agg(note_id), array_agg(day), array_agg(source), array_agg(readers), array_agg(engaged)
    )
    FROM (
        SELECT note_id, day, source, sum(readers)::integer AS readers, sum(engaged)::integer AS engaged
        FROM ({steps}) AS steps
        GROUP BY note_id, day, source
        HAVING sum(readers) <> 0 OR sum(engaged) <> 0
    ) AS moved;
    RETURN NULL;
END $$;
"""

GAINED, LOST = STEPS.format(step="1", rows="after"), STEPS.format(step="-1", rows="before")

TRIGGERS = """
CREATE TRIGGER count_readers_made AFTER INSERT ON notes_notereader
    REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION count_readers();
CREATE TRIGGER count_readers_ended AFTER DELETE ON notes_notereader
    REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION uncount_readers();
CREATE TRIGGER count_readers_changed AFTER UPDATE ON notes_notereader
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION recount_readers();
"""

FORGET = """
DROP TRIGGER count_readers_made ON notes_notereader;
DROP TRIGGER count_readers_ended ON notes_notereader;
DROP TRIGGER count_readers_changed ON notes_notereader;
DROP FUNCTION count_readers();
DROP FUNCTION uncount_readers();
DROP FUNCTION recount_readers();
DROP FUNCTION move_note_days(bigint[], date[], varchar[], integer[], integer[]);
"""


class Migration(migrations.Migration):
    """Keeps the days of notes, whoever writes their readers.

    A day whose note is deleted with its readers may be gone already: then there is nothing to take off.
    """

    dependencies = [("notes", "0010_readers")]
    operations = [
        migrations.RunSQL(
            COUNT.format(gained=GAINED)
            + MOVE
            + RECOUNT.format(name="uncount_readers", steps=LOST)
            + RECOUNT.format(name="recount_readers", steps=f"{LOST} UNION ALL {GAINED}")
            + TRIGGERS,
            FORGET,
        )
    ]
