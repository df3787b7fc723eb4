from django.db import migrations, models


class Migration(migrations.Migration):
    """Topics keep the time they stood, and a person says whether others see their earlier labels.

    Columns are nullable or have a database default, so that no row is rewritten.
    """

    safe_because = "a label has five topics at most, and only saving one writes them: the indexes take a moment"
    dependencies = [("profiles", "0017_former_slugs")]
    operations = [
        migrations.AddField(
            "user",
            "shows_chapters",
            models.BooleanField(
                db_default=True, default=True, editable=False, verbose_name="shows earlier labels"
            ),
        ),
        migrations.AddField(
            "positioningtopic",
            "given_at",
            models.DateTimeField(blank=True, null=True, verbose_name="given"),
        ),
        migrations.AddField(
            "positioningtopic",
            "taken_at",
            models.DateTimeField(blank=True, null=True, verbose_name="taken away"),
        ),
        migrations.RemoveConstraint("positioningtopic", "topic_once"),
        migrations.RemoveConstraint("positioningtopic", "topic_one_a_position"),
        migrations.AddConstraint(
            "positioningtopic",
            models.UniqueConstraint(
                condition=models.Q(taken_at__isnull=True), fields=("positioning", "tag"), name="topic_once"
            ),
        ),
        migrations.AddConstraint(
            "positioningtopic",
            models.UniqueConstraint(
                condition=models.Q(taken_at__isnull=True),
                fields=("positioning", "position"),
                name="topic_one_a_position",
            ),
        ),
    ]
