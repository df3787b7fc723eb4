from typing import Any

from django.db import migrations, models
from django.db.models import F

AT_ONCE = 500
INDEXES = {
    "photo_pending": "notes_photo (pending_edit_id) WHERE pending_edit_id IS NOT NULL",
    "note_own_drafts": "notes_note (author_id, saved_at DESC, id DESC) WHERE status = 'draft'",
    "note_scheduled": "notes_note (scheduled_for, id) WHERE scheduled_for IS NOT NULL",
}


def date_drafts(apps: Any, schema_editor: Any) -> None:
    """Give drafts that were there before 0042 the day they were begun as that of their last saving, some at a time."""
    notes = apps.get_model("notes", "Note")
    last = 0
    while some := list(
        notes.objects.filter(status="draft", pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    ):
        last = some[-1]
        notes.objects.filter(pk__in=some, status="draft").update(saved_at=F("created_at"))


class Migration(migrations.Migration):
    """Find drafts, scheduled notes and photos of pending edits. Safe to run again where it was interrupted."""

    atomic = False
    dependencies = [("notes", "0042_pending_edits")]
    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    [f"DROP INDEX CONCURRENTLY IF EXISTS {name}", f"CREATE INDEX CONCURRENTLY {name} ON {of}"],
                    f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                )
                for name, of in INDEXES.items()
            ],
            [
                migrations.AddIndex(
                    "photo",
                    models.Index(
                        fields=["pending_edit"],
                        name="photo_pending",
                        condition=models.Q(pending_edit__isnull=False),
                    ),
                ),
                migrations.AddIndex(
                    "note",
                    models.Index(
                        fields=["author", "-saved_at", "-id"],
                        name="note_own_drafts",
                        condition=models.Q(status="draft"),
                    ),
                ),
                migrations.AddIndex(
                    "note",
                    models.Index(
                        fields=["scheduled_for", "id"],
                        name="note_scheduled",
                        condition=models.Q(scheduled_for__isnull=False),
                    ),
                ),
            ],
        ),
        migrations.RunPython(date_drafts, migrations.RunPython.noop),
    ]
