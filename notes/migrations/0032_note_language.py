from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep the language of each note."""

    dependencies = [("notes", "0031_first_channels")]
    operations = [
        migrations.AddField(
            "note",
            "language",
            models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=2, verbose_name="language"
            ),
        )
    ]
