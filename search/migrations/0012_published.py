from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Find the oldest document since a day, by which a search of the past days ends."""

    atomic = False
    dependencies = [("search", "0011_existing_facts")]
    operations = [
        AddIndexConcurrently(
            model_name="document",
            index=models.Index(fields=["published_at"], include=["number"], name="search_published"),
        )
    ]
