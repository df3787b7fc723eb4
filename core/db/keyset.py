"""Keyset pages: the next page starts after the last row of this one, found by the index the list is ordered by."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, Model, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan

PAGE_SIZE = 24
REACH = 3  # pages' worth of rows that one page is chosen from, where some are not wanted
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BIGGEST_ID = 2**63


@dataclass(frozen=True, slots=True)
class Page[Row: Model]:
    """Rows to show, and the cursor that asks for the rows after them; "" on the last page. `begins_again`: the page
    that was asked for is no more, and this is the first one.
    """

    rows: list[Row]
    after: str
    begins_again: bool = False


def keyset[Row: Model](
    rows: QuerySet[Row],
    field: str,
    after: str,
    size: int = PAGE_SIZE,
    *,
    wanted: Q | None = None,
    pages: int = REACH,
) -> Page[Row]:
    """Return the page of `rows`, newest or highest `field` first and then by id, that follows the cursor `after`.

    An empty or unreadable cursor starts at the top. Of `wanted`, which no index knows, the page is what is so among
    the next `pages` pages of rows: it may hold less than `size`, or nothing, and go on all the same.
    """
    rows = beyond(rows, field, after)
    if wanted is None:
        return _cut(list(rows[: size + 1]), _kind(rows, field), field, size)
    far = reach(wanted, size, pages)
    found = list(rows.filter(wanted, pk__in=rows.values("pk")[:far])[: size + 1])
    if len(found) > size:
        return _cut(found, _kind(rows, field), field, size)
    seen_and_more = list(rows.values_list(field, "pk")[far - 1 : far + 1])
    return Page(found, _written(_kind(rows, field), *seen_and_more[0]) if len(seen_and_more) == 2 else "")


def reach(wanted: Q | None, size: int = PAGE_SIZE, pages: int = REACH) -> int:
    """Return how many rows a page is chosen from."""
    return pages * size if wanted else size


def beyond[Row: Model](rows: QuerySet[Row], field: str, after: str) -> QuerySet[Row]:
    """Return all of `rows` that follow the cursor, in the order of their pages."""
    cursor = _parse(after, _kind(rows, field))
    if cursor:
        value, pk = cursor
        rows = rows.filter(_follows(rows, field, value, pk), **{f"{field}__lte": value})
    return rows.order_by(f"-{field}", "-pk")


def _follows(rows: QuerySet[Any], field: str, value: Any, pk: int) -> Q:
    """Return what tells the rows after the cursor from those that share its value. Where both columns may stand in one
    index, as a comparison of rows, by which the index begins right there, however many share the value.
    """
    if field == "pk" or field in rows.query.annotations:
        return Q(**{f"{field}__lt": value}) | Q(pk__lt=pk)
    return Q(TupleLessThan(Tuple(field, "pk"), (value, pk)))


def top[Row: Model](rows: QuerySet[Row], field: str, size: int = PAGE_SIZE) -> QuerySet[Row]:
    """Return the first `size` rows, and one more, which tells that another page follows."""
    return rows.order_by(f"-{field}", "-pk")[: size + 1]


def cut[Row: Model](found: list[Row], field: str, size: int = PAGE_SIZE) -> Page[Row]:
    """Return the page of what `top` found by a field of its model."""
    kind = _kind(type(found[0])._default_manager.all(), field) if found else ""
    return _cut(found, kind, field, size)


def _cut[Row: Model](found: list[Row], kind: str, field: str, size: int) -> Page[Row]:
    if len(found) <= size:
        return Page(found, "")
    last = found[size - 1]
    return Page(found[:size], _written(kind, getattr(last, field), last.pk))


def _written(kind: str, value: Any, pk: int) -> str:
    written = (value - _EPOCH) // timedelta(microseconds=1) if kind == "t" else value
    return f"{kind}{written}_{pk}"


def _kind(rows: QuerySet[Any], field: str) -> str:
    """Return the first letter of a cursor over this field, or annotation: t for a time, i for an integer."""
    if field in rows.query.annotations:
        column = rows.query.annotations[field].output_field
    else:
        column = rows.model._meta.get_field(field) if field != "pk" else rows.model._meta.pk
    return "t" if isinstance(column, DateTimeField) else "i"


def _parse(after: str, kind: str) -> tuple[Any, int] | None:
    if after[:1] != kind:
        return None
    try:
        written, pk = after[1:].split("_")
        last = int(pk)
        value: Any = int(written)
        if abs(value) >= _BIGGEST_ID:
            return None
        value = _EPOCH + timedelta(microseconds=value) if kind == "t" else value
    except (ValueError, OverflowError):
        return None
    return (value, last) if 0 < last < _BIGGEST_ID else None
