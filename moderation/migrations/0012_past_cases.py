from typing import Any

from django.db import migrations

from moderation.cases.adopting import adopt


def adopt_past(apps: Any, schema_editor: Any) -> None:
    adopt(apps.get_model)


class Migration(migrations.Migration):
    """Give cases and decisions to what was reported, hidden and suspended before, a target at a time; done twice, it
    changes nothing.
    """

    atomic = False
    dependencies = [("moderation", "0011_weigh_cases"), ("notes", "0055_warning"), ("profiles", "0032_limited_until")]
    operations = [migrations.RunPython(adopt_past, migrations.RunPython.noop)]
