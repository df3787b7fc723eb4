"""What a search asks for, as values: words, kind, order and filters."""

from dataclasses import dataclass
from datetime import datetime

from notes.reading_history.seen import SeenFilter

QUERY_MAX = 200  # characters of a query that count


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search for notes. Without a filter it is of all notes that the viewer may see.

    `campus` is an id, `since` the earliest time of publication, `language` a code of `core.languages`, `followed`
    leaves notes of people the viewer follows, `photos` those with a photo, `seen` those that the viewer has opened, or
    has not.
    """

    words: str
    sort: str = "relevance"  # or "latest", "popular"
    campus: int | None = None
    since: datetime | None = None
    language: str = ""
    followed: bool = False
    photos: bool = False
    seen: SeenFilter | None = None
