import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Let moderators hide and merge tags."""

    dependencies = [("notes", "0023_reader_network_index"), ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx")]
    operations = [
        migrations.CreateModel(
            "TagState",
            [
                (
                    "tag",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="state",
                        serialize=False,
                        to="taggit.tag",
                    ),
                ),
                ("is_hidden", models.BooleanField(default=False, verbose_name="hidden")),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="merged",
                        to="taggit.tag",
                        verbose_name="merged into",
                    ),
                ),
            ],
            options={"verbose_name": "tag", "verbose_name_plural": "tags"},
        )
    ]
