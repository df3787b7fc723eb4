from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep the leans of candidates beside what the version before reads."""

    dependencies = [("notes", "0027_past_answers")]
    operations = [
        migrations.AddField("epochscope", "leans", models.JSONField(db_default={}, default=dict)),
    ]
