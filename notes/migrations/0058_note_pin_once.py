from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

NAME = "note_pin_once"
OF = "notes_note (author_id, pin_slot) WHERE pin_slot IS NOT NULL"


class Migration(migrations.Migration):
    """Allow each of an author's pins once. Safe to run again where it was interrupted."""

    atomic = False
    dependencies = [("notes", "0057_note_pins")]
    operations = [
        ValidateConstraint("note", "note_pin_among_three"),
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    [
                        f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}",
                        f"CREATE UNIQUE INDEX CONCURRENTLY {NAME} ON {OF}",
                    ],
                    f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}",
                )
            ],
            [
                migrations.AddConstraint(
                    "note",
                    models.UniqueConstraint(
                        fields=["author", "pin_slot"],
                        condition=models.Q(pin_slot__isnull=False),
                        name=NAME,
                    ),
                )
            ],
        ),
    ]
