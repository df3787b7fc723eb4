"""Keyset pages: the next page starts after the last row of this one, found by the index the list is ordered by."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, FloatField, Model, Q, QuerySet

PAGE_SIZE = 24
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BIGGEST_ID = 2**63


@dataclass(frozen=True, slots=True)
class Page[Row: Model]:
    """Rows to show, and the cursor that asks for the rows after them; "" on the last page."""

    rows: list[Row]
    after: str


def keyset[Row: Model](rows: QuerySet[Row], field: str, after: str, size: int = PAGE_SIZE) -> Page[Row]:
    """The page of `rows`, newest or highest `field` first and then by id, that follows the cursor `after`.

    An empty or unreadable cursor starts at the top.
    """
    found = list(beyond(rows, field, after)[: size + 1])
    if len(found) <= size:
        return Page(found, "")
    last = found[size - 1]
    kind, value = _kind(rows, field), getattr(last, field)
    written = (value - _EPOCH) // timedelta(microseconds=1) if kind == "t" else repr(value)
    return Page(found[:size], f"{kind}{written}_{last.pk}")


def beyond[Row: Model](rows: QuerySet[Row], field: str, after: str) -> QuerySet[Row]:
    """All of `rows` that follow the cursor, in the order of their pages."""
    cursor = _parse(after, _kind(rows, field))
    if cursor:
        value, pk = cursor
        rows = rows.filter(Q(**{f"{field}__lt": value}) | Q(pk__lt=pk), **{f"{field}__lte": value})
    return rows.order_by(f"-{field}", "-pk")


def _kind(rows: QuerySet[Any], field: str) -> str:
    """The first letter of a cursor over this field, or annotation: t for a time, f for a float, i for an integer."""
    if field in rows.query.annotations:
        column = rows.query.annotations[field].output_field
    else:
        column = rows.model._meta.get_field(field) if field != "pk" else rows.model._meta.pk
    return "t" if isinstance(column, DateTimeField) else "f" if isinstance(column, FloatField) else "i"


def _parse(after: str, kind: str) -> tuple[Any, int] | None:
    if after[:1] != kind:
        return None
    try:
        written, pk = after[1:].split("_")
        last = int(pk)
        if kind == "f":
            value: Any = float(written)
        else:
            value = int(written)
            if abs(value) >= _BIGGEST_ID:
                return None
            value = _EPOCH + timedelta(microseconds=value) if kind == "t" else value
    except (ValueError, OverflowError):
        return None
    return (value, last) if 0 < last < _BIGGEST_ID and value == value else None
