from typing import Any

from django.db import migrations, transaction

PEOPLE_AT_ONCE = 200


def tell(apps: Any, schema_editor: Any) -> None:
    """Tell the labels in force of the notes that are there, some people at a time."""
    declared, last = apps.get_model("profiles", "Positioning").objects.filter(retired_at=None), 0
    while True:
        some = declared.filter(person__gt=last).order_by("person").values_list("person", flat=True)
        people = list(some[:PEOPLE_AT_ONCE])
        if not people:
            return
        with transaction.atomic(), schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT tell_labels(%s)", [people])
        last = people[-1]


class Migration(migrations.Migration):
    """Fills what 0022 added. Done twice, it changes nothing."""

    atomic = False
    dependencies = [("profiles", "0023_holders_by_newest_note")]
    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
