import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Let people choose the languages of notes that lists show them."""

    dependencies = [("profiles", "0025_audience_and_words")]
    operations = [
        migrations.AddField(
            "user",
            "languages",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=2),
                db_default=[],
                default=list,
                editable=False,
                size=None,
                verbose_name="languages of notes",
            ),
        )
    ]
