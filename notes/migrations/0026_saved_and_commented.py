from importlib import import_module

from django.db import migrations, models

cohorts = import_module("notes.migrations.0019_cohorts")
engaged = import_module("notes.migrations.0014_engaged")

# Which of the kinds stand. A question about one note and person goes to the indexes.
ANSWERED = """
CREATE FUNCTION answered(note bigint, person bigint, OUT saved boolean, OUT commented boolean)
LANGUAGE sql STABLE AS $$
    SELECT
        EXISTS (SELECT FROM notes_collect WHERE note_id = note AND person_id = person),
        EXISTS (
            SELECT FROM notes_comment
            WHERE note_id = note AND author_id = person AND deleted_at IS NULL AND hidden_at IS NULL
        )
$$;
"""

# As in 0014, and what they ever did by kind, which nothing takes back.
ENGAGE = """
CREATE OR REPLACE FUNCTION engage(notes bigint[], people bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM notes_notereader AS held
    WHERE (note_id, person_id) IN (SELECT * FROM unnest(notes, people))
    ORDER BY note_id, person_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;

    UPDATE notes_notereader AS reader
    SET engaged_day = standing.day,
        ever_saved = reader.ever_saved OR standing.saved,
        ever_commented = reader.ever_commented OR standing.commented
    FROM (
        SELECT held.id, saved, commented, CASE
            WHEN since IS NOT NULL
            THEN coalesce(held.engaged_day, greatest(held.first_seen_day, site_day(since)))
        END AS day
        FROM unnest(notes, people) AS pair (note, person)
        JOIN notes_notereader AS held ON held.note_id = pair.note AND held.person_id = pair.person
        CROSS JOIN LATERAL (
            SELECT min(at) AS since FROM engagements() AS engaged
            WHERE engaged.note_id = pair.note AND engaged.person_id = pair.person
        ) AS first
        CROSS JOIN answered(pair.note, pair.person)
    ) AS standing
    WHERE reader.id = standing.id AND (
        reader.engaged_day IS DISTINCT FROM standing.day
        OR standing.saved > reader.ever_saved OR standing.commented > reader.ever_commented
    );
END $$;
"""

# Who adds a reader holds note and person, as does whoever answers.
REMEMBER = """
CREATE FUNCTION remember_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT saved, commented INTO NEW.ever_saved, NEW.ever_commented FROM answered(NEW.note_id, NEW.person_id);
    RETURN NEW;
END $$;

CREATE TRIGGER remember_answers BEFORE INSERT ON notes_notereader
    FOR EACH ROW WHEN (NEW.engaged_day IS NOT NULL AND NEW.person_id IS NOT NULL)
    EXECUTE FUNCTION remember_answers();
"""
FORGET_REMEMBER = """
DROP TRIGGER remember_answers ON notes_notereader;
DROP FUNCTION remember_answers();
"""

COUNT = """
CREATE OR REPLACE FUNCTION count_readers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO notes_noteday AS counted (
        note_id, day, source, new_readers, new_engaged, ever_engaged, ever_saved, ever_commented
    )
    SELECT note_id, day, source, sum(readers), sum(engaged), sum(ever), sum(saved), sum(commented)
    FROM ({gained}) AS steps
    GROUP BY note_id, day, source
    ORDER BY note_id, day, source
    ON CONFLICT (note_id, day, source) DO UPDATE SET
        new_readers = counted.new_readers + excluded.new_readers,
        new_engaged = counted.new_engaged + excluded.new_engaged,
        ever_engaged = counted.ever_engaged + excluded.ever_engaged,
        ever_saved = counted.ever_saved + excluded.ever_saved,
        ever_commented = counted.ever_commented + excluded.ever_commented;
    RETURN NULL;
END $$;
"""

MOVE = """
CREATE FUNCTION move_note_days(
    notes bigint[], days date[], sources varchar[], readers integer[], engaged integer[], ever integer[],
    saved integer[], commented integer[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO notes_noteday (note_id, day, source)
    SELECT DISTINCT note, day, source FROM unnest(notes, days, sources, readers, engaged, ever, saved, commented)
        AS step (note, day, source, readers, engaged, ever, saved, commented)
    WHERE greatest(step.readers, step.engaged, step.ever, step.saved, step.commented) > 0
    ORDER BY note, day, source
    ON CONFLICT (note_id, day, source) DO NOTHING;

    PERFORM 1 FROM notes_noteday AS held
    WHERE (note_id, day, source) IN (SELECT * FROM unnest(notes, days, sources))
    ORDER BY note_id, day, source FOR NO KEY UPDATE;

    UPDATE notes_noteday AS counted
    SET new_readers = new_readers + moved.readers, new_engaged = new_engaged + moved.engaged,
        ever_engaged = ever_engaged + moved.ever, ever_saved = ever_saved + moved.saved,
        ever_commented = ever_commented + moved.commented
    FROM unnest(notes, days, sources, readers, engaged, ever, saved, commented)
        AS moved (note, day, source, readers, engaged, ever, saved, commented)
    WHERE counted.note_id = moved.note AND counted.day = moved.day AND counted.source = moved.source;
END $$;
"""

