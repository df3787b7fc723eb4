from django.db import migrations, models

NAME = "case_open_once_beside"
OF = "moderation_case (kind, number, is_second) WHERE closed_at IS NULL"
# A moderator who is dismissed has no case open any more, whoever dismisses them, and by whatever page.
LEAVE = """
CREATE FUNCTION leave_cases_of_dismissed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE moderation_case SET opened_by_id = NULL, opened_at = NULL WHERE opened_by_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER leave_cases_of_dismissed AFTER UPDATE OF is_staff ON profiles_user FOR EACH ROW
WHEN (OLD.is_staff AND NOT NEW.is_staff) EXECUTE FUNCTION leave_cases_of_dismissed()
"""
STAY = """
DROP TRIGGER leave_cases_of_dismissed ON profiles_user;
DROP FUNCTION leave_cases_of_dismissed()
"""


class Migration(migrations.Migration):
    """Let a second case of a target be open beside one that is sealed. Safe to run again where it was interrupted."""

    atomic = False
    dependencies = [("moderation", "0018_proofs")]
    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "ALTER TABLE moderation_case ADD COLUMN IF NOT EXISTS is_second boolean DEFAULT false NOT NULL",
                    "ALTER TABLE moderation_case DROP COLUMN is_second",
                ),
                migrations.RunSQL(
                    [
                        f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}",
                        f"CREATE UNIQUE INDEX CONCURRENTLY {NAME} ON {OF}",
                        "DROP INDEX CONCURRENTLY IF EXISTS case_open_once",
                    ],
                    migrations.RunSQL.noop,
                ),
            ],
            [
                migrations.AddField(
                    "case", "is_second", models.BooleanField(db_default=False, default=False, editable=False)
                ),
                migrations.RemoveConstraint("case", "case_open_once"),
                migrations.AddConstraint(
                    "case",
                    models.UniqueConstraint(
                        fields=["kind", "number", "is_second"],
                        condition=models.Q(closed_at__isnull=True),
                        name=NAME,
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            ["DROP TRIGGER IF EXISTS leave_cases_of_dismissed ON profiles_user",
             "DROP FUNCTION IF EXISTS leave_cases_of_dismissed()", LEAVE],
            STAY,
        ),
    ]
