from django.db import migrations

from core.db.cascades import cascade_in_database


class Migration(migrations.Migration):
    """Let the release before delete epochs, whose inputs it does not know."""

    dependencies = [("notes", "0064_epoch_input")]
    operations = [cascade_in_database("notes_epochinput")]
