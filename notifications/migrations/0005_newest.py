from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Find the newest notifications of a person, withdrawn ones among them."""

    atomic = False
    dependencies = [("notifications", "0004_rule")]
    operations = [
        AddIndexConcurrently(
            model_name="notification",
            index=models.Index(fields=["person", "-id"], name="notification_newest"),
        ),
        RemoveIndexConcurrently(model_name="notification", name="notification_unread"),
    ]
