from django.db import migrations

# One row for each kind, actor and object. What is done again after it was taken back is the same row, as old and as
# read as it was. A note that the person muted, and a kind that they turned off, tell nothing new; what moderators decide
# is told all the same. A group is held until the transaction ends, so likes of one note take turns, as they do to be
# counted.
TELL = """
CREATE FUNCTION tell(
    what text, told_people bigint[], actors bigint[], notes bigint[], comments bigint[], labels bigint[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    one record;
    told bigint;
    held bigint;
    joint text;
BEGIN
    FOR one IN
        SELECT DISTINCT person, actor, note, comment, label
        FROM unnest(told_people, actors, notes, comments, labels) AS news (person, actor, note, comment, label)
        WHERE person IS NOT NULL AND person IS DISTINCT FROM actor
            AND NOT EXISTS (
                SELECT FROM notifications_inbox WHERE person_id = person AND what = ANY (off::text[])
            )
            AND (what IN ('note_hidden', 'note_restored') OR NOT EXISTS (
                SELECT FROM notifications_mutednote WHERE person_id = person AND note_id = note
            ))
        ORDER BY person, note, comment, actor
    LOOP
        INSERT INTO notifications_notification AS known (
            person_id, kind, actor_id, note_id, comment_id, label_id, created_at, is_withdrawn
        )
        VALUES (one.person, what, one.actor, one.note, one.comment, one.label, now(), false)
        ON CONFLICT (person_id, kind, actor_id, note_id, comment_id, label_id)
            DO UPDATE SET is_withdrawn = false WHERE known.is_withdrawn
        RETURNING id, group_id INTO told, held;
        CONTINUE WHEN told IS NULL OR held IS NOT NULL;

        joint := CASE
            WHEN what IN ('like', 'save', 'comment_like')
            THEN concat_ws(':', what, coalesce(one.comment, one.note), site_day(now()))
            ELSE ''
        END;
        INSERT INTO notifications_notificationgroup AS known (person_id, key, newest)
        VALUES (one.person, joint, told)
        ON CONFLICT (person_id, key) WHERE key > ''
            DO UPDATE SET newest = greatest(known.newest, excluded.newest)
        RETURNING id INTO held;
        UPDATE notifications_notification SET group_id = held WHERE id = told;
    END LOOP;
END $$;
"""

TAKE_BACK = """
CREATE FUNCTION take_back(
    what text, told_people bigint[], actors bigint[], notes bigint[], comments bigint[]
) RETURNS void LANGUAGE sql AS $$
    UPDATE notifications_notification AS told SET is_withdrawn = true
    FROM unnest(told_people, actors, notes, comments) AS gone (person, actor, note, comment)
    WHERE told.person_id = gone.person AND told.kind = what AND told.actor_id = gone.actor
        AND told.note_id IS NOT DISTINCT FROM gone.note AND told.comment_id IS NOT DISTINCT FROM gone.comment
        AND NOT told.is_withdrawn;
$$;
"""

# A group goes with its last notification. It is held before it is looked at whether there is one.
FORGET_GROUPS = """
CREATE FUNCTION forget_notification_groups() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM notifications_notificationgroup WHERE id IN (SELECT group_id FROM gone) ORDER BY id FOR UPDATE;
    DELETE FROM notifications_notificationgroup AS held
    WHERE id IN (SELECT group_id FROM gone)
        AND NOT EXISTS (SELECT FROM notifications_notification WHERE group_id = held.id);
    RETURN NULL;
END $$;
CREATE TRIGGER forget_notification_groups AFTER DELETE ON notifications_notification
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION forget_notification_groups();
"""

BY_STATEMENT = """
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {does}
    RETURN NULL;
END $$;
CREATE TRIGGER {function} AFTER {event} ON {table}
    REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {function}();
"""

