from importlib import import_module

from django.db import migrations, models

days = import_module("notes.migrations.0011_count_readers")

STEPS = """
        SELECT note_id, first_seen_day AS day, source, {step} AS readers, 0 AS engaged FROM {rows}
        WHERE is_counted
        UNION ALL
        SELECT note_id, engaged_day, source, 0, {step} FROM {rows}
        WHERE is_counted AND engaged_day IS NOT NULL
"""
GAINED, LOST = STEPS.format(step="1", rows="after"), STEPS.format(step="-1", rows="before")


def functions(gained: str, lost: str) -> str:
    """The three functions that move the days of notes, as they are made again."""
    made = (
        days.COUNT.format(gained=gained)
        + days.RECOUNT.format(name="uncount_readers", steps=lost)
        + days.RECOUNT.format(name="recount_readers", steps=f"{lost} UNION ALL {gained}")
    )
    return made.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


# Who adds a reader holds the person, as does whoever begins to count them.
BY_PERSON = """
CREATE FUNCTION count_reader_by_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.is_counted := coalesce((SELECT is_counted FROM profiles_user WHERE id = NEW.person_id), false);
    RETURN NEW;
END $$;
CREATE TRIGGER count_reader_by_person BEFORE INSERT ON notes_notereader
    FOR EACH ROW EXECUTE FUNCTION count_reader_by_person();
"""
FORGET = """
DROP TRIGGER count_reader_by_person ON notes_notereader;
DROP FUNCTION count_reader_by_person();
"""

class Migration(migrations.Migration):
    """Count in the days of notes only the readers who count (profiles 0012). The others stay, with their days, to be
    counted once they do.
    """

    dependencies = [("notes", "0015_feeds_by_index"), ("profiles", "0012_counted_people")]
    operations = [
        migrations.AddField(
            "notereader", "is_counted", models.BooleanField(default=True, db_default=True, editable=False)
        ),
        migrations.AlterField(
            "notereader", "is_counted", models.BooleanField(default=False, db_default=False, editable=False)
        ),
        migrations.RunSQL(functions(GAINED, LOST), functions(days.GAINED, days.LOST)),
        migrations.RunSQL(BY_PERSON, FORGET),
    ]
