from django.db import migrations

from core.db.cascades import cascade_in_database


class Migration(migrations.Migration):
    """Have recent searches and renames go with their people, tags and campuses, whichever release deletes these."""

    dependencies = [("search", "0008_recent")]

    operations = [cascade_in_database("search_rename", "search_recentchoice", "search_recentsearch")]
