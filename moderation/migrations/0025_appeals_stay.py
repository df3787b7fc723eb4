from django.db import migrations

from core.db.cascades import set_null_in_database


class Migration(migrations.Migration):
    """Keep appeals when the version before deletes their author, whom it does not know."""

    dependencies = [("moderation", "0024_appeals_about_names")]
    operations = [set_null_in_database("moderation_appeal", "author_id")]
