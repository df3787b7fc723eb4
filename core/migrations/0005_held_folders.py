import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """Let files in storage be held for a while after the rows that name them are gone."""

    dependencies = [("redbook", "0004_audit_log")]
    operations = [
        migrations.CreateModel(
            "HeldFolder",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=64)),
                ("holder", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["path", "holder"], name="held_folder_once")
                ],
                "indexes": [models.Index(fields=["holder"], name="held_folder_by")],
            },
        ),
    ]
