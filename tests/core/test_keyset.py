"""Keyset pages: every row once, in order, also with equal values and invalid cursors."""

from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.db.keyset import keyset
from notes.models import Note
from profiles.models import User

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
# Few different values, so that many rows are equal; a microsecond tells others apart.
moments = st.integers(0, 3).map(lambda step: START + step * timedelta(microseconds=1))
quick = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def write(author: User, rows: list[datetime]) -> None:
    Note.objects.all().delete()
    Note.objects.bulk_create(
        Note(author=author, title="x", status="published", published_at=moment) for moment in rows
    )


def walk(field: str, size: int) -> list[list[int]]:
    pages, after = [], ""
    while True:
        page = keyset(Note.objects.all(), field, after, size)
        pages.append([note.pk for note in page.rows])
        if not page.after:
            return pages
        after = page.after


@quick
@given(rows=st.lists(moments, max_size=60), size=st.integers(1, 25))
def test_every_row_once_and_in_order(alice: User, rows: list, size: int) -> None:
    write(alice, rows)
    for field in ("published_at", "pk"):
        pages = walk(field, size)
        assert list(chain(*pages)) == list(
            Note.objects.order_by(f"-{field}", "-pk").values_list("pk", flat=True)
        )
        assert all(len(page) == size for page in pages[:-1])
        assert len(pages) == max(1, -(-len(rows) // size)), "No empty page comes last."


def test_rows_that_come_and_go_between_pages_move_no_other(alice: User) -> None:
    write(alice, [START] * 10)
    first = keyset(Note.objects.all(), "published_at", "", 4)
    before = [note.pk for note in first.rows]
    Note.objects.create(
        author=alice, title="new", status="published", published_at=START + timedelta(hours=1)
    )
    first.rows[-1].delete()
    rest = keyset(Note.objects.all(), "published_at", first.after, 10)
    assert [note.pk for note in rest.rows] == [before[0] - step for step in range(4, 10)]


NO_CURSORS = ["", "x", "t", "t_", "t1", "t1_", "t1_0", "t1_-5", "t1_x", "tx_1", "t1_2_3", "t\0_1", "tnan_1"]
OTHER_KINDS = ["f1.5_1", "i5_1"]
TOO_BIG = [
    f"t{2**63}_1",
    f"t{10**18}_1",
    f"t{-(10**18)}_1",
    f"t1_{2**63}",
    f"t{'9' * 5000}_1",
    f"t1_{'9' * 5000}",
]


@pytest.mark.parametrize("cursor", [*NO_CURSORS, *OTHER_KINDS, *TOO_BIG])
def test_a_cursor_that_is_none_starts_at_the_top(alice: User, cursor: str) -> None:
    write(alice, [START] * 3)
    assert len(keyset(Note.objects.all(), "published_at", cursor, 2).rows) == 2


def test_a_page_is_one_query_without_offset_or_count(alice: User) -> None:
    write(alice, [START] * 5)
    first = keyset(Note.objects.all(), "published_at", "", 2)
    with CaptureQueriesContext(connection) as asked:
        keyset(Note.objects.all(), "published_at", first.after, 2)
    (query,) = asked.captured_queries
    assert "OFFSET" not in query["sql"]
    assert "COUNT" not in query["sql"]
    assert "LIMIT 3" in query["sql"]
