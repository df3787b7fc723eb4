"""Write the documents of notes when these, their tags or their campuses change."""

from django.db import migrations

from notes.models.visibility import LISTED_SQL, SHARED_SQL
from search.models.document import WINDOWS

AT_ONCE = 500  # changed notes that a transaction reads itself; the job reads those beyond
READ_MAX = 20_000  # characters of a note

# What the lexemes of published notes are now, without the windows. The story comes last: it is what may be cut off.
READ = f"""
CREATE FUNCTION search_read(notes bigint[])
RETURNS TABLE (note_id bigint, author_id bigint, published_at timestamptz, lexemes text[])
LANGUAGE sql STABLE AS $read$
    SELECT note.id, note.author_id, note.published_at,
        array_remove(ARRAY[
            '/a:' || note.author_id,
            '/c:' || note.campus_id,
            '/l:' || nullif(note.language, ''),
            CASE WHEN note.cover_id IS NOT NULL THEN '/f' END,
            CASE WHEN {LISTED_SQL} THEN '/p' WHEN {SHARED_SQL} THEN '/o' END
        ], NULL) || search_lexemes(left(
            concat_ws(E'\\n', note.title, note.place, campus.name, campus.city, tags.names, note.body), {READ_MAX}
        ))
    FROM notes_note AS note LEFT JOIN profiles_campus AS campus
        ON campus.id = note.campus_id AND NOT campus.is_hidden
    CROSS JOIN LATERAL (
        SELECT string_agg(tag.name, E'\\n') AS names
        FROM notes_taggednote AS tagging JOIN taggit_tag AS tag ON tag.id = tagging.tag_id
        LEFT JOIN notes_tagstate AS state ON state.tag_id = tag.id
        WHERE tagging.content_object_id = note.id AND state.is_hidden IS NOT TRUE
    ) AS tags
    WHERE note.id = ANY (notes) AND note.status = 'published';
$read$;
"""  # noqa: S608  put together from our own words alone

# With these, a search for the newest documents reads no more of the index of a common word than of a rare one.
WINDOWS_OF = """
CREATE FUNCTION search_windows(number bigint) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ARRAY[{windows}];
""".format(windows=", ".join(f"'/{step}:' || (number >> {bits})::text" for step, bits in enumerate(WINDOWS)))

# Notes that change are held already. Those that are tagged are held here, so that what changes at the same time waits,
# and is read then. A number is not taken before it is needed.
WRITE = """
CREATE FUNCTION search_write(notes bigint[]) RETURNS void LANGUAGE plpgsql AS $write$
BEGIN
    PERFORM 1 FROM notes_note WHERE id = ANY (notes) ORDER BY id FOR NO KEY UPDATE;

    DELETE FROM search_document AS document USING notes_note AS note
    WHERE document.note_id = ANY (notes) AND note.id = document.note_id AND note.status <> 'published';

    WITH now AS MATERIALIZED (
        SELECT * FROM search_read(notes)
    ), known AS MATERIALIZED (
        SELECT number, now.*, array_to_tsvector(now.lexemes || search_windows(number)) AS vector
        FROM now JOIN search_document USING (note_id)
    ), changed AS (
        UPDATE search_document AS document
        SET author_id = known.author_id, published_at = known.published_at, lexemes = vector
        FROM known
        WHERE document.note_id = known.note_id AND (document.author_id, document.published_at, document.lexemes)
            <> (known.author_id, known.published_at, vector)
    ), missing AS (
        SELECT nextval(pg_get_serial_sequence('search_document', 'number')) AS number, in_order.*
        FROM (
            SELECT * FROM now WHERE NOT EXISTS (SELECT FROM known WHERE known.note_id = now.note_id)
            ORDER BY published_at, note_id
        ) AS in_order
    )
    INSERT INTO search_document (number, note_id, author_id, published_at, lexemes)
    SELECT number, note_id, author_id, published_at, array_to_tsvector(lexemes || search_windows(number))
    FROM missing;
END $write$;
"""

# Words are due again whether the lexemes changed or not: the same lexemes may stand in another order.
DUE = """
CREATE FUNCTION search_due(notes bigint[]) RETURNS void LANGUAGE plpgsql AS $due$
BEGIN
    DELETE FROM search_notewords AS known USING notes_note AS note
    WHERE known.note_id = ANY (notes) AND note.id = known.note_id AND note.status <> 'published';

    INSERT INTO search_notewords AS known (note_id, version)
    SELECT id, 0 FROM notes_note WHERE id = ANY (notes) AND status = 'published' ORDER BY id
    ON CONFLICT (note_id) DO UPDATE SET version = 0 WHERE known.version <> 0;
END $due$;
"""

