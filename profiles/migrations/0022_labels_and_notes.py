from datetime import UTC, datetime

from django.db import migrations, models

# Of a positioning, asked anew: when its person's newest note that everybody may find and that has one of its topics was
# published; and its Focus on all such notes (notes/focus.py) in tenths, or null below five.
TRUTH = """
CREATE FUNCTION newest_on_topic(positioning bigint) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT coalesce(max(tagging.listed_at), '1970-01-01 00:00:00+00')
    FROM profiles_positioning AS said
    JOIN notes_note AS note ON note.author_id = said.person_id
    JOIN notes_taggednote AS tagging ON tagging.content_object_id = note.id AND tagging.listed_at IS NOT NULL
    JOIN profiles_positioningtopic AS place
        ON place.positioning_id = said.id AND place.taken_at IS NULL AND place.tag_id = tagging.tag_id
    WHERE said.id = positioning
$$;

CREATE FUNCTION focus_in_tenths(positioning bigint) RETURNS smallint LANGUAGE sql STABLE AS $$
    WITH notes AS (
        SELECT site_day(note.published_at) AS day,
            coalesce((
                SELECT avg((place.id IS NOT NULL)::integer)
                FROM notes_taggednote AS tagging
                LEFT JOIN profiles_positioningtopic AS place
                    ON place.positioning_id = said.id AND place.taken_at IS NULL AND place.tag_id = tagging.tag_id
                WHERE tagging.content_object_id = note.id
            ), 0)::float8 AS about
        FROM profiles_positioning AS said
        JOIN notes_note AS note ON note.author_id = said.person_id
        WHERE said.id = positioning
            AND note_listed_at(note.status, note.visibility, note.hidden_at, note.published_at) IS NOT NULL
    ), weighed AS (
        SELECT about, 2::float8 ^ (greatest(day - max(day) OVER (), -14000) / 14::float8) AS weight FROM notes
    )
    SELECT CASE WHEN count(*) >= 5 THEN
        floor(round((10 * sum(weight * about) / sum(weight))::numeric, 6) + 0.5)::smallint
    END
    FROM weighed
$$;
"""
FORGET_TRUTH = """
DROP FUNCTION focus_in_tenths(bigint);
DROP FUNCTION newest_on_topic(bigint);
"""

# People are held after their notes and before their positionings, as by whoever publishes or declares: of two changes
# at the same moment the second finds what the first has written.
TELL = """
CREATE FUNCTION tell_labels(people bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM profiles_user WHERE id = ANY (people) ORDER BY id FOR NO KEY UPDATE;

    UPDATE profiles_positioning AS said SET newest_on_topic = truth.newest, focus_shown = truth.focus
    FROM (
        SELECT positioning.id, newest_on_topic(positioning.id) AS newest,
            CASE WHEN person.shows_focus THEN focus_in_tenths(positioning.id) END AS focus
        FROM profiles_positioning AS positioning JOIN profiles_user AS person ON person.id = positioning.person_id
        WHERE positioning.person_id = ANY (people) AND positioning.retired_at IS NULL
    ) AS truth
    WHERE said.id = truth.id
        AND (said.newest_on_topic <> truth.newest OR said.focus_shown IS DISTINCT FROM truth.focus);
END $$;
"""
FORGET_TELL = "DROP FUNCTION tell_labels(bigint[]);"

