from typing import Any

from django.db import migrations, models

from core.db.alike import Band
from core.jobs import defer

NAME = "photo_looks_{number}"
OF = [
    "(fingerprint & 65535)",
    "((fingerprint >> 16) & 65535)",
    "((fingerprint >> 32) & 65535)",
    "((fingerprint >> 48) & 65535)",
]


def renew_fingerprints(apps: Any, schema_editor: Any) -> None:
    """Defer the computation for the photos that are there."""
    if apps.get_model("notes", "Photo").objects.exists():
        defer("renew_fingerprints", after=0)


def _index(number: int) -> migrations.SeparateDatabaseAndState:
    name = NAME.format(number=number)
    return migrations.SeparateDatabaseAndState(
        [
            migrations.RunSQL(
                [
                    f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                    f"CREATE INDEX CONCURRENTLY {name} ON notes_photo ({OF[number]})",
                ],
                f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
            )
        ],
        [migrations.AddIndex("photo", models.Index(Band("fingerprint", number), name=name))],
    )


class Migration(migrations.Migration):
    """Find photos that look alike. Safe to run again where it was interrupted."""

    atomic = False
    dependencies = [("notes", "0062_hidden_photo_index"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "ALTER TABLE notes_photo ADD COLUMN IF NOT EXISTS"
                    " fingerprint_version smallint NOT NULL DEFAULT 0 CHECK (fingerprint_version >= 0)",
                    "ALTER TABLE notes_photo DROP COLUMN IF EXISTS fingerprint_version",
                )
            ],
            [
                migrations.AddField(
                    "photo",
                    "fingerprint_version",
                    models.PositiveSmallIntegerField(db_default=0, default=0, editable=False),
                )
            ],
        ),
        *map(_index, range(4)),
        migrations.RunPython(renew_fingerprints, migrations.RunPython.noop),
    ]
