from typing import Any

from django.db import migrations

UNCOUNT = "UPDATE notes_notereader SET is_counted = false WHERE person_id = %s AND is_counted"


def uncount(apps: Any, schema_editor: Any) -> None:
    """Take what people have opened who do not count yet out of the days of notes, person by person."""
    people = apps.get_model("profiles", "User").objects.filter(is_counted=False).order_by("pk")
    with schema_editor.connection.cursor() as cursor:
        for person in people.values_list("pk", flat=True).iterator():
            cursor.execute(UNCOUNT, [person])


class Migration(migrations.Migration):
    """Safe to run again where it was interrupted."""

    atomic = False
    dependencies = [("notes", "0020_past_cohorts"), ("profiles", "0019_not_yet_counted")]
    operations = [migrations.RunPython(uncount, migrations.RunPython.noop)]
