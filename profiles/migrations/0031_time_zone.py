from django.db import migrations, models


class Migration(migrations.Migration):
    """Let people choose the time zone in which they read times."""

    dependencies = [("profiles", "0030_handle_prefix")]
    operations = [
        migrations.AddField(
            "user",
            "time_zone",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                max_length=64,
                verbose_name="time zone",
            ),
        )
    ]
