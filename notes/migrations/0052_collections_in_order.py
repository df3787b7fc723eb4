from django.db import migrations, models
from django.db.models.functions import Coalesce, Lower

from core.db.cascades import cascade_in_database

INDEXES = {
    "collection_name_once": "notes_collection (owner_id, lower(name)) WHERE NOT is_default",
    "collect_place_position_once": "notes_collectplace (collection_id, coalesce(position, id) DESC)",
}

# A release that does not know that collections are hidden deletes moderators too.
HIDDEN_BY = """
DO $$
DECLARE
    named text;
BEGIN
    SELECT conname INTO named FROM pg_constraint
    WHERE conrelid = 'notes_collection'::regclass AND contype = 'f' AND conkey = ARRAY[(
        SELECT attnum FROM pg_attribute WHERE attrelid = 'notes_collection'::regclass AND attname = 'hidden_by_id'
    )];
    EXECUTE format(
        'ALTER TABLE notes_collection DROP CONSTRAINT %I, ADD CONSTRAINT %I FOREIGN KEY (hidden_by_id)'
        ' REFERENCES profiles_user (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED NOT VALID', named, named
    );
END $$
"""


class Migration(migrations.Migration):
    """Hold that collections of a person differ in name, and notes of a collection in position. Safe to run again where
    it was interrupted.
    """

    atomic = False
    dependencies = [("notes", "0051_collections")]
    operations = [
        migrations.RunSQL(HIDDEN_BY, migrations.RunSQL.noop),
        cascade_in_database("notes_collectionfollow"),
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    [f"DROP INDEX CONCURRENTLY IF EXISTS {name}", f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {of}"],
                    f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                )
                for name, of in INDEXES.items()
            ],
            [
                migrations.AddConstraint(
                    "collection",
                    models.UniqueConstraint(
                        "owner",
                        Lower("name"),
                        condition=models.Q(is_default=False),
                        name="collection_name_once",
                    ),
                ),
                migrations.AddConstraint(
                    "collectplace",
                    models.UniqueConstraint(
                        "collection",
                        Coalesce("position", "id").desc(),
                        name="collect_place_position_once",
                    ),
                ),
            ],
        ),
    ]
