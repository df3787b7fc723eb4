from typing import Any

from django.db import migrations, models

from core.slug_repair import readdress


def keep_marks(apps: Any, schema_editor: Any) -> None:
    former = apps.get_model("profiles", "FormerSlug")
    for name, word in (("Label", "wording"), ("Campus", "name")):
        model = apps.get_model("profiles", name)
        rows = model.objects.order_by("pk").values_list("pk", word, "slug")
        readdress(rows.iterator(), model, former, name.lower())


class Migration(migrations.Migration):
    """Marks of every script stay in the addresses of labels and campuses; the former addresses lead there."""

    safe_because = "only labels and campuses whose address changes are written"

    dependencies = [("profiles", "0016_limit_waits")]
    operations = [
        migrations.CreateModel(
            name="FormerSlug",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("tag", "Tag"), ("label", "Label"), ("campus", "Campus")], max_length=6
                    ),
                ),
                ("slug", models.CharField(max_length=100)),
                ("became", models.CharField(max_length=100)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "slug"), name="former_slug_once")],
            },
        ),
        migrations.RunPython(keep_marks, migrations.RunPython.noop),
    ]
