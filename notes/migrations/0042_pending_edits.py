import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """Store edits of published notes that wait for a photo, when drafts were saved, and when they are to be published."""

    dependencies = [("notes", "0041_note_versions")]
    operations = [
        migrations.CreateModel(
            name="PendingEdit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.JSONField(default=dict)),
                (
                    "photos",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("alts", models.JSONField(default=dict)),
                (
                    "removed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("cover", models.BigIntegerField(null=True)),
                ("revision", models.CharField(max_length=24)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "note",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pending_edit", to="notes.note"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            "photo",
            "pending_edit",
            models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="new_photos",
                to="notes.pendingedit",
            ),
        ),
        migrations.AddField(
            "note",
            "saved_at",
            models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                default=django.utils.timezone.now,
                editable=False,
            ),
        ),
        migrations.AddField("note", "scheduled_for", models.DateTimeField(blank=True, editable=False, null=True)),
        migrations.AddField(
            "note",
            "not_published",
            models.CharField(
                blank=True,
                choices=[
                    ("photo", "A photo could not be prepared."),
                    ("hidden", "A moderator has hidden the note."),
                    ("account", "Your account was suspended or about to be deleted."),
                    ("unconfirmed", "Your e-mail address was not confirmed."),
                    ("unfinished", "The note was not complete."),
                ],
                db_default="",
                default="",
                editable=False,
                max_length=12,
            ),
        ),
    ]
