from django.db import migrations, models


class Migration(migrations.Migration):
    """Whom feeds need not ask for notes, because they have none. A trigger of notes keeps it."""

    dependencies = [("profiles", "0009_muted_words_and_dismissals")]
    operations = [
        migrations.AddField(
            "user", "has_published", models.BooleanField(default=False, db_default=False, editable=False)
        ),
        migrations.AddIndex(
            "user",
            models.Index(
                fields=["id"], name="user_heard", condition=models.Q(has_published=True, is_active=True)
            ),
        ),
    ]
