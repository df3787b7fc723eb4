from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep the name of a photo's file until it is prepared, and whether it is an animation."""

    dependencies = [("notes", "0028_leans")]
    operations = [
        migrations.AddField(
            "photo", "file_name", models.CharField(blank=True, db_default="", editable=False, max_length=100)
        ),
        migrations.AddField(
            "photo", "is_animated", models.BooleanField(db_default=False, default=False, editable=False)
        ),
    ]
