"""CSV files: spreadsheets can read them, and execute nothing in them."""

import csv
import io
from datetime import date
from typing import Any

import pytest

from insights.csv_file import csv_response, harmless
from insights.reports import Table


@pytest.mark.parametrize(
    "begins", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u3000＝"]
)
def test_text_is_never_a_formula(begins: str) -> None:
    assert harmless(f"{begins}HYPERLINK(1)") == f"'{begins}HYPERLINK(1)"


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (-3, -3),
        (0.125, 0.125),
        (0.1 + 0.2, 0.3),
        (None, ""),
        (date(2026, 11, 25), "2026-11-25"),
        ("a=b", "a=b"),
        ("'=1", "'=1"),
        ("", ""),
        (True, "True"),
    ],
)
def test_numbers_and_days_stay_what_they_are(cell: Any, written: Any) -> None:
    assert harmless(cell) == written


def test_the_file() -> None:
    rows = [("茶, 或\n咖啡", 12, -0.5, None), ("=1+1", 0, 1.25, '"said"')]
    answer = csv_response(Table(("Topic", "Readers", "@Lift", "Note"), rows), "topics")
    text = answer.getvalue().decode("utf-8")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="topics.csv"'
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text[1:], newline=""))) == [
        ["Topic", "Readers", "'@Lift", "Note"],
        ["茶, 或\n咖啡", "12", "-0.5", ""],
        ["'=1+1", "0", "1.25", '"said"'],
    ]
