import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

COUNT = """
CREATE FUNCTION count_comment_likes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    step integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    PERFORM 1 FROM notes_comment WHERE id IN (SELECT comment_id FROM changed) ORDER BY id FOR NO KEY UPDATE;

    UPDATE notes_comment
    SET like_count = like_count + step * moved.number
    FROM (SELECT comment_id, count(*) AS number FROM changed GROUP BY comment_id) AS moved
    WHERE id = moved.comment_id;
    RETURN NULL;
END $$;

CREATE TRIGGER count_comment_likes_made AFTER INSERT ON notes_commentlike
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_comment_likes();
CREATE TRIGGER count_comment_likes_ended AFTER DELETE ON notes_commentlike
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_comment_likes();
"""
FORGET = """
DROP TRIGGER count_comment_likes_made ON notes_commentlike;
DROP TRIGGER count_comment_likes_ended ON notes_commentlike;
DROP FUNCTION count_comment_likes();
"""

# An update of a comment changes its note's counter only where the comment starts or ceases to count, or moves to another
# note. Other updates, as of `like_count`, must not lock the note: whoever deletes locks the note before its comments.
RECOUNT = """
CREATE OR REPLACE FUNCTION recount_comments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM move_comment_count(array_agg(note), array_agg(step))
    FROM before JOIN after USING (id)
    CROSS JOIN LATERAL (VALUES
        (before.note_id, CASE WHEN before.deleted_at IS NULL AND before.hidden_at IS NULL THEN -1 ELSE 0 END),
        (after.note_id, CASE WHEN after.deleted_at IS NULL AND after.hidden_at IS NULL THEN 1 ELSE 0 END)
    ) AS changes (note, step)
    WHERE (before.deleted_at IS NULL AND before.hidden_at IS NULL, before.note_id)
        <> (after.deleted_at IS NULL AND after.hidden_at IS NULL, after.note_id);
    RETURN NULL;
END $$;
"""
RECOUNT_ALWAYS = """
CREATE OR REPLACE FUNCTION recount_comments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM move_comment_count(array_agg(note_id), array_agg(step))
    FROM (
        SELECT note_id, -1 AS step FROM before WHERE deleted_at IS NULL AND hidden_at IS NULL
        UNION ALL
        SELECT note_id, 1 FROM after WHERE deleted_at IS NULL AND hidden_at IS NULL
    ) AS changes;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    """Store likes of comments, and keep their number on the comment."""

    dependencies = [
        ("notes", "0033_read_languages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "comment",
            "like_count",
            models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name="likes"),
        ),
        migrations.CreateModel(
            "CommentLike",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "comment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="likes",
                        to="notes.comment",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "-id"], name="comment_like_of_person")],
                "constraints": [
                    models.UniqueConstraint(fields=["comment", "person"], name="comment_like_once")
                ],
            },
        ),
        migrations.RunSQL(COUNT, FORGET),
        migrations.RunSQL(RECOUNT, RECOUNT_ALWAYS),
    ]
