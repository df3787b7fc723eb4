from django.db import migrations, models


class Migration(migrations.Migration):
    """Find the readers of a note who share a network. Safe to run again where it was interrupted."""

    atomic = False
    dependencies = [("notes", "0022_reader_networks")]
    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    [
                        "DROP INDEX CONCURRENTLY IF EXISTS reader_network",
                        "CREATE INDEX CONCURRENTLY reader_network ON notes_notereader (note_id, network)"
                        " WHERE is_counted AND network IS NOT NULL",
                    ],
                    "DROP INDEX CONCURRENTLY IF EXISTS reader_network",
                )
            ],
            [
                migrations.AddIndex(
                    "notereader",
                    models.Index(
                        fields=["note", "network"],
                        name="reader_network",
                        condition=models.Q(network__isnull=False, is_counted=True),
                    ),
                )
            ],
        )
    ]
