from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    """Allow one pinned comment a note, and find the replies to a reply. Safe to run again where it was interrupted."""

    atomic = False
    dependencies = [("notes", "0035_comment_pins")]
    operations = [
        ValidateConstraint("comment", "comment_pinned_first_level"),
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    [
                        "DROP INDEX CONCURRENTLY IF EXISTS comment_pinned_once",
                        "CREATE UNIQUE INDEX CONCURRENTLY comment_pinned_once ON notes_comment (note_id)"
                        " WHERE pinned_at IS NOT NULL",
                    ],
                    "DROP INDEX CONCURRENTLY IF EXISTS comment_pinned_once",
                ),
                migrations.RunSQL(
                    [
                        "DROP INDEX CONCURRENTLY IF EXISTS comment_in_reply_to",
                        "CREATE INDEX CONCURRENTLY comment_in_reply_to ON notes_comment (in_reply_to_id)"
                        " WHERE in_reply_to_id IS NOT NULL",
                    ],
                    "DROP INDEX CONCURRENTLY IF EXISTS comment_in_reply_to",
                ),
            ],
            [
                migrations.AddConstraint(
                    "comment",
                    models.UniqueConstraint(
                        fields=["note"],
                        condition=models.Q(pinned_at__isnull=False),
                        name="comment_pinned_once",
                    ),
                ),
                migrations.AddIndex(
                    "comment",
                    models.Index(
                        fields=["in_reply_to"],
                        condition=models.Q(in_reply_to__isnull=False),
                        name="comment_in_reply_to",
                    ),
                ),
            ],
        ),
    ]