OF_NOTE = """PERFORM {act}('{kind}', array_agg(note.author_id), array_agg(changed.person_id), array_agg(note.id), NULL{rest})
    FROM changed JOIN notes_note AS note ON note.id = changed.note_id;"""
OF_COMMENT = """PERFORM {act}('comment_like', array_agg(said.author_id), array_agg(changed.person_id), array_agg(said.note_id),
        array_agg(said.id){rest})
    FROM changed JOIN notes_comment AS said ON said.id = changed.comment_id;"""
OF_PERSON = """PERFORM {act}('{kind}', array_agg({told}), array_agg({actor}), NULL, NULL{rest}) FROM changed{where};"""

# A reply is told to the author of what it answers, and to the author of the note, to each once.
OF_SAID = """PERFORM tell('reply', array_agg(answered.author_id), array_agg(changed.author_id), array_agg(changed.note_id),
        array_agg(changed.id), NULL)
    FROM changed JOIN notes_comment AS answered ON answered.id = coalesce(changed.in_reply_to_id, changed.parent_id)
    WHERE changed.deleted_at IS NULL;
    PERFORM tell('comment', array_agg(note.author_id), array_agg(changed.author_id), array_agg(note.id),
        array_agg(changed.id), NULL)
    FROM changed JOIN notes_note AS note ON note.id = changed.note_id
    LEFT JOIN notes_comment AS answered ON answered.id = coalesce(changed.in_reply_to_id, changed.parent_id)
    WHERE changed.deleted_at IS NULL AND answered.author_id IS DISTINCT FROM note.author_id;"""


def _pair(table: str, made: str, ended: str) -> list[tuple[str, str, str, str]]:
    return [(f"tell_{table}", "INSERT", table, made), (f"take_back_{table}", "DELETE", table, ended)]


def _both(table: str, does: str, **names: str) -> list[tuple[str, str, str, str]]:
    tells = does.format(act="tell", rest=", NULL", **names)
    return _pair(table, tells, does.format(act="take_back", rest="", **names))


TRIGGERS = [
    *_both("notes_like", OF_NOTE, kind="like"),
    *_both("notes_collect", OF_NOTE, kind="save"),
    *_both("notes_commentlike", OF_COMMENT),
    ("tell_notes_comment", "INSERT", "notes_comment", OF_SAID),
    *_both("profiles_followrequest", OF_PERSON, kind="request", told="followed_id", actor="follower_id", where=""),
    *_pair(
        "profiles_follow",
        *(
            "\n    ".join(
                OF_PERSON.format(act=act, rest=rest, kind=kind, told=told, actor=actor, where=where)
                for kind, told, actor, where in [
                    ("follow", "followed_id", "follower_id", " WHERE NOT is_approved"),
                    ("approval", "follower_id", "followed_id", " WHERE is_approved"),
                ]
            )
            for act, rest in [("tell", ", NULL"), ("take_back", "")]
        ),
    ),
]

# Row by row: rows of notes change all the time, and hardly ever in this column. Hidden again is news again, with what
# was told before gone.
HIDING = """
CREATE FUNCTION tell_of_hidden_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM notifications_notification
    WHERE person_id = NEW.author_id AND kind IN ('note_hidden', 'note_restored') AND note_id = NEW.id;
    IF coalesce(NEW.hidden_by_id, OLD.hidden_by_id) IS DISTINCT FROM NEW.author_id THEN
        PERFORM tell(
            CASE WHEN NEW.hidden_at IS NULL THEN 'note_restored' ELSE 'note_hidden' END,
            ARRAY[NEW.author_id], NULL, ARRAY[NEW.id], NULL, NULL
        );
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tell_of_hidden_note AFTER UPDATE OF hidden_at ON notes_note FOR EACH ROW
    WHEN ((OLD.hidden_at IS NULL) <> (NEW.hidden_at IS NULL)) EXECUTE FUNCTION tell_of_hidden_note();

CREATE FUNCTION tell_of_hidden_label() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM notifications_notification WHERE label_id = NEW.id;
    IF NEW.hidden_at IS NOT NULL THEN
        PERFORM tell('label_hidden', array_agg(person_id), NULL, NULL, NULL, array_agg(NEW.id))
        FROM profiles_positioning
        WHERE label_id = NEW.id AND retired_at IS NULL AND person_id IS DISTINCT FROM NEW.hidden_by_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tell_of_hidden_label AFTER UPDATE OF hidden_at ON profiles_label FOR EACH ROW
    WHEN ((OLD.hidden_at IS NULL) <> (NEW.hidden_at IS NULL)) EXECUTE FUNCTION tell_of_hidden_label();
"""

