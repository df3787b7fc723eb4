"""What students type finds what they mean, first: the relevance set, measured, and kept from falling."""

from collections.abc import Iterable
from statistics import mean

import pytest
from django.contrib.auth.models import AnonymousUser

from core.db.keyset import PAGE_SIZE
from search.asked import Asked
from search.results import notes
from tests.search import relevance, substrings
from tests.search.relevance import Query

PAGES = 4
NAMED = {
    "tag",
    "handle",
    "person",
    "label",
    "campus",
}  # kinds of queries that ask for something else than notes
# Mean reciprocal ranks: what issue 21 asks for is 0.85 of all and 0.80 of Chinese.
LEAST, LEAST_CHINESE = 0.98, 0.98
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_relevance_set")]


def found(words: str) -> list[str]:
    """Return the titles of the notes on the first pages."""
    titles: list[str] = []
    after = ""
    for _ in range(PAGES):
        page = notes.found(AnonymousUser(), Asked(words=words), after).page
        titles += [note.title for note in page.rows]
        if not (after := page.after):
            break
    return titles


def reciprocal_rank(query: Query, found: list[str]) -> float:
    ranks = [found.index(name) for name in query.best if name in found]
    return 1 / (1 + min(ranks)) if ranks else 0.0


def misplaced(query: Query, found: list[str]) -> Iterable[str]:
    """Yield what is not as the query expects it, but for the rank of the best."""
    yield from (f"{query.q}: found {name}" for name in query.never if name in found)
    yield from (f"{query.q}: not on page 1 {name}" for name in query.good if name not in found[:PAGE_SIZE])
    before = [found.index(name) for name in (*query.best, *query.good) if name in found]
    yield from (
        f"{query.q}: too high {name}" for name in query.below if name in found[: max(before, default=0)]
    )


def test_notes_are_found_first_by_what_they_are_about() -> None:
    queries = [query for query in relevance.queries() if query.kind not in NAMED]
    answers = {query.q: found(query.q) for query in queries}
    scores = {query.q: reciprocal_rank(query, answers[query.q]) for query in queries if query.best}
    missed = [words for words, score in scores.items() if score < 1]
    chinese = {query.q for query in queries if query.language == "zh"}
    assert mean(scores.values()) >= LEAST, missed
    assert mean(score for words, score in scores.items() if words in chinese) >= LEAST_CHINESE, missed
    assert [wrong for query in queries for wrong in misplaced(query, answers[query.q])] == []


def test_every_piece_of_chinese_text_finds_the_notes_that_have_it() -> None:
    missed = {
        piece: titles - set(found(piece)) for piece, titles in substrings.drawn(relevance.texts()).items()
    }
    assert {piece: titles for piece, titles in missed.items() if titles} == {}
