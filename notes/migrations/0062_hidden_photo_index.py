from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    """Find the hidden photos of a note by an index."""

    atomic = False
    dependencies = [("notes", "0061_hidden_photos")]
    operations = [
        AddIndexConcurrently(
            "photo",
            models.Index(
                condition=models.Q(("hidden_in__isnull", False)), fields=["hidden_in"], name="photo_hidden"
            ),
        ),
        ValidateConstraint("photo", "photo_in_a_note_or_hidden"),
    ]
