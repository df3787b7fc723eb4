import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

RENAMED = """
CREATE FUNCTION search_renamed_{kind}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_rename ({kind}_id, after) VALUES (NEW.id, 0)
    ON CONFLICT ({kind}_id) DO UPDATE SET after = 0, renamed_at = now();
    RETURN NULL;
END $$;
CREATE TRIGGER search_renamed AFTER UPDATE OF {names} ON {table} FOR EACH ROW
    WHEN (ROW({old}) IS DISTINCT FROM ROW({new})) EXECUTE FUNCTION search_renamed_{kind}();
"""
# Nobody is to find notes by a name that a moderator has hidden.
HIDDEN = """
CREATE FUNCTION search_hidden_tag() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_rename (tag_id, after) VALUES (NEW.tag_id, 0)
    ON CONFLICT (tag_id) DO UPDATE SET after = 0, renamed_at = now();
    RETURN NULL;
END $$;
CREATE TRIGGER search_hidden AFTER INSERT ON notes_tagstate FOR EACH ROW
    WHEN (NEW.is_hidden) EXECUTE FUNCTION search_hidden_tag();
CREATE TRIGGER search_shown AFTER UPDATE OF is_hidden ON notes_tagstate FOR EACH ROW
    WHEN (OLD.is_hidden <> NEW.is_hidden) EXECUTE FUNCTION search_hidden_tag();
"""
FORGET_HIDDEN = """
DROP TRIGGER search_shown ON notes_tagstate;
DROP TRIGGER search_hidden ON notes_tagstate;
DROP FUNCTION search_hidden_tag();
"""
FORGET = """
DROP TRIGGER search_renamed ON {table};
DROP FUNCTION search_renamed_{kind}();
"""


def renamed(kind: str, table: str, *names: str) -> migrations.RunSQL:
    old, new = (", ".join(f"{row}.{name}" for name in names) for row in ("OLD", "NEW"))
    facts = {"kind": kind, "table": table, "names": ", ".join(names), "old": old, "new": new}
    return migrations.RunSQL(RENAMED.format(**facts), FORGET.format(**facts))


class Migration(migrations.Migration):
    """Keep the words that spelling is corrected to, and which campuses and tags were renamed or hidden."""

    dependencies = [
        ('profiles', '0031_time_zone'),
        ('search', '0003_triggers'),
        ('taggit', '0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx'),
    ]

    operations = [
        migrations.CreateModel(
            name='Term',
            fields=[
                ('word', models.CharField(max_length=24, primary_key=True, serialize=False)),
                ('trigrams', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3))),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['trigrams'], name='search_term_trigrams')],
            },
        ),
        migrations.CreateModel(
            name='Rename',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('after', models.BigIntegerField(db_default=0, default=0)),
                ('renamed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('campus', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='profiles.campus')),
                ('tag', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='taggit.tag')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('campus', None), ('tag__isnull', False)), models.Q(('campus__isnull', False), ('tag', None)), _connector='OR'), name='search_rename_of_one')],
            },
        ),
        renamed("campus", "profiles_campus", "name", "city", "is_hidden"),
        renamed("tag", "taggit_tag", "name"),
        migrations.RunSQL(HIDDEN, FORGET_HIDDEN),
    ]
