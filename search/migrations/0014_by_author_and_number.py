from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import F


class Migration(migrations.Migration):
    """Find the documents of an author that lie in a window. The index of authors alone is the first part of it."""

    atomic = False
    dependencies = [("search", "0013_by_author")]
    operations = [
        AddIndexConcurrently("document", models.Index("author_id", F("number") + 0, name="search_by_author_number")),
        RemoveIndexConcurrently("document", "search_by_author"),
    ]
