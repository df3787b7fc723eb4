from typing import Any

from django.db import migrations

from notifications.rule import write_rule


def write(apps: Any, schema_editor: Any) -> None:
    """Write the rule as this version has it; the functions look for what they name when they are called."""
    write_rule()


class Migration(migrations.Migration):
    """Write the functions that say what people may see of their notifications."""

    atomic = False
    dependencies = [("notifications", "0003_mentions")]
    operations = [
        migrations.RunPython(write, migrations.RunPython.noop),
        migrations.RunSQL(migrations.RunSQL.noop, "DROP FUNCTION has_unread_notifications(bigint), seen_of_notification_group(bigint, bigint, bigint)"),
    ]
