from typing import Any

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
    """Safe to run again where it was interrupted."""

    atomic = False
    dependencies = [("profiles", "0018_chapters")]
    operations = [
        migrations.RunPython(uncount, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    [
                        "DROP INDEX CONCURRENTLY IF EXISTS user_uncounted",
                        "CREATE INDEX CONCURRENTLY user_uncounted ON profiles_user (date_joined)"
                        " WHERE NOT is_counted",
                    ],
                    "DROP INDEX CONCURRENTLY IF EXISTS user_uncounted",
                )
            ],
            [
                migrations.AddIndex(
                    "user",
                    models.Index(
                        fields=["date_joined"], name="user_uncounted", condition=models.Q(is_counted=False)
                    ),
                )
            ],
        ),
    ]
