from django.db import migrations, models


class Migration(migrations.Migration):
    """Store who may mention a person."""

    dependencies = [("profiles", "0027_commenters")]
    operations = [
        migrations.AddField(
            "user",
            "mentioners",
            models.CharField(
                choices=[("everyone", "Everyone"), ("followed", "People I follow"), ("nobody", "No one")],
                db_default="everyone",
                default="everyone",
                editable=False,
                max_length=8,
                verbose_name="who can mention them",
            ),
        )
    ]
