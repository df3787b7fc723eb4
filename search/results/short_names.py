"""Short forms of campuses in a query, as 临大 of 临江大学, which their notes need not have."""

from itertools import islice

from profiles.models import Viewer
from search.names.candidates import FEW
from search.names.typed import Closeness
from search.query.query import Query
from search.query.split import is_spaceless
from search.query.tsquery import lexeme
from search.query.variants import simplified
from search.results import campuses

WORDS_MAX = 2  # of a query that are looked for among campuses


def with_campuses(viewer: Viewer, query: Query) -> Query | None:
    """Return the query with each word that is short for campuses meaning their notes too; None if none is."""
    words = [
        term.text for term in query.terms if term.names and len(term.text) > 1 and is_spaceless(term.text)
    ]
    means = {word: _facts(viewer, word) for word in islice(words, WORDS_MAX)}
    return query.meaning(means) if any(means.values()) else None


def _facts(viewer: Viewer, word: str) -> list[str]:
    """Return what the index knows of notes of the campuses that the word is short for, and begins as."""
    found = campuses.candidates(word, FEW)
    short = [each.row for each in found if each.closeness == Closeness.LEAVES_OUT]
    return [lexeme(f"/c:{each.pk}") for each in short if simplified(each.words[0])[0] == simplified(word)[0]]