RECOUNT = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM move_note_days(
        array_agg(note_id), array_agg(day), array_agg(source),
        array_agg(readers), array_agg(engaged), array_agg(ever), array_agg(saved), array_agg(commented)
    )
    FROM (
        SELECT note_id, day, source, sum(readers)::integer AS readers, sum(engaged)::integer AS engaged,
            sum(ever)::integer AS ever, sum(saved)::integer AS saved, sum(commented)::integer AS commented
        FROM ({steps}) AS steps
        GROUP BY note_id, day, source
        HAVING (sum(readers), sum(engaged), sum(ever), sum(saved), sum(commented)) <> (0, 0, 0, 0, 0)
    ) AS moved;
    RETURN NULL;
END $$;
"""

STEPS = """
        SELECT note_id, first_seen_day AS day, source, {step} AS readers, 0 AS engaged,
            {step} * ever_engaged::integer AS ever, {step} * ever_saved::integer AS saved,
            {step} * ever_commented::integer AS commented
        FROM {rows} WHERE is_counted
        UNION ALL
        SELECT note_id, engaged_day, source, 0, {step}, 0, 0, 0 FROM {rows}
        WHERE is_counted AND engaged_day IS NOT NULL
"""
GAINED, LOST = STEPS.format(step="1", rows="after"), STEPS.format(step="-1", rows="before")
FUNCTIONS = (
    MOVE
    + COUNT.format(gained=GAINED)
    + RECOUNT.format(name="uncount_readers", steps=LOST)
    + RECOUNT.format(name="recount_readers", steps=f"{LOST} UNION ALL {GAINED}")
    + "DROP FUNCTION move_note_days(bigint[], date[], varchar[], integer[], integer[], integer[]);"
)
FORGET = (
    cohorts.MOVE
    + cohorts.COUNT.format(gained=cohorts.GAINED)
    + cohorts.RECOUNT.format(name="uncount_readers", steps=cohorts.LOST)
    + cohorts.RECOUNT.format(name="recount_readers", steps=f"{cohorts.LOST} UNION ALL {cohorts.GAINED}")
    + "DROP FUNCTION move_note_days(bigint[], date[], varchar[], integer[], integer[], integer[], integer[], integer[]);"
)
FORGET_ENGAGE = (
    engaged.ENGAGE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    + "DROP FUNCTION answered(bigint, bigint);"
)

SINCE = "INSERT INTO notes_measured (kind, since) VALUES ('answers', site_day(now()));"


def flag(words: str) -> models.BooleanField:
    return models.BooleanField(db_default=False, default=False, editable=False, verbose_name=words)


def number(words: str) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(db_default=0, default=0, verbose_name=words)


class Migration(migrations.Migration):
    """Counts of the readers of each day those who ever saved the note, and who ever commented; and lets the rows of
    one author's readers be told apart once an account is deleted.
    """

    dependencies = [("notes", "0025_drafts_as_typed")]
    operations = [
        migrations.AddField("notereader", "ever_saved", flag("saved at some time")),
        migrations.AddField("notereader", "ever_commented", flag("commented at some time")),
        migrations.AddField("notereader", "departed", models.BigIntegerField(editable=False, null=True)),
        migrations.AddField("noteday", "ever_saved", number("readers of the day who ever saved")),
        migrations.AddField("noteday", "ever_commented", number("readers of the day who ever commented")),
        migrations.AlterField(
            "measured",
            "kind",
            models.CharField(
                choices=[
                    ("readers", "Readers"),
                    ("engaged", "Readers who answered, by the day of their first opening"),
                    ("answers", "Readers who saved or commented"),
                    ("shown", "Shown"),
                    ("opened", "Opened"),
                    ("hours", "Hours of reading"),
                    ("reached", "Photos reached"),
                    ("visits", "Profile visits"),
                    ("won", "Followers won"),
                    ("lost", "Followers lost"),
                ],
                max_length=8,
                primary_key=True,
                serialize=False,
            ),
        ),
        migrations.RunSQL(ANSWERED + ENGAGE, FORGET_ENGAGE),
        migrations.RunSQL(REMEMBER, FORGET_REMEMBER),
        migrations.RunSQL(FUNCTIONS, FORGET),
        migrations.RunSQL(SINCE, "DELETE FROM notes_measured WHERE kind = 'answers';"),
    ]
