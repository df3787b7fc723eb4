from django.db import migrations

# The newest archive alone is told of: one that is asked for anew is news again. With the last of them that is told goes
# too. Archives are few, and each is written by itself: so row by row.
TELL = """
CREATE FUNCTION tell_of_archive() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM notifications_notification WHERE person_id = coalesce(NEW.person_id, OLD.person_id) AND kind = 'archive'
        AND (TG_OP = 'UPDATE' OR NOT EXISTS (
            SELECT FROM leaving_archive WHERE person_id = OLD.person_id AND state = 'ready'
        ));
    IF TG_OP = 'UPDATE' THEN
        PERFORM tell('archive', ARRAY[NEW.person_id], NULL, NULL, NULL, NULL);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tell_of_archive AFTER UPDATE OF state ON leaving_archive FOR EACH ROW
    WHEN (NEW.state = 'ready' AND OLD.state <> 'ready') EXECUTE FUNCTION tell_of_archive();
CREATE TRIGGER tell_of_no_archive AFTER DELETE ON leaving_archive FOR EACH ROW
    WHEN (OLD.state = 'ready') EXECUTE FUNCTION tell_of_archive();
"""

FORGET = """
DROP TRIGGER tell_of_archive ON leaving_archive;
DROP TRIGGER tell_of_no_archive ON leaving_archive;
DROP FUNCTION tell_of_archive();
"""


class Migration(migrations.Migration):
    """Tell people that their archive is ready, and no longer once it is deleted."""

    safe_because = "it writes the few rows of one person, and the triggers are made in a moment"
    dependencies = [("leaving", "0001_archives"), ("notifications", "0002_triggers")]
    operations = [migrations.RunSQL(TELL, FORGET)]
