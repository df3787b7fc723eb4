from django.db import migrations

# Before the triggers that move readers (engage_by_...), after those that hold people (count_follows_...): the note is
# held before its readers, as by whoever deletes it. Only a deletion waits for who holds it so.
COUNT = """
CREATE FUNCTION count_won_and_lost() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one integer := (TG_OP = 'INSERT')::integer;
BEGIN
    PERFORM 1 FROM notes_note WHERE id IN (SELECT from_note FROM changed) ORDER BY id FOR KEY SHARE;

    INSERT INTO insights_followday AS counted (person_id, day, won, lost)
    SELECT followed_id, day, one * count(*), (1 - one) * count(*)
    FROM (SELECT followed_id, site_day(CASE one WHEN 1 THEN created_at ELSE now() END) AS day FROM changed) AS step
    GROUP BY followed_id, day
    ORDER BY followed_id, day
    ON CONFLICT (person_id, day) DO UPDATE SET
        won = counted.won + excluded.won, lost = counted.lost + excluded.lost;

    INSERT INTO insights_notefollowday AS counted (note_id, day, won, lost)
    SELECT note, day, one * count(*), (1 - one) * count(*)
    FROM (
        SELECT note.id AS note, site_day(CASE one WHEN 1 THEN changed.created_at ELSE now() END) AS day
        FROM changed JOIN notes_note AS note ON note.id = from_note AND note.author_id = followed_id
    ) AS step
    GROUP BY note, day
    ORDER BY note, day
    ON CONFLICT (note_id, day) DO UPDATE SET
        won = counted.won + excluded.won, lost = counted.lost + excluded.lost;
    RETURN NULL;
END $$;

CREATE TRIGGER count_won_and_lost_made AFTER INSERT ON profiles_follow
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_won_and_lost();
CREATE TRIGGER count_won_and_lost_ended AFTER DELETE ON profiles_follow
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_won_and_lost();
"""

FORGET = """
DROP TRIGGER count_won_and_lost_made ON profiles_follow;
DROP TRIGGER count_won_and_lost_ended ON profiles_follow;
DROP FUNCTION count_won_and_lost();
"""

SINCE = """
INSERT INTO notes_measured (kind, since)
SELECT kind, site_day(now()) FROM unnest(ARRAY['shown', 'opened', 'hours', 'reached', 'visits', 'lost']) AS kind;
"""
FORGET_SINCE = "DELETE FROM notes_measured WHERE kind IN ('shown', 'opened', 'hours', 'reached', 'visits', 'lost');"


class Migration(migrations.Migration):
    """Count followers won and lost by day from now on, whoever writes their rows."""

    dependencies = [("insights", "0001_initial"), ("profiles", "0018_chapters")]
    operations = [
        migrations.RunSQL(COUNT, FORGET),
        migrations.RunSQL(SINCE, FORGET_SINCE),
    ]
