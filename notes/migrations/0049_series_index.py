from django.db import migrations, models

NAME = "note_in_series"
OF = "notes_note (series_id, series_place, id) WHERE series_id IS NOT NULL"


class Migration(migrations.Migration):
    """Find the notes of a series. Safe to run again where it was interrupted."""

    atomic = False
    dependencies = [("notes", "0048_series")]
    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    [f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}", f"CREATE INDEX CONCURRENTLY {NAME} ON {OF}"],
                    f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}",
                )
            ],
            [
                migrations.AddIndex(
                    "note",
                    models.Index(
                        fields=["series", "series_place", "id"],
                        name=NAME,
                        condition=models.Q(series__isnull=False),
                    ),
                )
            ],
        )
    ]
