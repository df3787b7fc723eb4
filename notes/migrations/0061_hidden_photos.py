import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

# The version before knows nothing of hidden photos when it deletes a note: the database deletes them, and a sweep their
# files.
KEY = """
ALTER TABLE notes_photo ADD CONSTRAINT notes_photo_hidden_in_id_fk FOREIGN KEY (hidden_in_id)
REFERENCES notes_note (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID
"""


class Migration(migrations.Migration):
    """Let moderators take a photo out of its note, and store what is hidden from moderators too."""

    dependencies = [("notes", "0060_held")]
    operations = [
        migrations.AddField(
            "comment", "is_sealed", models.BooleanField(db_default=False, default=False, editable=False)
        ),
        migrations.AddField(
            "note", "is_sealed", models.BooleanField(db_default=False, default=False, editable=False)
        ),
        migrations.AddField(
            "photo",
            "hidden_in",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="hidden_photos",
                to="notes.note",
            ),
        ),
        migrations.AddField("photo", "hidden_at", models.DateTimeField(editable=False, null=True)),
        migrations.AddField(
            "photo",
            "hidden_reason",
            models.CharField(blank=True, db_default="", default="", editable=False, max_length=300),
        ),
        migrations.AddField(
            "photo", "is_sealed", models.BooleanField(db_default=False, default=False, editable=False)
        ),
        migrations.AddField(
            "photo", "was_cover", models.BooleanField(db_default=False, default=False, editable=False)
        ),
        migrations.RunSQL(KEY, "ALTER TABLE notes_photo DROP CONSTRAINT notes_photo_hidden_in_id_fk"),
        AddConstraintNotValid(
            "photo",
            models.CheckConstraint(
                condition=models.Q(("note__isnull", True), ("hidden_in__isnull", True), _connector="OR"),
                name="photo_in_a_note_or_hidden",
            ),
        ),
    ]
