from django.db import migrations, models


class Migration(migrations.Migration):
    """Store whether a note is hidden until a moderator has looked at it."""

    dependencies = [("notes", "0059_seen_place")]
    operations = [
        migrations.AddField("note", "is_held", models.BooleanField(db_default=False, default=False, editable=False))
    ]
