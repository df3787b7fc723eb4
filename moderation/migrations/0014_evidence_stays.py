from django.db import migrations, models

from core.db.cascades import set_null_in_database

REASONS = [
    ("harassment", "Harassment, hate or threats"),
    ("sexual", "Sexual content"),
    ("child_abuse", "Sexual content with someone under 18"),
    ("self_harm", "Self-harm or suicide"),
    ("danger", "Someone may be in danger"),
    ("private", "Someone’s private information"),
    ("undisclosed", "An ad that doesn’t say it is one"),
    ("advertising", "Spam or a scam"),
    ("copied", "Copied from someone else"),
    ("rule", "Another rule is broken"),
    ("other", "Something else"),
]


class Migration(migrations.Migration):
    """Keep copies and seals when the version before deletes a report or an account, which does not know them."""

    dependencies = [("moderation", "0013_evidence")]
    operations = [
        set_null_in_database("moderation_evidence", "report_id"),
        set_null_in_database("moderation_seal", "lifted_by_id"),
        migrations.AlterField(
            "report", "reason", models.CharField(choices=REASONS, max_length=11, verbose_name="what is wrong")
        ),
        migrations.AlterField(
            "case",
            "reason",
            models.CharField(blank=True, choices=REASONS, max_length=11, verbose_name="what is wrong"),
        ),
    ]
