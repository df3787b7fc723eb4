from importlib import import_module

from django.db import migrations, models

# Whoever changes a reader changes what they ever did: a trigger of the row, so that the counts see it as it is kept.
EVER = """
CREATE FUNCTION remember_engaged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.ever_engaged := true;
    RETURN NEW;
END $$;

CREATE TRIGGER remember_engaged BEFORE INSERT OR UPDATE ON notes_notereader
    FOR EACH ROW WHEN (NEW.engaged_day IS NOT NULL AND NOT NEW.ever_engaged)
    EXECUTE FUNCTION remember_engaged();
"""
FORGET_EVER = """
DROP TRIGGER remember_engaged ON notes_notereader;
DROP FUNCTION remember_engaged();
"""

COUNT = """
CREATE OR REPLACE FUNCTION count_readers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO notes_noteday AS counted (note_id, day, source, new_readers, new_engaged, ever_engaged)
    SELECT note_id, day, source, sum(readers), sum(engaged), sum(ever)
    FROM ({gained}) AS steps
    GROUP BY note_id, day, source
    ORDER BY note_id, day, source
    ON CONFLICT (note_id, day, source) DO UPDATE SET
        new_readers = counted.new_readers + excluded.new_readers,
        new_engaged = counted.new_engaged + excluded.new_engaged,
        ever_engaged = counted.ever_engaged + excluded.ever_engaged;
    RETURN NULL;
END $$;
"""

MOVE = """
CREATE FUNCTION move_note_days(
    notes bigint[], days date[], sources varchar[], readers integer[], engaged integer[], ever integer[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO notes_noteday (note_id, day, source)
    SELECT DISTINCT note, day, source FROM unnest(notes, days, sources, readers, engaged, ever)
        AS step (note, day, source, readers, engaged, ever)
    WHERE step.readers > 0 OR step.engaged > 0 OR step.ever > 0
    ORDER BY note, day, source
    ON CONFLICT (note_id, day, source) DO NOTHING;

    PERFORM 1 FROM notes_noteday AS held
    WHERE (note_id, day, source) IN (SELECT * FROM unnest(notes, days, sources))
    ORDER BY note_id, day, source FOR NO KEY UPDATE;

    UPDATE notes_noteday AS counted
    SET new_readers = new_readers + moved.readers, new_engaged = new_engaged + moved.engaged,
        ever_engaged = ever_engaged + moved.ever
    FROM unnest(notes, days, sources, readers, engaged, ever)
        AS moved (note, day, source, readers, engaged, ever)
    WHERE counted.note_id = moved.note AND counted.day = moved.day AND counted.source = moved.source;
END $$;
"""

RECOUNT = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM move_note_days(
        array_agg(note_id), array_agg(day), array_agg(source),
        array_agg(readers), array_agg(engaged), array_agg(ever)
    )
    FROM (
        SELECT note_id, day, source, sum(readers)::integer AS readers, sum(engaged)::integer AS engaged,
            sum(ever)::integer AS ever
        FROM ({steps}) AS steps
        GROUP BY note_id, day, source
        HAVING sum(readers) <> 0 OR sum(engaged) <> 0 OR sum(ever) <> 0
    ) AS moved;
    RETURN NULL;
END $$;
"""

STEPS = """
        SELECT note_id, first_seen_day AS day, source, {step} AS readers, 0 AS engaged,
            {step} * ever_engaged::integer AS ever
        FROM {rows} WHERE is_counted
        UNION ALL
        SELECT note_id, engaged_day, source, 0, {step}, 0 FROM {rows}
        WHERE is_counted AND engaged_day IS NOT NULL
"""
GAINED, LOST = STEPS.format(step="1", rows="after"), STEPS.format(step="-1", rows="before")
FUNCTIONS = (
    MOVE
    + COUNT.format(gained=GAINED)
    + RECOUNT.format(name="uncount_readers", steps=LOST)
    + RECOUNT.format(name="recount_readers", steps=f"{LOST} UNION ALL {GAINED}")
    + "DROP FUNCTION move_note_days(bigint[], date[], varchar[], integer[], integer[]);"
)
counted = import_module("notes.migrations.0016_counted_readers")
FORGET = (
    counted.days.MOVE
    + counted.functions(counted.GAINED, counted.LOST)
    + "DROP FUNCTION move_note_days(bigint[], date[], varchar[], integer[], integer[], integer[]);"
)

SINCE = "INSERT INTO notes_measured (kind, since) VALUES ('engaged', site_day(now()));"


class Migration(migrations.Migration):
    """Counts of the readers of each day those who ever engaged, which nothing takes back, beside today's counts."""

    dependencies = [("notes", "0018_recorded")]
    operations = [
        migrations.AddField(
            "notereader",
            "ever_engaged",
            models.BooleanField(
                db_default=False, default=False, editable=False, verbose_name="engaged at some time"
            ),
        ),
        migrations.AddField(
            "noteday",
            "ever_engaged",
            models.PositiveIntegerField(
                db_default=0, default=0, verbose_name="readers of the day who ever engaged"
            ),
        ),
        migrations.RunSQL(FUNCTIONS, FORGET),
        migrations.RunSQL(EVER, FORGET_EVER),
        migrations.RunSQL(SINCE, "DELETE FROM notes_measured WHERE kind = 'engaged';"),
    ]