CHANGE = f"""
CREATE FUNCTION search_change(notes bigint[]) RETURNS void LANGUAGE plpgsql AS $change$
DECLARE
    read integer = coalesce(nullif(current_setting('search.read', true), '')::integer, 0) + cardinality(notes);
BEGIN
    PERFORM set_config('search.read', read::text, true);
    IF read <= {AT_ONCE} THEN
        PERFORM search_write(notes);
    END IF;
    PERFORM search_due(notes);
END $change$;
"""

# Row by row: rows of notes change all the time, and hardly ever in these columns.
OF_NOTES = """
CREATE FUNCTION search_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    notes bigint[] = ARRAY(SELECT id FROM made WHERE status = 'published');
BEGIN
    IF notes <> '{}' THEN
        PERFORM search_write(notes);
        PERFORM search_due(notes);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION search_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_change(ARRAY[NEW.id]);
    RETURN NULL;
END $$;

CREATE TRIGGER search_published AFTER INSERT ON notes_note
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION search_published();
CREATE TRIGGER search_changed AFTER UPDATE OF
    author_id, title, body, place, campus_id, language, cover_id, visibility, status, hidden_at, published_at
    ON notes_note FOR EACH ROW WHEN ('published' IN (OLD.status, NEW.status) AND ROW(
        OLD.author_id, OLD.title, OLD.body, OLD.place, OLD.campus_id, OLD.language, OLD.cover_id, OLD.visibility,
        OLD.status, OLD.hidden_at, OLD.published_at
    ) IS DISTINCT FROM ROW(
        NEW.author_id, NEW.title, NEW.body, NEW.place, NEW.campus_id, NEW.language, NEW.cover_id, NEW.visibility,
        NEW.status, NEW.hidden_at, NEW.published_at
    )) EXECUTE FUNCTION search_changed();
"""

# Tags of drafts, and of notes that are being deleted, have no document. Documents are found by an array: PostgreSQL would
# read all of them to join the rows that changed, whose number it does not know.
OF_TAGS = """
CREATE FUNCTION search_tagged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    notes bigint[] = ARRAY(
        SELECT note_id FROM search_document WHERE note_id = ANY (ARRAY(SELECT content_object_id FROM changed))
    );
BEGIN
    IF notes <> '{}' THEN
        PERFORM search_change(notes);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION search_retagged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    notes bigint[] = ARRAY(
        SELECT note_id FROM search_document WHERE note_id = ANY (ARRAY(
            SELECT note
            FROM before JOIN after USING (id)
            CROSS JOIN LATERAL (VALUES (before.content_object_id), (after.content_object_id)) AS ends (note)
            WHERE (before.tag_id, before.content_object_id) <> (after.tag_id, after.content_object_id)
        ))
    );
BEGIN
    IF notes <> '{}' THEN
        PERFORM search_change(notes);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER search_tagged AFTER INSERT ON notes_taggednote
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION search_tagged();
CREATE TRIGGER search_untagged AFTER DELETE ON notes_taggednote
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION search_tagged();
CREATE TRIGGER search_retagged AFTER UPDATE ON notes_taggednote
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION search_retagged();
"""

FUNCTIONS = [READ, WINDOWS_OF, WRITE, DUE, CHANGE]
FORGET_FUNCTIONS = """
DROP FUNCTION search_change(bigint[]);
DROP FUNCTION search_due(bigint[]);
DROP FUNCTION search_write(bigint[]);
DROP FUNCTION search_windows(bigint);
DROP FUNCTION search_read(bigint[]);
"""
FORGET_TRIGGERS = """
DROP TRIGGER search_retagged ON notes_taggednote;
DROP TRIGGER search_untagged ON notes_taggednote;
DROP TRIGGER search_tagged ON notes_taggednote;
DROP TRIGGER search_changed ON notes_note;
DROP TRIGGER search_published ON notes_note;
DROP FUNCTION search_retagged();
DROP FUNCTION search_tagged();
DROP FUNCTION search_changed();
DROP FUNCTION search_published();
"""


class Migration(migrations.Migration):
    """Write the document of a note with the note, whoever writes it."""

    dependencies = [("search", "0002_lexemes")]
    operations = [
        migrations.RunSQL(FUNCTIONS, FORGET_FUNCTIONS),
        migrations.RunSQL([OF_NOTES, OF_TAGS], FORGET_TRIGGERS),
    ]