# What is added can only be newer: of many notes at once, only the new ones are looked at.
ADDED = """
CREATE FUNCTION tell_labels_of_added(authors bigint[], tags bigint[], times timestamptz[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM profiles_user WHERE id = ANY (authors) ORDER BY id FOR NO KEY UPDATE;

    UPDATE profiles_positioning AS said SET newest_on_topic = lifted.newest
    FROM (
        SELECT positioning.id, max(added.listed_at) AS newest
        FROM unnest(authors, tags, times) AS added (author, tag, listed_at)
        JOIN profiles_positioning AS positioning
            ON positioning.person_id = added.author AND positioning.retired_at IS NULL
        JOIN profiles_positioningtopic AS place
            ON place.positioning_id = positioning.id AND place.taken_at IS NULL AND place.tag_id = added.tag
        GROUP BY positioning.id
    ) AS lifted
    WHERE said.id = lifted.id AND said.newest_on_topic < lifted.newest;

    PERFORM tell_labels(array_agg(id)) FROM profiles_user WHERE id = ANY (authors) AND shows_focus HAVING count(*) > 0;
END $$;

CREATE FUNCTION tell_labels_of_taggings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_labels_of_added(
        array_agg(note.author_id), array_agg(added.tag_id::bigint), array_agg(added.listed_at)
    )
    FROM added JOIN notes_note AS note ON note.id = added.content_object_id
    WHERE added.listed_at IS NOT NULL
    HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE FUNCTION tell_labels_of_notes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_labels_of_added(
        array_agg(added.author_id), array_agg(tagging.tag_id::bigint), array_agg(tagging.listed_at)
    )
    FROM added LEFT JOIN notes_taggednote AS tagging ON tagging.content_object_id = added.id
    WHERE note_listed_at(added.status, added.visibility, added.hidden_at, added.published_at) IS NOT NULL
    HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE TRIGGER tell_labels_of_taggings AFTER INSERT ON notes_taggednote
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tell_labels_of_taggings();
CREATE TRIGGER tell_labels_of_notes AFTER INSERT ON notes_note
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tell_labels_of_notes();
"""
FORGET_ADDED = """
DROP TRIGGER tell_labels_of_notes ON notes_note;
DROP TRIGGER tell_labels_of_taggings ON notes_taggednote;
DROP FUNCTION tell_labels_of_notes();
DROP FUNCTION tell_labels_of_taggings();
DROP FUNCTION tell_labels_of_added(bigint[], bigint[], timestamptz[]);
"""

# That a note is listed or no longer is told once a statement, not for each of its tags.
CHANGED = """
CREATE FUNCTION tell_labels_of_changed_notes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_labels(array_agg(DISTINCT author))
    FROM before JOIN after USING (id)
    CROSS JOIN unnest(ARRAY[before.author_id, after.author_id]) AS author
    WHERE before.author_id <> after.author_id
        OR note_listed_at(before.status, before.visibility, before.hidden_at, before.published_at)
            IS DISTINCT FROM note_listed_at(after.status, after.visibility, after.hidden_at, after.published_at)
    HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE FUNCTION tell_labels_of_changed_taggings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_labels(array_agg(DISTINCT note.author_id))
    FROM before JOIN after USING (id) JOIN notes_note AS note ON note.id = after.content_object_id
    WHERE before.tag_id <> after.tag_id AND after.listed_at IS NOT NULL
    HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE FUNCTION tell_labels_of_ended_notes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_labels(array_agg(DISTINCT author_id)) FROM ended
    WHERE note_listed_at(status, visibility, hidden_at, published_at) IS NOT NULL
    HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE FUNCTION tell_labels_of_ended_taggings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_labels(array_agg(DISTINCT note.author_id))
    FROM ended JOIN notes_note AS note ON note.id = ended.content_object_id
    WHERE ended.listed_at IS NOT NULL
    HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE TRIGGER tell_labels_of_changed_notes AFTER UPDATE ON notes_note
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION tell_labels_of_changed_notes();
CREATE TRIGGER tell_labels_of_changed_taggings AFTER UPDATE ON notes_taggednote
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION tell_labels_of_changed_taggings();
CREATE TRIGGER tell_labels_of_ended_notes AFTER DELETE ON notes_note
    REFERENCING OLD TABLE AS ended FOR EACH STATEMENT EXECUTE FUNCTION tell_labels_of_ended_notes();
CREATE TRIGGER tell_labels_of_ended_taggings AFTER DELETE ON notes_taggednote
    REFERENCING OLD TABLE AS ended FOR EACH STATEMENT EXECUTE FUNCTION tell_labels_of_ended_taggings();
"""
FORGET_CHANGED = """
DROP TRIGGER tell_labels_of_ended_taggings ON notes_taggednote;
DROP TRIGGER tell_labels_of_ended_notes ON notes_note;
DROP TRIGGER tell_labels_of_changed_taggings ON notes_taggednote;
DROP TRIGGER tell_labels_of_changed_notes ON notes_note;
DROP FUNCTION tell_labels_of_ended_taggings();
DROP FUNCTION tell_labels_of_ended_notes();
DROP FUNCTION tell_labels_of_changed_taggings();
DROP FUNCTION tell_labels_of_changed_notes();
"""

