from django.db import migrations

from core.db.cascades import cascade_in_database


class Migration(migrations.Migration):
    """Let the release before delete people who get digests."""

    safe_because = "each constraint is replaced in a moment, without reading its table"
    dependencies = [("digests", "0001_initial")]
    operations = [cascade_in_database("digests_subscription", "digests_digest")]
