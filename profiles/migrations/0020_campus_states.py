import django.db.models.deletion
from django.db import migrations, models

ADDED = """
UPDATE profiles_campus SET is_added = true WHERE id::text IN (
    SELECT object_id FROM django_admin_log AS entry
    JOIN django_content_type AS kind ON kind.id = entry.content_type_id
    WHERE kind.app_label = 'profiles' AND kind.model = 'campus' AND entry.action_flag = 1
)
"""


class Migration(migrations.Migration):
    """Let moderators hide and merge campuses, and know which they have added."""

    safe_because = "campuses are few: what is built and written here takes a moment"
    dependencies = [("profiles", "0019_not_yet_counted"), ("admin", "0003_logentry_add_action_flag_choices")]
    operations = [
        migrations.AddField(
            "campus",
            "is_added",
            models.BooleanField(
                db_default=False, default=False, editable=False, verbose_name="added by a moderator"
            ),
        ),
        migrations.AddField(
            "campus", "is_hidden", models.BooleanField(db_default=False, default=False, verbose_name="hidden")
        ),
        migrations.AddField(
            "campus",
            "merged_into",
            models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="profiles.campus",
                verbose_name="merged into",
            ),
        ),
        migrations.RunSQL(ADDED, migrations.RunSQL.noop),
    ]
