from django.db import migrations

from core.db.cascades import set_null_in_database

# Without this, a report of a comment that is deleted would become a report of the note that it names too.
LEAVE_NOTE = """
CREATE FUNCTION leave_note_with_comment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.note_id = NULL;
    RETURN NEW;
END $$;

CREATE TRIGGER leave_note_of_deleted_comment BEFORE UPDATE OF comment_id ON moderation_report
    FOR EACH ROW WHEN (OLD.comment_id IS NOT NULL AND NEW.comment_id IS NULL)
    EXECUTE FUNCTION leave_note_with_comment();
"""
STAY = """
DROP TRIGGER leave_note_of_deleted_comment ON moderation_report;
DROP FUNCTION leave_note_with_comment();
"""
PEOPLE = ("opened_by_id", "subject_id", "person_id")
NAMES = ("note_id", "photo_id", "comment_id", "label_id", "tag_id", "campus_id", "collection_id", "series_id")


class Migration(migrations.Migration):
    """Keep cases and decisions when the version before deletes what they are about, which does not know them."""

    dependencies = [("moderation", "0007_cases")]

    operations = [
        migrations.RunSQL(LEAVE_NOTE, STAY),
        set_null_in_database("moderation_case", *PEOPLE, *NAMES),
        set_null_in_database("moderation_decision", "decided_by_id", "undone_by_id", "subject_id"),
        set_null_in_database("moderation_appeal", "decided_by_id"),
    ]
