import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

from search.names import lexemes_sql, triggers_sql


class Migration(migrations.Migration):
    """Write the names of people, tags, labels and campuses by which search finds them, whoever changes them."""

    safe_because = "the table is new and empty, and its functions touch one row"
    dependencies = [
        ("search", "0005_existing_notes"),
        ("profiles", "0031_time_zone"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]
    operations = [
        migrations.CreateModel(
            name="Name",
            fields=[
                ("pk", models.CompositePrimaryKey("kind", "target", blank=True, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("p", "Person"), ("t", "Tag"), ("l", "Label"), ("c", "Campus")], max_length=1)),
                ("target", models.BigIntegerField()),
                ("level", models.SmallIntegerField(db_default=0, default=0)),
                ("lexemes", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["lexemes"], name="search_name_lexemes"
                    )
                ],
            },
        ),
        migrations.RunSQL(lexemes_sql.FUNCTIONS, lexemes_sql.FORGET_FUNCTIONS),
        migrations.RunSQL(triggers_sql.TRIGGERS, triggers_sql.FORGET_TRIGGERS),
    ]
