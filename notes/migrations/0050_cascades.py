from django.db import migrations

from core.db.cascades import cascade_in_database

# A release that does not know series deletes moderators too.
HIDDEN_BY = """
DO $$
DECLARE
    named text;
BEGIN
    SELECT conname INTO named FROM pg_constraint
    WHERE conrelid = 'notes_series'::regclass AND contype = 'f' AND conkey = ARRAY[(
        SELECT attnum FROM pg_attribute WHERE attrelid = 'notes_series'::regclass AND attname = 'hidden_by_id'
    )];
    EXECUTE format('ALTER TABLE notes_series DROP CONSTRAINT %I', named);
    EXECUTE format(
        'ALTER TABLE notes_series ADD CONSTRAINT %I FOREIGN KEY (hidden_by_id) REFERENCES profiles_user (id)'
        ' ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED', named
    );
END $$
"""


class Migration(migrations.Migration):
    """Have rows of the newest tables go with their notes and people, whichever release deletes these. A migration of its
    own, because the keys of a table are made at the end of the one that creates it.
    """

    dependencies = [("notes", "0049_series_index")]

    operations = [
        migrations.RunSQL(HIDDEN_BY, migrations.RunSQL.noop),
        cascade_in_database("notes_arrival", "notes_historyentry", "notes_readinghistory", "notes_series"),
    ]
