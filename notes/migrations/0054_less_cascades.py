from django.db import migrations

from core.db.cascades import cascade_in_database


class Migration(migrations.Migration):
    """The rows of 0053 go with their notes and people. Its keys are made at its end, so this is another migration."""

    dependencies = [("notes", "0053_less")]

    operations = [cascade_in_database("notes_less")]
