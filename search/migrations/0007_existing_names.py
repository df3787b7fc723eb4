from typing import Any

from django.db import migrations

from core.jobs import defer


def write_names(apps: Any, schema_editor: Any) -> None:
    """Defer the writing of the names that are there."""
    if apps.get_model("profiles", "User").objects.exists():
        defer("write_names", timestamp=0)


class Migration(migrations.Migration):
    """Write the names that were there before, in a job: done twice, it changes nothing."""

    atomic = False
    dependencies = [("search", "0006_names"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [migrations.RunPython(write_names, migrations.RunPython.noop)]
