from django.db import migrations, models

FORGET_TEXT = """
CREATE FUNCTION forget_reported_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE moderation_report SET reported_text = ''
    WHERE reported_text <> '' AND comment_id IN (
        SELECT id FROM before JOIN after USING (id)
        WHERE before.deleted_at IS NULL AND after.deleted_at IS NOT NULL
    );
    RETURN NULL;
END $$;

CREATE TRIGGER forget_reported_text_of_deleted AFTER UPDATE ON notes_comment
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION forget_reported_text();
"""
KEEP_TEXT = """
DROP TRIGGER forget_reported_text_of_deleted ON notes_comment;
DROP FUNCTION forget_reported_text();
"""


class Migration(migrations.Migration):
    """Store what was reported as it read then, until it is deleted. Older reports have none."""

    dependencies = [
        ("moderation", "0005_count_reports_that_are_there"),
        ("notes", "0040_past_mentions"),
    ]
    operations = [
        migrations.AddField(
            "report",
            "reported_text",
            models.TextField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                verbose_name="text when it was reported",
            ),
        ),
        migrations.RunSQL(FORGET_TEXT, KEEP_TEXT),
    ]
