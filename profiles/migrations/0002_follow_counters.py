from django.db import migrations

COUNT_FOLLOWS = """
CREATE FUNCTION count_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    step integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    PERFORM 1 FROM profiles_user
    WHERE id IN (SELECT follower_id FROM changed UNION SELECT followed_id FROM changed)
    ORDER BY id FOR NO KEY UPDATE;

    UPDATE profiles_user
    SET follower_count = follower_count + step * moved.followers,
        following_count = following_count + step * moved.followings
    FROM (
        SELECT person, sum(follower) AS followers, sum(following) AS followings
        FROM (
            SELECT followed_id AS person, 1 AS follower, 0 AS following FROM changed
            UNION ALL
            SELECT follower_id, 0, 1 FROM changed
        ) AS ends
        GROUP BY person
    ) AS moved
    WHERE id = moved.person;
    RETURN NULL;
END $$;

CREATE TRIGGER count_follows_made AFTER INSERT ON profiles_follow
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_follows();
CREATE TRIGGER count_follows_ended AFTER DELETE ON profiles_follow
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_follows();
"""

FORGET = """
DROP TRIGGER count_follows_made ON profiles_follow;
DROP TRIGGER count_follows_ended ON profiles_follow;
DROP FUNCTION count_follows();
"""


class Migration(migrations.Migration):
    """Keeps User.follower_count and User.following_count, whoever writes the rows of Follow."""

    dependencies = [("profiles", "0001_initial")]
    operations = [migrations.RunSQL(COUNT_FOLLOWS, FORGET)]
