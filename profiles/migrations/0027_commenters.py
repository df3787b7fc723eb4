from django.db import migrations, models


class Migration(migrations.Migration):
    """Store who may comment: what new notes of a person start with."""

    dependencies = [("profiles", "0026_languages_of_notes")]
    operations = [
        migrations.AddField(
            "user",
            "commenters",
            models.CharField(
                choices=[("everyone", "Everyone"), ("followers", "Followers"), ("nobody", "No one")],
                db_default="everyone",
                default="everyone",
                editable=False,
                max_length=9,
                verbose_name="who can comment on new notes",
            ),
        )
    ]
