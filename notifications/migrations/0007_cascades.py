from django.db import migrations

from core.db.cascades import cascade_in_database


class Migration(migrations.Migration):
    """Let the release before delete people, notes and comments that have notifications or mentions."""

    safe_because = "each constraint is replaced in a moment, without reading its table"
    dependencies = [("notifications", "0006_in_order"), ("notes", "0040_past_mentions")]
    operations = [
        cascade_in_database(
            "notifications_notification",
            "notifications_notificationgroup",
            "notifications_inbox",
            "notifications_mutednote",
            "notes_mention",
        )
    ]
