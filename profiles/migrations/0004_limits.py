from django.db import migrations


class Migration(migrations.Migration):
    """What people spent of their limits (core/limits.py). Unlogged: a crash forgives."""

    dependencies = [("profiles", "0003_cache_table")]
    operations = [
        migrations.RunSQL(
            """
            CREATE UNLOGGED TABLE limit_spent (
                key varchar(100) PRIMARY KEY,
                since timestamp with time zone NOT NULL,
                number integer NOT NULL
            );
            """,
            "DROP TABLE limit_spent;",
        )
    ]
