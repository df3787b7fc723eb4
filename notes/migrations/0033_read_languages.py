from typing import Any

from django.db import migrations

from core.jobs import defer


def read_languages(apps: Any, schema_editor: Any) -> None:
    """Defer the reading of the notes that are there."""
    if apps.get_model("notes", "Note").objects.exists():
        defer("read_languages", after=0)


class Migration(migrations.Migration):
    """Find the language of the notes that are there, in a job: done twice, it changes nothing."""

    atomic = False
    dependencies = [("notes", "0032_note_language"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [migrations.RunPython(read_languages, migrations.RunPython.noop)]
