from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Find a person's hidden comments under a note by an index."""

    atomic = False
    dependencies = [("notes", "0065_epoch_input_cascades")]
    operations = [
        AddIndexConcurrently(
            "comment",
            models.Index(
                condition=models.Q(("hidden_at__isnull", False)), fields=["note", "author"], name="comment_hidden"
            ),
        )
    ]
