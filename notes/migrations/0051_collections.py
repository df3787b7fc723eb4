import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    """Let collections be described, ordered, hidden and followed, and saves have a remark."""

    dependencies = [
        ("notes", "0050_cascades"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("collect", "remark", models.TextField(blank=True, db_default="", default="")),
        migrations.AddField(
            "collection",
            "changed_at",
            models.DateTimeField(db_default=Now(), default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            "collection",
            "description",
            models.TextField(blank=True, db_default="", default="", verbose_name="description"),
        ),
        migrations.AddField(
            "collection",
            "hidden_at",
            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="hidden"),
        ),
        migrations.AddField(
            "collection",
            "hidden_by",
            models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="hidden by",
            ),
        ),
        migrations.AddField(
            "collection",
            "hidden_reason",
            models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=300, verbose_name="reason"
            ),
        ),
        migrations.AddField("collectplace", "position", models.BigIntegerField(editable=False, null=True)),
        migrations.AlterField(
            "collection", "created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")
        ),
        migrations.AlterField(
            "collection", "is_default", models.BooleanField(default=False, editable=False)
        ),
        migrations.AlterField(
            "collection",
            "owner",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="collections",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.CreateModel(
            name="CollectionFollow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follows",
                        to="notes.collection",
                    ),
                ),
                (
                    "follower",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("follower", "collection"), name="collection_follow_once"
                    )
                ],
                "indexes": [models.Index(fields=["follower", "-id"], name="collection_follow_of_person")],
            },
        ),
    ]
