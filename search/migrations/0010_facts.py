"""What a document says of its note besides its lexemes: what decides who may see it, and what comes first."""

from importlib import import_module

from django.db import migrations, models

lexemes = import_module("search.migrations.0002_lexemes")
before = import_module("search.migrations.0003_triggers")

# How often likes and saves doubled.
LEVEL = """
CREATE FUNCTION search_level(likes integer, collects integer) RETURNS smallint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN length(ltrim((1 + likes::bigint + collects)::bit(64)::text, '0')) - 1;
"""

# The lexemes of a text: as before, but an English word that is its own stem has one, not two.
SPLIT = lexemes.SPLIT.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(
    "WHERE word ~ '^[a-z]{3,}$'", "WHERE word ~ '^[a-z]{3,}$' AND stem <> word"
)

# What the documents of published notes say now, without the windows. The story comes last: it is what may be cut off.
READ = f"""
DROP FUNCTION search_read(bigint[]);
CREATE FUNCTION search_read(notes bigint[]) RETURNS TABLE (
    note_id bigint, author_id bigint, published_at timestamptz, visibility text, hidden_at timestamptz, lexemes text[]
)
LANGUAGE sql STABLE AS $read$
    SELECT note.id, note.author_id, note.published_at, note.visibility, note.hidden_at,
        array_remove(ARRAY[
            '/a:' || note.author_id,
            '/c:' || note.campus_id,
            '/l:' || nullif(note.language, ''),
            CASE WHEN note.cover_id IS NOT NULL THEN '/f' END
        ], NULL) || search_lexemes(left(
            concat_ws(E'\\n', note.title, note.place, campus.name, campus.city, tags.names, note.body),
            {before.READ_MAX}
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

# Notes that change are held already. Those that are tagged are held here, so that what changes at the same time waits,
# and is read then. A number is not taken before it is needed.
WRITE = """
CREATE OR REPLACE FUNCTION search_write(notes bigint[]) RETURNS void LANGUAGE plpgsql AS $write$
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
        SET author_id = known.author_id, published_at = known.published_at, visibility = known.visibility,
            hidden_at = known.hidden_at, lexemes = vector
        FROM known WHERE document.note_id = known.note_id AND ROW(
            document.author_id, document.published_at, document.visibility, document.hidden_at, document.lexemes
        ) IS DISTINCT FROM ROW(known.author_id, known.published_at, known.visibility, known.hidden_at, vector)
    ), missing AS (
        SELECT nextval(pg_get_serial_sequence('search_document', 'number')) AS number, in_order.*
        FROM (
            SELECT * FROM now WHERE NOT EXISTS (SELECT FROM known WHERE known.note_id = now.note_id)
            ORDER BY published_at, note_id
        ) AS in_order
    )
    INSERT INTO search_document (number, note_id, author_id, published_at, visibility, hidden_at, lexemes)
    SELECT number, note_id, author_id, published_at, visibility, hidden_at,
        array_to_tsvector(lexemes || search_windows(number))
    FROM missing;
END $write$;
"""

# Words are due again whether the lexemes changed or not: the same lexemes may stand in another order.
DUE = """
CREATE OR REPLACE FUNCTION search_due(notes bigint[]) RETURNS void LANGUAGE plpgsql AS $due$
BEGIN
    DELETE FROM search_notewords AS known USING notes_note AS note
    WHERE known.note_id = ANY (notes) AND note.id = known.note_id AND note.status <> 'published';

    INSERT INTO search_notewords AS known (note_id, version, title, level)
    SELECT id, 0, lower(title), search_level(like_count, collect_count)
    FROM notes_note WHERE id = ANY (notes) AND status = 'published' ORDER BY id
    ON CONFLICT (note_id) DO UPDATE SET version = 0, title = excluded.title, level = excluded.level
    WHERE (known.version, known.title, known.level) <> (0, excluded.title, excluded.level);
END $due$;
"""

# What of a note may change without its lexemes.
MIRROR = """
CREATE FUNCTION search_mirror(note notes_note) RETURNS void LANGUAGE plpgsql AS $mirror$
DECLARE
    title_now text := lower(note.title);
    level_now smallint := search_level(note.like_count, note.collect_count);
BEGIN
    UPDATE search_document SET visibility = note.visibility, hidden_at = note.hidden_at
    WHERE note_id = note.id AND (visibility <> note.visibility OR hidden_at IS DISTINCT FROM note.hidden_at);
    UPDATE search_notewords SET title = title_now, level = level_now
    WHERE note_id = note.id AND (title, level) <> (title_now, level_now);
END $mirror$;
"""

# Whatever a transaction leaves to the job, who may see a note is never left to it.
OF_NOTES = """
CREATE OR REPLACE FUNCTION search_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'published' THEN
        PERFORM search_change(ARRAY[NEW.id]);
    ELSE
        DELETE FROM search_document WHERE note_id = NEW.id;
        DELETE FROM search_notewords WHERE note_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION search_mirrored() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_mirror(NEW);
    RETURN NULL;
END $$;

DROP TRIGGER search_changed ON notes_note;
CREATE TRIGGER search_changed AFTER UPDATE OF
    author_id, title, body, place, campus_id, language, cover_id, status, published_at
    ON notes_note FOR EACH ROW WHEN ('published' IN (OLD.status, NEW.status) AND ROW(
        OLD.author_id, OLD.title, OLD.body, OLD.place, OLD.campus_id, OLD.language, OLD.cover_id, OLD.status,
        OLD.published_at
    ) IS DISTINCT FROM ROW(
        NEW.author_id, NEW.title, NEW.body, NEW.place, NEW.campus_id, NEW.language, NEW.cover_id, NEW.status,
        NEW.published_at
    )) EXECUTE FUNCTION search_changed();
CREATE TRIGGER search_mirrored AFTER UPDATE OF visibility, hidden_at, like_count, collect_count
    ON notes_note FOR EACH ROW WHEN (OLD.status = 'published' AND NEW.status = 'published' AND ROW(
        OLD.visibility, OLD.hidden_at, search_level(OLD.like_count, OLD.collect_count)
    ) IS DISTINCT FROM ROW(
        NEW.visibility, NEW.hidden_at, search_level(NEW.like_count, NEW.collect_count)
    )) EXECUTE FUNCTION search_mirrored();
"""

FORGET = [
    """
    DROP TRIGGER search_mirrored ON notes_note;
    DROP FUNCTION search_mirrored();
    """,
    before.FORGET_TRIGGERS,
    "DROP FUNCTION search_mirror(notes_note);",
    before.FORGET_FUNCTIONS,
    "DROP FUNCTION search_level(integer, integer);",
    lexemes.SPLIT.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
    *before.FUNCTIONS,
    before.OF_NOTES,
    before.OF_TAGS,
]


class Migration(migrations.Migration):
    """Let documents say who may see their notes, and words what else orders these, so that no search reads notes."""

    dependencies = [("search", "0009_cascades")]
    operations = [
        migrations.AddField("document", "visibility", models.CharField(db_default="private", max_length=9)),
        migrations.AddField("document", "hidden_at", models.DateTimeField(null=True)),
        migrations.AddField("notewords", "title", models.TextField(db_default="")),
        migrations.AddField("notewords", "level", models.SmallIntegerField(db_default=0)),
        migrations.RunSQL([LEVEL, SPLIT, READ, MIRROR, WRITE, DUE, OF_NOTES], FORGET),
    ]
