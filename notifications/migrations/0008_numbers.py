from django.db import migrations, models

KINDS = [
    ("like", "Likes"),
    ("save", "Saves"),
    ("comment", "Comments on your notes"),
    ("reply", "Replies to your comments"),
    ("comment_like", "Likes of your comments"),
    ("mention", "Mentions"),
    ("follow", "New followers"),
    ("request", "Follow requests"),
    ("approval", "Follow requests that were approved"),
    ("note_hidden", "A note of yours is hidden"),
    ("note_restored", "A hidden note of yours is visible again"),
    ("label_hidden", "Your label is hidden"),
    ("archive", "The copy of your data is ready"),
    ("decision", "A decision about you or what you posted"),
    ("decision_undone", "A decision about you was taken back"),
    ("appeal_granted", "Your appeal was granted"),
    ("appeal_refused", "Your appeal was refused"),
    ("report_acted", "What you reported breaks a rule"),
    ("report_kept", "What you reported breaks no rule"),
    ("report_gone", "What you reported is gone"),
    ("report_changed", "A decision about what you reported was changed"),
]


class Migration(migrations.Migration):
    """Give notifications the number of the decision or report that they are about."""

    dependencies = [("notifications", "0007_cascades")]
    operations = [
        migrations.AddField("notification", "number", models.BigIntegerField(null=True)),
        migrations.AlterField(
            "notification", "kind", models.CharField(choices=KINDS, max_length=16, verbose_name="kind")
        ),
    ]
