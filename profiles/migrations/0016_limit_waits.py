from django.db import migrations


class Migration(migrations.Migration):
    """Until when a counter's next try waits (core/backoff.py)."""

    dependencies = [("profiles", "0015_past_handles")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE limit_spent ADD COLUMN until timestamp with time zone;",
            "ALTER TABLE limit_spent DROP COLUMN until;",
        )
    ]
