from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Find the documents of an author."""

    atomic = False
    dependencies = [("search", "0012_published")]
    operations = [
        AddIndexConcurrently("document", models.Index(fields=["author_id"], name="search_by_author")),
    ]
