from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    """Find the reports of a case by an index, and check the older reports."""

    atomic = False
    dependencies = [("moderation", "0008_cases_stay")]

    operations = [
        AddIndexConcurrently("report", models.Index(fields=["case", "id"], name="report_of_case")),
        ValidateConstraint("report", "report_of_one_thing_at_most"),
    ]