DECLARED = """
CREATE FUNCTION tell_labels_of_topics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_labels(array_agg(DISTINCT said.person_id))
    FROM changed JOIN profiles_positioning AS said ON said.id = changed.positioning_id
    HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE FUNCTION tell_label_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_labels(ARRAY[NEW.person_id]);
    RETURN NULL;
END $$;

CREATE FUNCTION tell_label_of_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_labels(ARRAY[NEW.id]);
    RETURN NULL;
END $$;

CREATE TRIGGER tell_labels_of_topics_made AFTER INSERT ON profiles_positioningtopic
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_labels_of_topics();
CREATE TRIGGER tell_labels_of_topics_changed AFTER UPDATE ON profiles_positioningtopic
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_labels_of_topics();
CREATE TRIGGER tell_labels_of_topics_ended AFTER DELETE ON profiles_positioningtopic
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_labels_of_topics();
CREATE TRIGGER tell_label_again AFTER UPDATE OF retired_at ON profiles_positioning
    FOR EACH ROW WHEN (OLD.retired_at IS NOT NULL AND NEW.retired_at IS NULL) EXECUTE FUNCTION tell_label_again();
CREATE TRIGGER tell_label_of_person AFTER UPDATE OF shows_focus ON profiles_user
    FOR EACH ROW WHEN (OLD.shows_focus <> NEW.shows_focus) EXECUTE FUNCTION tell_label_of_person();
"""
FORGET_DECLARED = """
DROP TRIGGER tell_label_of_person ON profiles_user;
DROP TRIGGER tell_label_again ON profiles_positioning;
DROP TRIGGER tell_labels_of_topics_ended ON profiles_positioningtopic;
DROP TRIGGER tell_labels_of_topics_changed ON profiles_positioningtopic;
DROP TRIGGER tell_labels_of_topics_made ON profiles_positioningtopic;
DROP FUNCTION tell_label_of_person();
DROP FUNCTION tell_label_again();
DROP FUNCTION tell_labels_of_topics();
"""


class Migration(migrations.Migration):
    """A label in force knows the newest note on its topics and, where its person shows it, how many notes are; triggers
    keep both. Columns have a database default, so that no row is rewritten; 0024 fills them.
    """

    dependencies = [("profiles", "0021_unused_names"), ("notes", "0025_drafts_as_typed")]
    operations = [
        migrations.AddField(
            "user",
            "shows_focus",
            models.BooleanField(
                db_default=False, default=False, editable=False, verbose_name="shows how many notes are about the label"
            ),
        ),
        migrations.AddField(
            "positioning",
            "newest_on_topic",
            models.DateTimeField(
                db_default=datetime(1970, 1, 1, tzinfo=UTC), default=datetime(1970, 1, 1, tzinfo=UTC), editable=False
            ),
        ),
        migrations.AddField(
            "positioning", "focus_shown", models.PositiveSmallIntegerField(editable=False, null=True)
        ),
        migrations.RunSQL(TRUTH, FORGET_TRUTH),
        migrations.RunSQL(TELL, FORGET_TELL),
        migrations.RunSQL(ADDED, FORGET_ADDED),
        migrations.RunSQL(CHANGED, FORGET_CHANGED),
        migrations.RunSQL(DECLARED, FORGET_DECLARED),
    ]
