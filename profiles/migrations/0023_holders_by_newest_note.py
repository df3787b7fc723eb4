from django.db import migrations, models


class Migration(migrations.Migration):
    """Find a label's holders by their newest note on its topics. Safe to run again where it was interrupted."""

    atomic = False
    dependencies = [("profiles", "0022_labels_and_notes")]
    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    [
                        "DROP INDEX CONCURRENTLY IF EXISTS positioning_holders_newest",
                        "CREATE INDEX CONCURRENTLY positioning_holders_newest"
                        " ON profiles_positioning (label_id, newest_on_topic DESC, id DESC) WHERE retired_at IS NULL",
                        "DROP INDEX CONCURRENTLY IF EXISTS positioning_holders",
                    ],
                    [
                        "CREATE INDEX CONCURRENTLY IF NOT EXISTS positioning_holders"
                        " ON profiles_positioning (label_id, id DESC) WHERE retired_at IS NULL",
                        "DROP INDEX CONCURRENTLY IF EXISTS positioning_holders_newest",
                    ],
                )
            ],
            [
                migrations.AddIndex(
                    "positioning",
                    models.Index(
                        fields=["label", "-newest_on_topic", "-id"],
                        name="positioning_holders_newest",
                        condition=models.Q(retired_at__isnull=True),
                    ),
                ),
                migrations.RemoveIndex("positioning", "positioning_holders"),
            ],
        )
    ]
