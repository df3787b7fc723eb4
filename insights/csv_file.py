"""Tables as CSV files that spreadsheets open: UTF-8 with a byte order mark, and no cell that they would run."""

import csv
from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse

from insights.reports import Table

# A cell that begins so is a formula to a spreadsheet; full-width signs are to those set to Chinese or Japanese.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_DECIMALS = 9


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def csv_response(table: Table, name: str) -> StreamingHttpResponse:
    """Return the table as a download, written while it is read."""
    response = StreamingHttpResponse(_lines(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _lines(table: Table) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([harmless(name) for name in table.columns])
    for row in table.rows:
        yield writer.writerow([harmless(cell) for cell in row])


def harmless(cell: Any) -> Any:
    """Return numbers and days as they are, of shares nine decimals; text that a spreadsheet would run behind an
    apostrophe; nothing for None.
    """
    if cell is None:
        return ""
    if isinstance(cell, float):
        return round(cell, _DECIMALS)
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    text = str(cell)
    return f"'{text}" if text.lstrip(" \u3000\u00a0\ufeff").startswith(_RUNS) else text