# What notes/models/muting.py matches a viewer's muted words with, for queries that load the viewer themselves. As there,
# each kind of boundary is written once around all its words.
MUTED_PATTERN = r"""
CREATE FUNCTION muted_pattern(words text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT lower(string_agg(kind, '|'))
    FROM (
        SELECT before || '(?:' || string_agg(escaped, '|') || ')' || after AS kind
        FROM unnest(words) AS muted (word)
        CROSS JOIN LATERAL (SELECT '[0-9a-z\u00b5\u00df-\u024f\u0300-\u052f\u1e00-\u1fff]' AS letter) AS of
        CROSS JOIN LATERAL (
            SELECT word LIKE '#%' AS is_tag, lower(btrim(regexp_replace(
                normalize(CASE WHEN word LIKE '#%' THEN substr(word, 2) ELSE word END, NFKC), '\s+', ' ', 'g'
            ))) AS tidy
        ) AS cleaned
        CROSS JOIN LATERAL (
            SELECT regexp_replace(tidy, '([][\\.^$|?*+(){}#&~-])', '\\\1', 'g') AS plain
        ) AS plainly
        CROSS JOIN LATERAL (
            SELECT CASE WHEN is_tag THEN plain ELSE replace(plain, ' ', '\s+') END AS escaped,
                CASE
                    WHEN is_tag THEN chr(1)
                    WHEN left(tidy, 1) ~ letter THEN '(?<!' || letter || ')' ELSE ''
                END AS before,
                CASE
                    WHEN is_tag THEN chr(1)
                    WHEN right(tidy, 1) ~ letter THEN '(?!' || letter || ')' ELSE ''
                END AS after
        ) AS bounded
        GROUP BY before, after
    ) AS kinds
$$;
"""

FORGET = """
DROP TRIGGER tell_of_hidden_note ON notes_note;
DROP TRIGGER tell_of_hidden_label ON profiles_label;
DROP TRIGGER forget_notification_groups ON notifications_notification;
DROP FUNCTION tell_of_hidden_note();
DROP FUNCTION tell_of_hidden_label();
DROP FUNCTION forget_notification_groups();
DROP FUNCTION tell(text, bigint[], bigint[], bigint[], bigint[], bigint[]);
DROP FUNCTION take_back(text, bigint[], bigint[], bigint[], bigint[]);
DROP FUNCTION muted_pattern(text[]);
"""


class Migration(migrations.Migration):
    """Tell people what is done to them, in the transaction that does it; past things are not told."""

    safe_because = "the tables that the functions write are new, and a trigger is made in a moment"
    dependencies = [
        ("notifications", "0001_initial"),
        ("notes", "0038_open_report_count"),
        ("profiles", "0029_follow_is_approved"),
    ]
    operations = [
        migrations.RunSQL([TELL, TAKE_BACK, FORGET_GROUPS, HIDING, MUTED_PATTERN], FORGET),
        *(
            migrations.RunSQL(
                BY_STATEMENT.format(
                    function=function,
                    event=event,
                    table=table,
                    does=does,
                    rows="NEW" if event == "INSERT" else "OLD",
                ),
                f"DROP TRIGGER {function} ON {table}; DROP FUNCTION {function}();",
            )
            for function, event, table, does in TRIGGERS
        ),
    ]
