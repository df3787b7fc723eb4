from django.db import migrations, models


class Migration(migrations.Migration):
    """Store which photos a report opens to moderators, and which notes are hidden only with their photos."""

    dependencies = [("notes", "0066_hidden_comments")]
    operations = [
        migrations.AddField(
            "note", "is_hidden_with_photos", models.BooleanField(db_default=False, default=False, editable=False)
        ),
        migrations.AddField(
            "photo", "is_reported", models.BooleanField(db_default=False, default=False, editable=False)
        ),
    ]
