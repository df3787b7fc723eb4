from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notes", "0044_pending_edits_end_with_their_note")]

    operations = [
        migrations.AlterField(
            "note",
            "not_published",
            models.CharField(
                blank=True,
                choices=[
                    ("photo", "A photo could not be prepared."),
                    ("hidden", "A moderator has hidden the note."),
                    ("account", "Your account was suspended or was about to be deleted."),
                    ("unconfirmed", "Your e-mail address was not confirmed."),
                    ("unfinished", "The note was not complete."),
                    ("failed", "Something went wrong on our side."),
                ],
                db_default="",
                default="",
                editable=False,
                max_length=12,
            ),
        ),
    ]
