from django.db import migrations, models


class Migration(migrations.Migration):
    """Let moderators put several tags under one name in each language."""

    dependencies = [
        ("notes", "0029_file_names"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]
    operations = [
        migrations.CreateModel(
            "Channel",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(editable=False, max_length=100, unique=True, verbose_name="address")),
                ("en", models.CharField(max_length=200, verbose_name="in English")),
                ("zh", models.CharField(max_length=200, verbose_name="in Chinese")),
                ("position", models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="place in the row")),
                ("is_shown", models.BooleanField(db_default=True, default=True, verbose_name="shown")),
                ("tags", models.ManyToManyField(related_name="channels", to="taggit.tag", verbose_name="tags")),
            ],
            options={"verbose_name": "channel", "verbose_name_plural": "channels"},
        )
    ]
