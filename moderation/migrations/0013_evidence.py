import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.ids


class Migration(migrations.Migration):
    """Keep copies of what is reported, and seal cases."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("moderation", "0012_past_cases"),
        ("redbook", "0005_held_folders"),
    ]
    operations = [
        migrations.CreateModel(
            "Evidence",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="moderation.case",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="moderation.report",
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("words", models.JSONField(default=dict)),
                ("pictures", models.JSONField(default=list)),
                ("folder", models.CharField(default=core.ids.random_folder, max_length=32)),
                (
                    "taken_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="as it was"),
                ),
                ("copied_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "kept copy",
                "verbose_name_plural": "kept copies",
                "constraints": [
                    models.UniqueConstraint(fields=["case", "digest"], name="evidence_once_a_version")
                ],
                "indexes": [
                    models.Index(fields=["folder"], name="evidence_of_folder"),
                    models.Index(
                        fields=["taken_at"],
                        name="evidence_uncopied",
                        condition=models.Q(("copied_at__isnull", True)),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "Seal",
            [
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="seal",
                        serialize=False,
                        to="moderation.case",
                        verbose_name="case",
                    ),
                ),
                (
                    "sealed_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="sealed"),
                ),
                ("lifted_at", models.DateTimeField(null=True, verbose_name="seal lifted")),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="lifted by",
                    ),
                ),
            ],
            options={"verbose_name": "seal", "verbose_name_plural": "seals"},
        ),
    ]
