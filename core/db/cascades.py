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


_SET_NULL = """
DO $$
DECLARE
    key record;
    found integer := 0;
BEGIN
    FOR key IN
        SELECT conrelid::regclass AS of_table, conname AS name, pg_get_constraintdef(pg_constraint.oid) AS says
        FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND conkey = ARRAY[attnum]
        WHERE contype = 'f' AND conrelid = '{table}'::regclass AND attname = ANY ('{{{columns}}}')
    LOOP
        found := found + 1;
        EXECUTE format(
            'ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s NOT VALID', key.of_table, key.name, key.name,
            replace(key.says, ' DEFERRABLE', ' ON DELETE SET NULL DEFERRABLE')
        );
    END LOOP;
    IF found <> {number} THEN
        RAISE EXCEPTION 'A table gets its keys at the end of the migration that creates it: change them in the next';
    END IF;
END $$
"""


def set_null_in_database(table: str, *columns: str) -> RunSQL:
    """Return the operation that has these foreign keys set to null by the database. Their models say SET_NULL."""
    return RunSQL(_SET_NULL.format(table=table, columns=",".join(columns), number=len(columns)), RunSQL.noop)
