from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    """Find people by the beginning of their handle."""

    atomic = False
    dependencies = [("profiles", "0029_follow_is_approved")]
    operations = [
        AddIndexConcurrently(
            "user",
            models.Index(OpClass(Lower("handle"), "text_pattern_ops"), name="user_handle_prefix"),
        )
    ]
