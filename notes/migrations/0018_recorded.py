import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns for what is shown, opened and reached, and readers that outlive their account.

    Columns are nullable or have a database default, so that no row is rewritten.
    """

    dependencies = [("notes", "0017_tags_keep_marks"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.AddField(
            "noteday", "shown", models.PositiveIntegerField(db_default=0, default=0, verbose_name="shown")
        ),
        migrations.AddField(
            "noteday", "opened", models.PositiveIntegerField(db_default=0, default=0, verbose_name="opened")
        ),
        migrations.AddField(
            "notereader",
            "reached",
            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="furthest photo"),
        ),
        # By hand: Django would make the foreign key anew, and check every row of readers meanwhile.
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "ALTER TABLE notes_notereader ALTER COLUMN person_id DROP NOT NULL",
                    "ALTER TABLE notes_notereader ALTER COLUMN person_id SET NOT NULL",
                )
            ],
            [
                migrations.AlterField(
                    "notereader",
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                )
            ],
        ),
        migrations.CreateModel(
            "Measured",
            [
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("readers", "Readers"),
                            ("engaged", "Readers who answered, by the day of their first opening"),
                            ("shown", "Shown"),
                            ("opened", "Opened"),
                            ("hours", "Hours of reading"),
                            ("reached", "Photos reached"),
                            ("visits", "Profile visits"),
                            ("won", "Followers won"),
                            ("lost", "Followers lost"),
                        ],
                        max_length=8,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("since", models.DateField(verbose_name="measured since")),
            ],
            {
                "verbose_name": "beginning of a measurement",
                "verbose_name_plural": "beginnings of measurements",
            },
        ),
    ]
