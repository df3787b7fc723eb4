from django.db import migrations, models
from django.db.models.functions import Coalesce, Lower

from core.db.cascades import cascade_in_database

INDEXES = {
    "collection_name_once": "notes_collection (owner_id, lower(name)) WHERE NOT is_default",
    "collect_place_position_once": "notes_collectplace (collection_id, coalesce(position, id) DESC)",
}


class Migration(migrations.Migration):
    """Hold that collections of a person differ in name, and notes of a collection in position. Safe to run again where
    it was interrupted.
    """

    atomic = False
    dependencies = [("notes", "0051_collections")]
    operations = [
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
