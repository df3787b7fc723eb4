from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Store which of its author's pins a note has, and since when."""

    dependencies = [("notes", "0056_origin")]
    operations = [
        migrations.AddField(
            "note", "pin_slot", models.PositiveSmallIntegerField(blank=True, editable=False, null=True)
        ),
        migrations.AddField(
            "note",
            "pinned_at",
            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="pinned"),
        ),
        AddConstraintNotValid(
            "note",
            models.CheckConstraint(
                condition=models.Q(("pin_slot__isnull", True), ("pinned_at__isnull", True))
                | models.Q(("pin_slot__isnull", False), ("pin_slot__range", (1, 3)), ("pinned_at__isnull", False)),
                name="note_pin_among_three",
            ),
        ),
    ]
