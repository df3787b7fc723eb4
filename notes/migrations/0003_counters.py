from django.db import migrations

COUNT_REACTIONS = """
CREATE FUNCTION count_{what}s() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    step integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    PERFORM 1 FROM notes_note WHERE id IN (SELECT note_id FROM changed) ORDER BY id FOR NO KEY UPDATE;

    UPDATE notes_note
    SET {what}_count = {what}_count + step * moved.number
    FROM (SELECT note_id, count(*) AS number FROM changed GROUP BY note_id) AS moved
    WHERE id = moved.note_id;
    RETURN NULL;
END $$;

CREATE TRIGGER count_{what}s_made AFTER INSERT ON notes_{what}
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_{what}s();
CREATE TRIGGER count_{what}s_ended AFTER DELETE ON notes_{what}
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_{what}s();
"""

FORGET_REACTIONS = """
DROP TRIGGER count_{what}s_made ON notes_{what};
DROP TRIGGER count_{what}s_ended ON notes_{what};
DROP FUNCTION count_{what}s();
"""

# A comment counts while it is neither deleted nor hidden by a moderator.
COUNT_COMMENTS = """
CREATE FUNCTION move_comment_count(notes bigint[], steps bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM notes_note WHERE id = ANY (notes) ORDER BY id FOR NO KEY UPDATE;

    UPDATE notes_note
    SET comment_count = comment_count + moved.number
    FROM (
        SELECT note, sum(step) AS number FROM unnest(notes, steps) AS changes (note, step) GROUP BY note
    ) AS moved
    WHERE id = moved.note AND moved.number <> 0;
END $$;

CREATE FUNCTION count_comments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM move_comment_count(array_agg(note_id), array_agg(CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END))
    FROM changed WHERE deleted_at IS NULL AND hidden_at IS NULL;
    RETURN NULL;
END $$;

CREATE FUNCTION recount_comments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM move_comment_count(array_agg(note_id), array_agg(step))
    FROM (
        SELECT note_id, -1 AS step FROM before WHERE deleted_at IS NULL AND hidden_at IS NULL
        UNION ALL
        SELECT note_id, 1 FROM after WHERE deleted_at IS NULL AND hidden_at IS NULL
    ) AS changes;
    RETURN NULL;
END $$;

CREATE TRIGGER count_comments_made AFTER INSERT ON notes_comment
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_comments();
CREATE TRIGGER count_comments_ended AFTER DELETE ON notes_comment
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_comments();
CREATE TRIGGER count_comments_changed AFTER UPDATE ON notes_comment
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION recount_comments();
"""

FORGET_COMMENTS = """
DROP TRIGGER count_comments_made ON notes_comment;
DROP TRIGGER count_comments_ended ON notes_comment;
DROP TRIGGER count_comments_changed ON notes_comment;
DROP FUNCTION count_comments();
DROP FUNCTION recount_comments();
DROP FUNCTION move_comment_count(bigint[], bigint[]);
"""

TWO_LEVELS = """
CREATE FUNCTION comment_two_levels() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM notes_comment AS parent
        WHERE parent.id = NEW.parent_id AND (parent.parent_id IS NOT NULL OR parent.note_id <> NEW.note_id)
    ) OR TG_OP = 'UPDATE' AND EXISTS (
        SELECT FROM notes_comment AS reply
        WHERE reply.parent_id = NEW.id AND (NEW.parent_id IS NOT NULL OR reply.note_id <> NEW.note_id)
    ) THEN
        RAISE check_violation USING
            MESSAGE = 'A reply stands under a first-level comment of the same note.',
            CONSTRAINT = 'comment_two_levels';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER comment_two_levels BEFORE INSERT OR UPDATE OF parent_id, note_id ON notes_comment
    FOR EACH ROW EXECUTE FUNCTION comment_two_levels();
"""

FORGET_LEVELS = """
DROP TRIGGER comment_two_levels ON notes_comment;
DROP FUNCTION comment_two_levels();
"""


class Migration(migrations.Migration):
    """Keeps a note's counters, whoever writes the rows, and comments at two levels."""

    dependencies = [("notes", "0002_initial")]
    operations = [
        *(
            migrations.RunSQL(COUNT_REACTIONS.format(what=what), FORGET_REACTIONS.format(what=what))
            for what in ("like", "collect")
        ),
        migrations.RunSQL(COUNT_COMMENTS, FORGET_COMMENTS),
        migrations.RunSQL(TWO_LEVELS, FORGET_LEVELS),
    ]
