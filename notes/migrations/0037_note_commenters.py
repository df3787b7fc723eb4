from django.db import migrations, models


class Migration(migrations.Migration):
    """Store who may comment on a note."""

    dependencies = [("notes", "0036_comment_pin_once")]
    operations = [
        migrations.AddField(
            "note",
            "commenters",
            models.CharField(
                choices=[("everyone", "Everyone"), ("followers", "Followers"), ("nobody", "No one")],
                db_default="everyone",
                default="everyone",
                
                max_length=9,
                verbose_name="who can comment",
            ),
        )
    ]
