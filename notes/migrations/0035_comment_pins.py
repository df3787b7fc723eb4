import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Store which comment is pinned, when one was edited, and which reply a reply answers."""

    dependencies = [("notes", "0034_comment_likes")]
    operations = [
        migrations.AddField(
            "comment",
            "edited_at",
            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="edited"),
        ),
        migrations.AddField(
            "comment",
            "pinned_at",
            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="pinned"),
        ),
        migrations.AddField(
            "comment",
            "in_reply_to",
            models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="notes.comment",
            ),
        ),
        AddConstraintNotValid(
            "comment",
            models.CheckConstraint(
                condition=models.Q(("pinned_at__isnull", True), ("parent__isnull", True), _connector="OR"),
                name="comment_pinned_first_level",
            ),
        ),
    ]
