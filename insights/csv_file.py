"""CSV files for spreadsheets: UTF-8 with a byte order mark, and no cell that they would execute."""

import csv
from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse

from insights.reports import Table

# A cell that begins so is a formula to a spreadsheet; full-width signs are to those set to Chinese or Japanese.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_DECIMALS = 9


class _Echo:
    """A file object that returns what is written to it."""

    def write(self, line: str) -> str:
        return line


def csv_response(table: Table, name: str) -> StreamingHttpResponse:
    """Return the table as a streamed download."""
    response = StreamingHttpResponse(_lines(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _lines(table: Table) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([harmless(name) for name in table.columns])
    for row in table.rows:
        yield writer.writerow([harmless(cell) for cell in row])


def harmless(cell: Any) -> Any:
    """Return a cell's value: numbers and dates as they are, shares with nine decimals, None as empty; text that a
    spreadsheet would execute gets an apostrophe in front.
    """
    if cell is None:
        return ""
    if isinstance(cell, float):
        return round(cell, _DECIMALS)
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    text = str(cell)
    return f"'{text}" if text.lstrip(" \u3000\u00a0\ufeff").startswith(_RUNS) else text
