from django.db import migrations


class Migration(migrations.Migration):
    """The table of the database cache, where sign-in limits are counted for all web processes.

    Unlogged: what it holds may be lost in a crash and costs no write-ahead log.
    """

    dependencies = [("profiles", "0002_follow_counters")]
    operations = [
        migrations.RunSQL(
            """
            CREATE UNLOGGED TABLE cache (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX cache_expires ON cache (expires);
            """,
            "DROP TABLE cache;",
        )
    ]
