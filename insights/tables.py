"""The tables behind the Mirror's pages, for their CSV files: each a translated name a column, and rows of plain values.

Text in them was written by people: who writes a file sees to it that no cell is read as a formula.
"""

from collections.abc import Callable
from typing import Any

from insights.reports import LabelPage, Mirror, NotePage, Period, Table


def of_mirror(mirror: Mirror) -> dict[str, Callable[[], Table]]:
    """The tables of the overview by name: topics, chapters, weeks, best, underrated, comparisons, questions."""
    raise NotImplementedError


def of_note(page: NotePage) -> dict[str, Callable[[], Table]]:
    """The tables of a note's page by name: figures, sources, hours, reached, days."""
    raise NotImplementedError


def of_labels(page: LabelPage) -> dict[str, Callable[[], Table]]:
    """The tables of the label's page by name: chapters."""
    raise NotImplementedError


def of_notes(person: Any, period: Period) -> Table:
    """All published notes of the person with their figures; rows are read as they are written."""
    raise NotImplementedError
