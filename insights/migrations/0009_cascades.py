from django.db import migrations

from core.db.cascades import cascade_in_database


class Migration(migrations.Migration):
    """Have searched words go with their notes and creators, whichever release deletes these."""

    dependencies = [("insights", "0008_found_by")]

    operations = [cascade_in_database("insights_foundby")]
