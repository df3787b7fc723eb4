from django.db import migrations, models

# What the index note_latest holds too: notes that lists show to everybody whom their authors do not keep out.
LISTED_AT = """
CREATE FUNCTION note_listed_at(status text, visibility text, hidden_at timestamptz, published_at timestamptz)
RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN status = 'published' AND visibility = 'public' AND hidden_at IS NULL THEN published_at END
$$;
"""

FILL = """
UPDATE notes_taggednote SET listed_at = note_listed_at(status, visibility, hidden_at, published_at)
FROM notes_note WHERE notes_note.id = content_object_id;
"""

# A note is held while it is tagged, so that what changes at the same moment finds the tagging.
KEEP = """
CREATE FUNCTION list_tagging() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    listed timestamptz;
BEGIN
    SELECT note_listed_at(status, visibility, hidden_at, published_at) INTO listed
    FROM notes_note WHERE id = NEW.content_object_id FOR NO KEY UPDATE;

    IF FOUND THEN
        NEW.listed_at = listed;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION list_taggings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    listed timestamptz = note_listed_at(NEW.status, NEW.visibility, NEW.hidden_at, NEW.published_at);
BEGIN
    UPDATE notes_taggednote SET listed_at = listed
    WHERE content_object_id = NEW.id AND listed_at IS DISTINCT FROM listed;
    RETURN NULL;
END $$;

CREATE TRIGGER list_tagging BEFORE INSERT ON notes_taggednote
    FOR EACH ROW EXECUTE FUNCTION list_tagging();
CREATE TRIGGER list_taggings AFTER UPDATE OF status, visibility, hidden_at, published_at ON notes_note
    FOR EACH ROW EXECUTE FUNCTION list_taggings();
"""

FORGET = """
DROP TRIGGER list_taggings ON notes_note;
DROP TRIGGER list_tagging ON notes_taggednote;
DROP FUNCTION list_taggings();
DROP FUNCTION list_tagging();
"""

TELL_PUBLISHED = """
UPDATE profiles_user SET has_published = true
WHERE id IN (SELECT author_id FROM notes_note WHERE published_at IS NOT NULL);

CREATE FUNCTION tell_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM profiles_user
    WHERE NOT has_published AND id IN (SELECT author_id FROM made WHERE published_at IS NOT NULL)
    ORDER BY id FOR NO KEY UPDATE;

    UPDATE profiles_user SET has_published = true
    WHERE NOT has_published AND id IN (SELECT author_id FROM made WHERE published_at IS NOT NULL);
    RETURN NULL;
END $$;

CREATE FUNCTION tell_published_now() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE profiles_user SET has_published = true WHERE id = NEW.author_id AND NOT has_published;
    RETURN NULL;
END $$;

CREATE TRIGGER tell_published AFTER INSERT ON notes_note
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION tell_published();
CREATE TRIGGER tell_published_now AFTER UPDATE OF published_at, author_id ON notes_note
    FOR EACH ROW WHEN (NEW.published_at IS NOT NULL) EXECUTE FUNCTION tell_published_now();
"""

FORGET_PUBLISHED = """
DROP TRIGGER tell_published_now ON notes_note;
DROP TRIGGER tell_published ON notes_note;
DROP FUNCTION tell_published_now();
DROP FUNCTION tell_published();
"""


class Migration(migrations.Migration):
    """Lets indexes find a tag's newest public notes, and pass over people who are silent, however many notes there
    are; triggers keep what they know.
    """

    dependencies = [("notes", "0014_engaged"), ("profiles", "0010_has_published")]
    operations = [
        migrations.AddField("taggednote", "listed_at", models.DateTimeField(null=True, editable=False)),
        migrations.RunSQL(LISTED_AT, "DROP FUNCTION note_listed_at(text, text, timestamptz, timestamptz);"),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP, FORGET),
        migrations.RunSQL(TELL_PUBLISHED, FORGET_PUBLISHED),
        migrations.RemoveIndex("taggednote", "note_tagged_latest"),
        migrations.AddIndex(
            "taggednote",
            models.Index(
                fields=["tag", "-listed_at", "-content_object"],
                name="note_tagged_listed",
                condition=models.Q(listed_at__isnull=False),
            ),
        ),
    ]
