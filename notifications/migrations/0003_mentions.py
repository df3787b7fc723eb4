from django.db import migrations

# A person who is told of the comment anyway, as a reply or under their note, is not told twice. The row of a mention
# stays when the text loses it and has it again, so that it is not news again: it only comes and goes.
TELL = """
CREATE FUNCTION tell_notes_mention() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell('mention', array_agg(person_id), array_agg(author_id), array_agg(note_id), array_agg(comment_id), NULL)
    FROM changed
    WHERE removed_at IS NULL AND NOT EXISTS (
        SELECT FROM notifications_notification AS told
        WHERE told.comment_id = changed.comment_id AND told.person_id = changed.person_id
            AND told.kind IN ('comment', 'reply')
    );
    RETURN NULL;
END $$;
CREATE TRIGGER tell_notes_mention AFTER INSERT ON notes_mention
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_notes_mention();

CREATE FUNCTION keep_told_mentions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE notifications_notification AS told SET is_withdrawn = changed.removed_at IS NOT NULL
    FROM changed
    WHERE told.person_id = changed.person_id AND told.kind = 'mention' AND told.actor_id = changed.author_id
        AND told.note_id = changed.note_id AND told.comment_id IS NOT DISTINCT FROM changed.comment_id
        AND told.is_withdrawn <> (changed.removed_at IS NOT NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER keep_told_mentions AFTER UPDATE ON notes_mention
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_told_mentions();
"""

FORGET = """
DROP TRIGGER tell_notes_mention ON notes_mention;
DROP TRIGGER keep_told_mentions ON notes_mention;
DROP FUNCTION tell_notes_mention();
DROP FUNCTION keep_told_mentions();
"""


class Migration(migrations.Migration):
    """Tell people that they are mentioned, in the transaction that stores the mention; past ones are not told."""

    safe_because = "a mention has one notification, found by its index, and a trigger is made in a moment"
    dependencies = [("notifications", "0002_triggers"), ("notes", "0040_past_mentions")]
    operations = [migrations.RunSQL(TELL, FORGET)]
