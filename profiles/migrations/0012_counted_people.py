from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

STEP = 5_000

NOT_YET = """
UPDATE profiles_user AS person SET is_counted = false
WHERE id >= %s AND id < %s AND is_counted AND (
    date_joined > now() - interval '1 day'
    OR NOT EXISTS (SELECT FROM account_emailaddress AS address WHERE address.user_id = person.id AND verified)
)
"""


def uncount(apps: Any, schema_editor: Any) -> None:
    """Mark the few people who do not count yet, a few thousand rows at a time."""
    last = apps.get_model("profiles", "User").objects.aggregate(last=models.Max("pk"))["last"] or 0
    with schema_editor.connection.cursor() as cursor:
        for first in range(0, last + 1, STEP):
            cursor.execute(NOT_YET, [first, first + STEP])


class Migration(migrations.Migration):
    """Remember whose readings and answers count. Most people's do: the column begins as true, without a rewrite of the
    table, and only the rows of the others are written.
    """

    atomic = False
    dependencies = [
        ("profiles", "0011_tidy_addresses"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]
    operations = [
        migrations.AddField(
            "user", "is_counted", models.BooleanField(default=True, db_default=True, editable=False)
        ),
        migrations.AlterField(
            "user", "is_counted", models.BooleanField(default=False, db_default=False, editable=False)
        ),
        migrations.RunPython(uncount, migrations.RunPython.noop, elidable=False),
        AddIndexConcurrently(
            "user",
            models.Index(fields=["date_joined"], name="user_uncounted", condition=models.Q(is_counted=False)),
        ),
    ]
