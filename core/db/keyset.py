"""Keyset pagination: a page starts after the last row of the one before, found by the index of the list's order."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, FloatField, Model, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan

PAGE_SIZE = 24
REACH = 3  # pages' worth of rows that one page is chosen from, where some are not wanted
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BIGGEST_ID = 2**63


@dataclass(frozen=True, slots=True)
class Page[Row: Model]:
    """Rows to show, and the cursor of the next page; "" on the last page. `begins_again` if the requested page no
    longer exists and this is the first one.
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
    """Return the page of `rows` after the cursor `after`, ordered by `field` and then id, both descending. An empty
    or unreadable cursor starts at the top.

    With `wanted`, a filter without an index, the page has the matching rows among the next `pages` pages: it may hold
    fewer than `size` rows, or none, and still have a next page.
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


def is_cursor(rows: QuerySet[Any], field: str, after: str) -> bool:
    """Return whether this continues a list of `rows` by `field`; what does not, starts it at the top."""
    return _parse(after, _kind(rows, field)) is not None


def reach(wanted: Q | None, size: int = PAGE_SIZE, pages: int = REACH) -> int:
    """Return how many rows a page is filtered from."""
    return pages * size if wanted else size


def beyond[Row: Model](rows: QuerySet[Row], field: str, after: str) -> QuerySet[Row]:
    """Return all of `rows` after the cursor, in page order."""
    cursor = _parse(after, _kind(rows, field))
    if cursor:
        value, pk = cursor
        rows = rows.filter(_follows(rows, field, value, pk), **{f"{field}__lte": value})
    return rows.order_by(f"-{field}", "-pk")


def _follows(rows: QuerySet[Any], field: str, value: Any, pk: int) -> Q:
    """Return the condition for rows after the cursor.

    Where one index may hold both columns it is a row comparison, with which the index scan starts right there,
    however many rows share the value.
    """
    if field == "pk" or field in rows.query.annotations:
        return Q(**{f"{field}__lt": value}) | Q(pk__lt=pk)
    return Q(TupleLessThan(Tuple(field, "pk"), (value, pk)))


def top[Row: Model](rows: QuerySet[Row], field: str, size: int = PAGE_SIZE) -> QuerySet[Row]:
    """Return the first `size` rows and one more, which shows that there is a next page."""
    return rows.order_by(f"-{field}", "-pk")[: size + 1]


def cut[Row: Model](found: list[Row], field: str, size: int = PAGE_SIZE) -> Page[Row]:
    """Return a page from the rows that `top` found, ordered by a field of their model."""
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
    """Return the type letter of a cursor over this field or annotation: t for a time, f for a fraction, i for an
    integer.
    """
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
        value: Any = float(written) if kind == "f" else int(written)
        if not abs(value) < _BIGGEST_ID:
            return None
        value = _EPOCH + timedelta(microseconds=value) if kind == "t" else value
    except (ValueError, OverflowError):
        return None
    return (value, last) if 0 < last < _BIGGEST_ID else None
