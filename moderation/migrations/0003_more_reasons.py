from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0002_say_more_of_the_same")]

    operations = [
        migrations.AlterField(
            model_name="report",
            name="reason",
            field=models.CharField(
                choices=[
                    ("harassment", "Harassment, hate or threats"),
                    ("sexual", "Sexual content"),
                    ("self_harm", "Self-harm or suicide"),
                    ("danger", "Someone may be in danger"),
                    ("private", "Someone’s private information"),
                    ("undisclosed", "An ad that doesn’t say it is one"),
                    ("advertising", "Spam or a scam"),
                    ("copied", "Copied from someone else"),
                    ("rule", "Another rule is broken"),
                    ("other", "Something else"),
                ],
                max_length=11,
                verbose_name="what is wrong",
            ),
        ),
    ]
