"""What pages leave in the ledger for the counts of notes (docs/insights.md)."""

from datetime import datetime
from typing import NamedTuple


class Showing(NamedTuple):
    """That a page with the cards of these notes was served."""

    notes: tuple[int, ...]
    at: datetime
    source: str


class Look(NamedTuple):
    """That a note was opened from a source, by a person or, where `person` is None, by a visitor.

    A visitor's is left once a day for each note and source, as far as the process can tell; a person's every time.
    """

    note: int
    person: int | None
    at: datetime
    source: str
