"""Bulk inserts by COPY, the fastest way into PostgreSQL."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from django.db.models import NOT_PROVIDED


def copy(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of values for these fields, relations by primary key. Rows are streamed; statement triggers fire
    once.

    Fields that are left out get their default: a Python default is computed once for all rows.
    """
    given = {model._meta.get_field(name) for name in fields}
    rest = [field for field in model._meta.concrete_fields if field not in given and _has_default(field)]
    defaults = [field.get_db_prep_save(field.get_default(), connection) for field in rest]
    names = [model._meta.get_field(name).column for name in fields] + [field.column for field in rest]  # type: ignore[union-attr]
    columns = ", ".join(connection.ops.quote_name(str(name)) for name in names)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as stream:
        for row in rows:
            stream.write_row((*row, *defaults))


def _has_default(field: "models.Field[Any, Any]") -> bool:
    """Return whether a row needs a default that Python computes for this field."""
    is_database_s = field.primary_key or field.generated or field.db_default is not NOT_PROVIDED
    return not (is_database_s or field.null)


def take_keys(model: type[models.Model], number: int) -> list[int]:
    """Reserve primary keys; return them in ascending order."""
    sequence = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
    with connection.cursor() as cursor:
        cursor.execute(sequence, [model._meta.db_table, model._meta.pk.column, number])
        return [key for (key,) in cursor.fetchall()]
