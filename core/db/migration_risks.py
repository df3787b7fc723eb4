"""What is risky about a migration while the version before it still serves people: tables locked for as long as they
are large, and columns that it still reads or does not know to fill.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import connection
from django.db.migrations import operations as ops
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED, CheckConstraint, Field, ForeignKey

# Statements of RunSQL that read or write a whole table under a lock.
_HEAVY = re.compile(
    r"\bCREATE\s+(?:UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)|\bUPDATE\s+\w+\s+(?:AS\s+\w+\s+)?SET\b|\bDELETE\s+FROM\b"
    r"|\bLOCK\s+TABLE\b|\bALTER\s+COLUMN\s+\S+\s+(?!DROP\b|SET\s+DEFAULT\b)|\bSET\s+NOT\s+NULL\b|\bCLUSTER\b|\bVACUUM\s+FULL\b|\bDROP\s+(?:TABLE|COLUMN)\b",
    re.IGNORECASE,
)


def risks(migration: Migration, before: ProjectState) -> list[str]:
    """Return one line for each risky operation. A migration states in `safe_because` why it is safe all the same."""
    if getattr(migration, "safe_because", ""):
        return []
    state, made, found = before.clone(), set(), []
    for operation in migration.operations:
        if isinstance(operation, ops.CreateModel):
            made.add(operation.name_lower)
        named = f"{migration.app_label}.{migration.name}: {operation.describe()}"
        found += [f"{named}: {why}" for why in _risks(operation, migration, state, made)]
        operation.state_forwards(migration.app_label, state)
    return found


def _risks(operation: Any, migration: Migration, state: ProjectState, made: set[str]) -> Iterator[str]:
    if isinstance(operation, ops.SeparateDatabaseAndState):
        for part in operation.database_operations:
            yield from _risks(part, migration, state, made)
    elif isinstance(operation, ops.RunPython):
        if migration.atomic and operation.atomic is not False:
            yield "it holds what it touches to its end; make it a job, or small steps with atomic = False"
    elif isinstance(operation, ops.RunSQL):
        if found := _HEAVY.search(_text(operation.sql)):
            yield f"{' '.join(found[0].split())} goes over a whole table; do it in small steps, or concurrently"
    elif getattr(operation, "model_name_lower", getattr(operation, "name_lower", "")) not in made:
        yield from _risks_of_old_table(operation, migration, state)


def _risks_of_old_table(operation: Any, migration: Migration, state: ProjectState) -> Iterator[str]:
    if isinstance(operation, ops.AddIndex) and not isinstance(operation, AddIndexConcurrently):
        yield "writes wait while it is built; use AddIndexConcurrently"
    elif isinstance(operation, ops.AddConstraint) and not isinstance(operation, AddConstraintNotValid):
        if isinstance(operation.constraint, CheckConstraint):
            yield "all rows are read under a lock; add it not valid, and validate it in the next migration"
        else:
            yield "writes wait while its index is built; build the index concurrently first"
    elif isinstance(operation, ops.AddField):
        yield from _risks_of_new_field(operation.field)
    elif isinstance(operation, ops.AlterField):
        old = state.models[migration.app_label, operation.model_name_lower].get_field(operation.name)
        yield from _risks_of_change(old, operation.field)
    elif isinstance(
        operation, ops.RemoveField | ops.RenameField | ops.DeleteModel | ops.RenameModel | ops.AlterModelTable
    ):
        yield "the version before still reads it; take it out of the code one release earlier"


def _risks_of_new_field(field: Any) -> Iterator[str]:
    if not field.null and field.db_default is NOT_PROVIDED and not field.many_to_many:
        yield "the version before does not fill it, and fails; give it a db_default, or let it be null"
    if field.unique or field.db_index:
        yield "writes wait while its index is built; add the index concurrently in a migration of its own"


def _risks_of_change(old: Any, new: Any) -> Iterator[str]:
    if _type(old) != _type(new) and not _is_widened(old, new):
        yield "the table is written anew for another type; add a column and move over"
    if old.null and not new.null:
        yield "all rows are read under a lock; validate a NOT NULL check constraint first"
    if (
        isinstance(new, ForeignKey)
        and new.db_constraint  # type: ignore[attr-defined]  # the stubs miss it
        and (old.null != new.null or _type(old) != _type(new))
    ):
        yield "the foreign key is made anew and all rows are checked under a lock; change the column by RunSQL"
    if (new.unique and not old.unique) or (new.db_index and not old.db_index):
        yield "writes wait while its index is built; add it concurrently"


def _type(field: Field) -> str:
    return str(field.get_internal_type() if isinstance(field, ForeignKey) else field.db_type(connection))


def _is_widened(old: Field, new: Field) -> bool:
    """Return whether a text column only gets longer, which PostgreSQL does without rewriting the table."""
    kinds = {"CharField", "TextField", "EmailField", "SlugField", "URLField"}
    if {old.get_internal_type(), new.get_internal_type()} - kinds:
        return False
    return new.max_length is None or (old.max_length is not None and new.max_length >= old.max_length)


def _text(sql: Any) -> str:
    """Return the SQL that runs immediately, without function bodies."""
    parts = [sql] if isinstance(sql, str) else [part if isinstance(part, str) else part[0] for part in sql]
    return re.sub(r"\$(\w*)\$.*?\$\1\$", "", "\n".join(parts), flags=re.DOTALL)
