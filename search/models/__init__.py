from search.models.document import VERSION, WINDOWS, Document, NoteWords
from search.models.name import Name
from search.models.recent import RecentChoice, RecentSearch
from search.models.rename import Rename
from search.models.term import Term

__all__ = [
    "VERSION",
    "WINDOWS",
    "Document",
    "Name",
    "NoteWords",
    "RecentChoice",
    "RecentSearch",
    "Rename",
    "Term",
]
