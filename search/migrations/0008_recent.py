import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep the recent searches of people who let us."""

    dependencies = [
        ("search", "0007_existing_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RecentChoice",
            fields=[
                ("person", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+", serialize=False, to=settings.AUTH_USER_MODEL)),
                ("is_kept", models.BooleanField(db_default=True, default=True, verbose_name="keeps recent searches")),
                ("cleared_at", models.DateTimeField(null=True, verbose_name="cleared")),
            ],
            options={
                "verbose_name": "choice about recent searches",
                "verbose_name_plural": "choices about recent searches",
            },
        ),
        migrations.CreateModel(
            name="RecentSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=200, verbose_name="words")),
                ("digest", models.BinaryField(max_length=16)),
                ("searched_at", models.DateTimeField(verbose_name="searched")),
                ("person", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "recent search",
                "verbose_name_plural": "recent searches",
                "indexes": [models.Index(fields=["person", "-searched_at", "-id"], name="recent_search_latest")],
                "constraints": [models.UniqueConstraint(fields=("person", "digest"), name="recent_search_once")],
            },
        ),
    ]
