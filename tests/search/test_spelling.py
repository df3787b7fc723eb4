"""A slip of the keys is mended where nothing is found, to words of notes that the viewer may see."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from profiles.models import User, Viewer
from search.asked import Asked
from search.models import Term
from search.models.term import trigrams
from search.query.edits import distance, slips_between
from search.results.notes import found
from search.results.spelling import MENDED_MAX
from tests.builders import make_note

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


@pytest.fixture(autouse=True)
def terms(db: None) -> None:
    words = ("dissertation", "croissant", "library", "school", "agreement", "roommate", "marmalade", "dress")
    Term.objects.bulk_create(Term(word=word, trigrams=trigrams(word)) for word in words)


def searched(viewer: Viewer, words: str, **filters: object) -> tuple[list[str], str]:
    answer = found(viewer, Asked(words=words, **filters))
    return [note.title for note in answer.page.rows], answer.corrected


@pytest.mark.parametrize(
    ("typed", "word", "slips"),
    [
        *(
            ("libary", "library", 1),
            ("shcool", "school", 1),
            ("crossaint", "croissant", 2),
            ("library", "library", 0),
        ),
        *(
            ("stress", "dress", 0),
            ("rommates", "mates", 0),
            ("tast", "tests", 0),
            ("pointers", "points", 0),
            ("school", "library", 0),
            ("cafe", "came", 0),
            ("card", "cord", 0),
            ("cards", "card", 1),
            ("haert", "heart", 1),
        ),
    ],
)
def test_slips_of_the_keys(typed: str, word: str, slips: int) -> None:
    assert slips_between(typed, word) == slips


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_as_far_there_as_back(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
    assert abs(len(one) - len(other)) <= distance(one, other) <= max(len(one), len(other))


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        *(
            ("disertation", "dissertation"),
            ("Crossaint", "croissant"),
            ("rommate agreement", "roommate agreement"),
        ),
        *(("学校 disertation", "学校 dissertation"), ("libary", ""), ("stress", ""), ("dissertation", "")),
    ],
)
def test_what_is_searched_instead_is_said(alice: User, typed: str, corrected: str) -> None:
    make_note(alice, "学校 dissertation and croissant, a roommate agreement, a dress")
    titles, said = searched(VISITOR, typed)
    assert said == corrected
    assert bool(titles) == (bool(corrected) or typed == "dissertation")


def test_a_word_of_closed_notes_is_no_correction(alice: User, bob: User) -> None:
    make_note(alice, "Marmalade", visibility="followers")
    assert searched(VISITOR, "marmelade") == ([], "")
    assert searched(bob, "marmelade") == (["Marmalade"], "marmalade")


def test_a_correction_keeps_to_the_filters_and_the_pages(alice: User) -> None:
    for number in range(30):
        make_note(alice, f"Marmalade {number}")
    assert searched(VISITOR, "marmelade", photos=True) == ([], "")
    first = found(VISITOR, Asked(words="marmelade"))
    second = found(VISITOR, Asked(words="marmelade"), first.page.after)
    assert (len(first.page.rows), len(second.page.rows)) == (24, 6)
    assert second.corrected == "marmalade"


def test_a_query_of_many_words_asks_for_terms_like_a_few_of_them(alice: User) -> None:
    make_note(alice, "A dissertation")
    with CaptureQueriesContext(connection) as queries:
        assert searched(VISITOR, " ".join(["disertation", *(f"xq{letter * 3}" for letter in "abcdefghijk")]))
    (near,) = {query["sql"] for query in queries if "has[2:]" in query["sql"]}
    assert sum(f"xq{letter * 3}" in near for letter in "abcdefghijk") < MENDED_MAX


def test_what_was_typed_in_part_comes_before_what_was_mended_in_part(alice: User) -> None:
    make_note(alice, "Toast")
    make_note(alice, "Marmalade")
    assert searched(VISITOR, "marmelade toast") == (["Toast"], "")
    assert searched(VISITOR, "marmelade crumpets") == (["Marmalade"], "marmalade crumpets")
