from django.conf import settings
from django.db import migrations

from core.db.days import SITE_DAY

# All that makes a reader an engaged one, while it stands. A question about one note and person goes to the indexes.
ENGAGEMENTS = """
CREATE FUNCTION engagements() RETURNS TABLE (note_id bigint, person_id bigint, at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT reaction.note_id, reaction.person_id, reaction.created_at FROM notes_like AS reaction
    UNION ALL
    SELECT reaction.note_id, reaction.person_id, reaction.created_at FROM notes_collect AS reaction
    UNION ALL
    SELECT said.note_id, said.author_id, said.created_at FROM notes_comment AS said
    WHERE said.deleted_at IS NULL AND said.hidden_at IS NULL
    UNION ALL
    SELECT note.id, follow.follower_id, follow.created_at
    FROM profiles_follow AS follow
    JOIN notes_note AS note ON note.id = follow.from_note AND note.author_id = follow.followed_id
$$;
"""

# Readers are held before it is looked at what stands: of two at once, the later one sees what the earlier one did. Who
# reacts holds the note already and who follows both people, by the triggers that count, which come first by their names;
# whoever adds a reader holds note and person too. So an answer finds the reader there, or the reader finds the answer.
ENGAGE = """
CREATE FUNCTION engage(notes bigint[], people bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM notes_notereader AS held
    WHERE (note_id, person_id) IN (SELECT * FROM unnest(notes, people))
    ORDER BY note_id, person_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;

    UPDATE notes_notereader AS reader SET engaged_day = standing.day
    FROM (
        SELECT held.id, CASE
            WHEN since IS NOT NULL
            THEN coalesce(held.engaged_day, greatest(held.first_seen_day, site_day(since)))
        END AS day
        FROM unnest(notes, people) AS pair (note, person)
        JOIN notes_notereader AS held ON held.note_id = pair.note AND held.person_id = pair.person
        CROSS JOIN LATERAL (
            SELECT min(at) AS since FROM engagements() AS engaged
            WHERE engaged.note_id = pair.note AND engaged.person_id = pair.person
        ) AS first
    ) AS standing
    WHERE reader.id = standing.id AND reader.engaged_day IS DISTINCT FROM standing.day;
END $$;
"""

ENGAGE_BY = """
CREATE FUNCTION engage_by_{what}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM engage(array_agg(note), array_agg(person)) FROM (SELECT DISTINCT {pairs}) AS pairs (note, person);
    RETURN NULL;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER engage_by_{table}_made AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION engage_by_{what}();
CREATE TRIGGER engage_by_{table}_ended AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION engage_by_{what}();
"""

CHANGED_COMMENTS = """
CREATE TRIGGER engage_by_notes_comment_changed AFTER UPDATE ON notes_comment
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT
    EXECUTE FUNCTION engage_by_changed_comment();
"""

# A comment that is changed engages or ends it where it begins or ceases to count, there or on another note.
PAIRS = {
    "reaction": "note_id, person_id FROM changed",
    "comment": "note_id, author_id FROM changed WHERE deleted_at IS NULL AND hidden_at IS NULL",
    "follow": "from_note, follower_id FROM changed WHERE from_note IS NOT NULL",
    "changed_comment": """ends.note, before.author_id
        FROM before JOIN after USING (id)
        CROSS JOIN LATERAL (VALUES (before.note_id), (after.note_id)) AS ends (note)
        WHERE (before.deleted_at IS NULL AND before.hidden_at IS NULL, before.note_id)
            <> (after.deleted_at IS NULL AND after.hidden_at IS NULL, after.note_id)""",
}
TABLES = {
    "notes_like": "reaction",
    "notes_collect": "reaction",
    "notes_comment": "comment",
    "profiles_follow": "follow",
}

FORGET_TRIGGERS = """
DROP TRIGGER engage_by_{table}_made ON {table};
DROP TRIGGER engage_by_{table}_ended ON {table};
"""

FORGET = """
DROP FUNCTION engage(bigint[], bigint[]);
DROP FUNCTION engagements();
DROP FUNCTION site_day(timestamptz);
"""


class Migration(migrations.Migration):
    """Keeps NoteReader.engaged_day, whoever likes, collects, comments or follows, or undoes it.

    It is the day of the first of what stands, not before the note was opened, and stays until nothing stands.
    """

    dependencies = [("notes", "0013_epochs"), ("profiles", "0008_where_from")]
    operations = [
        migrations.RunSQL([(SITE_DAY, [settings.TIME_ZONE]), ENGAGEMENTS, ENGAGE], FORGET),
        *(
            migrations.RunSQL(
                ENGAGE_BY.format(what=what, pairs=pairs), f"DROP FUNCTION engage_by_{what}();"
            )
            for what, pairs in PAIRS.items()
        ),
        *(
            migrations.RunSQL(
                TRIGGERS.format(table=table, what=what), FORGET_TRIGGERS.format(table=table)
            )
            for table, what in TABLES.items()
        ),
        migrations.RunSQL(
            CHANGED_COMMENTS, "DROP TRIGGER engage_by_notes_comment_changed ON notes_comment;"
        ),
    ]
