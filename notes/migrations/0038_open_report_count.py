from django.db import migrations, models


class Migration(migrations.Migration):
    """A column for how many reports of a note are open. No CHECK, which would read all notes under a lock."""

    dependencies = [("notes", "0037_note_commenters")]
    operations = [
        migrations.AddField(
            "note", "open_report_count", models.IntegerField(db_default=0, default=0, editable=False)
        )
    ]
