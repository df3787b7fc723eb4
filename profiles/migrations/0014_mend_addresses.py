from django.db import migrations

MEND = """
-- Rows that an earlier version left without a primary one: the confirmed, else the newest becomes it.
UPDATE account_emailaddress SET "primary" = true WHERE id IN (
    SELECT DISTINCT ON (a.user_id) a.id FROM account_emailaddress a JOIN profiles_user u ON u.id = a.user_id
    WHERE NOT EXISTS (SELECT FROM account_emailaddress p WHERE p.user_id = a.user_id AND p."primary")
    ORDER BY a.user_id, a.verified DESC, lower(a.email) = lower(u.email) DESC, a.id DESC
);

-- Accounts that the operator made have the operator's word for their address.
UPDATE account_emailaddress a SET verified = true FROM profiles_user u
WHERE u.id = a.user_id AND (u.is_staff OR u.is_superuser) AND a."primary" AND NOT a.verified
    AND NOT EXISTS (SELECT FROM account_emailaddress o WHERE o.email = a.email AND o.verified);
INSERT INTO account_emailaddress (user_id, email, verified, "primary")
SELECT u.id, lower(u.email), true, true FROM profiles_user u
WHERE u.email <> '' AND u.email NOT LIKE '%.invalid'
    AND NOT EXISTS (SELECT FROM account_emailaddress a WHERE a.user_id = u.id)
    AND NOT EXISTS (SELECT FROM account_emailaddress o WHERE o.email = lower(u.email) AND o.verified);

-- Two weeks from the upgrade for everybody else who never confirmed theirs.
UPDATE profiles_user u SET unconfirmed_until = now() + interval '14 days'
FROM account_emailaddress a WHERE a.user_id = u.id AND a."primary" AND NOT a.verified;

UPDATE profiles_user u SET email = a.email FROM account_emailaddress a
WHERE a.user_id = u.id AND a."primary" AND lower(u.email) <> lower(a.email) AND (
    u.unconfirmed_until IS NOT NULL OR NOT EXISTS (
        SELECT FROM profiles_user o
        WHERE o.id <> u.id AND lower(o.email) = lower(a.email) AND o.unconfirmed_until IS NULL
    )
);
"""

KEEP = """
CREATE FUNCTION tell_unconfirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM profiles_user JOIN changed ON changed.user_id = profiles_user.id
    WHERE changed."primary" AND changed.verified = (unconfirmed_until IS NOT NULL)
    ORDER BY profiles_user.id FOR NO KEY UPDATE OF profiles_user;

    UPDATE profiles_user
    SET unconfirmed_until = CASE WHEN changed.verified THEN NULL ELSE now() + interval '14 days' END
    FROM changed
    WHERE changed.user_id = profiles_user.id AND changed."primary"
        AND changed.verified = (unconfirmed_until IS NOT NULL);
    RETURN NULL;
END $$;

CREATE TRIGGER tell_unconfirmed_added AFTER INSERT ON account_emailaddress
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_unconfirmed();
CREATE TRIGGER tell_unconfirmed_changed AFTER UPDATE ON account_emailaddress
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_unconfirmed();
"""

FORGET = """
DROP TRIGGER tell_unconfirmed_added ON account_emailaddress;
DROP TRIGGER tell_unconfirmed_changed ON account_emailaddress;
DROP FUNCTION tell_unconfirmed();
"""


class Migration(migrations.Migration):
    """Keeps User.unconfirmed_until, whoever writes the rows of EmailAddress."""

    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("profiles", "0013_unconfirmed_addresses"),
    ]
    operations = [
        migrations.RunSQL(MEND, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP, FORGET),
    ]
