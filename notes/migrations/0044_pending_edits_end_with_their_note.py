import django.db.models.deletion
from django.db import migrations, models

# The version before knows nothing of pending edits when it deletes a note: the database deletes them, and frees photos.
KEYS = """
ALTER TABLE notes_pendingedit ADD CONSTRAINT notes_pendingedit_note_id_fk FOREIGN KEY (note_id)
REFERENCES notes_note (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE notes_photo ADD CONSTRAINT notes_photo_pending_edit_id_fk FOREIGN KEY (pending_edit_id)
REFERENCES notes_pendingedit (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED NOT VALID
"""


class Migration(migrations.Migration):
    """Delete pending edits with their note, also where the version before deletes it, and tell which are outdated."""

    dependencies = [("notes", "0043_draft_indexes")]
    operations = [
        migrations.AddField(
            "pendingedit", "began_from", models.CharField(db_default="", default="", max_length=24)
        ),
        migrations.AddField(
            "pendingedit", "is_outdated", models.BooleanField(db_default=False, default=False)
        ),
        migrations.AddField(
            "pendingedit", "has_narrowed", models.BooleanField(db_default=False, default=False)
        ),
        migrations.AlterField(
            "pendingedit",
            "note",
            models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pending_edit",
                to="notes.note",
            ),
        ),
        migrations.AlterField(
            "photo",
            "pending_edit",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="new_photos",
                to="notes.pendingedit",
            ),
        ),
        migrations.RunSQL(
            KEYS,
            "ALTER TABLE notes_pendingedit DROP CONSTRAINT notes_pendingedit_note_id_fk;"
            " ALTER TABLE notes_photo DROP CONSTRAINT notes_photo_pending_edit_id_fk",
        ),
    ]
