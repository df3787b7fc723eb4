"""Foreign keys that cascade in the database, for tables that the release before does not know.

Django deletes related rows itself, of the models that it knows. While two releases run side by side, the older one also
deletes people and notes that have rows in newer tables.
"""

from django.db.migrations import RunSQL

_CASCADE = """
DO $$
DECLARE
    key record;
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY (ARRAY[{tables}]::regclass[])
    ) THEN
        RAISE EXCEPTION 'A table gets its keys at the end of the migration that creates it: cascade in the next one';
    END IF;
    FOR key IN
        SELECT conrelid::regclass AS of_table, conname AS name, pg_get_constraintdef(oid) AS says FROM pg_constraint
        WHERE contype = 'f' AND confdeltype = 'a' AND conrelid = ANY (ARRAY[{tables}]::regclass[])
    LOOP
        EXECUTE format(
            'ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s NOT VALID', key.of_table, key.name, key.name,
            replace(key.says, ' DEFERRABLE', ' ON DELETE CASCADE DEFERRABLE')
        );
    END LOOP;
END $$
"""


def cascade_in_database(*tables: str) -> RunSQL:
    """Return the operation that has all foreign keys of these tables cascade. Their models say CASCADE for each."""
    return RunSQL(_CASCADE.format(tables=", ".join(f"'{table}'" for table in tables)), RunSQL.noop)
