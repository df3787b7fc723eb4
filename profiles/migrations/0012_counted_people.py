from django.db import migrations, models


class Migration(migrations.Migration):
    """Remember whose readings and answers count. Most people's do: the column begins as true, without a rewrite of the
    table, and the next migration writes only the rows of the others.
    """

    dependencies = [("profiles", "0011_tidy_addresses"), ("account", "0009_emailaddress_unique_primary_email")]
    operations = [
        migrations.AddField(
            "user", "is_counted", models.BooleanField(default=True, db_default=True, editable=False)
        ),
        migrations.AlterField(
            "user", "is_counted", models.BooleanField(default=False, db_default=False, editable=False)
        ),
    ]
