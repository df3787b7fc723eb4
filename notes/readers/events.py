"""Page events that the buffer collects for the figures of notes (docs/insights.md)."""

from datetime import datetime
from typing import NamedTuple


class Showing(NamedTuple):
    """A page with the cards of these notes was served."""

    notes: tuple[int, ...]
    at: datetime
    source: str


class Look(NamedTuple):
    """A note was opened from a source, by a person or, if `person` is None, by a visitor.

    Recorded once a day for each visitor, note and source, as far as the process can tell; for a person every time.
    """

    note: int
    person: int | None
    at: datetime
    source: str


class Arrived(NamedTuple):
    """A person opened a note from the results of a search for `words`, in normal form."""

    note: int
    person: int
    words: str
    at: datetime


class Opened(NamedTuple):
    """A person opened a note that is not theirs: for their reading history alone."""

    note: int
    person: int
    at: datetime
