from django.db import migrations, models


class Migration(migrations.Migration):
    """Store what followers of a collection have seen of it."""

    dependencies = [("notes", "0058_note_pin_once")]
    operations = [
        migrations.AddField("collectionfollow", "seen_place", models.BigIntegerField(editable=False, null=True))
    ]
