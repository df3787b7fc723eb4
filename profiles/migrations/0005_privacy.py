from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("profiles", "0004_limits")]
    operations = [
        migrations.AddField(
            "user",
            "is_indexed",
            models.BooleanField(db_default=True, default=True, editable=False, verbose_name="in search engines"),
        ),
        migrations.AddField(
            "user",
            "shows_campus",
            models.BooleanField(db_default=True, default=True, editable=False, verbose_name="shows the campus"),
        ),
        migrations.AddField(
            "user",
            "approves_followers",
            models.BooleanField(
                db_default=False, default=False, editable=False, verbose_name="approves followers"
            ),
        ),
    ]
