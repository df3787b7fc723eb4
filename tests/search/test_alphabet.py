"""The database and Python split any text into the same lexemes: documents are split there, and queries here."""

import unicodedata
from collections.abc import Sequence

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from search.query.split import folded, lexemes

pytestmark = pytest.mark.django_db
# What a form lets through, of the characters that this Python knows.
_CHARACTERS = st.characters(exclude_categories=["Cs", "Cc", "Cn"], include_characters="\n\t")
_SCRIPTS = st.sampled_from("图書館はコーヒー한국어ไทยaÄéßİıςΣжйñ0179９ＡｶﾞàÅ٣ก็½ﬁⅣ①")
_MARKS = st.sampled_from("'’-‐.:,+#_&|!()\\/=*% \n\u0301\u0308\u3099\ufe0f\u200d👍🏽☕€→·・、。")
_TEXTS = st.text(st.one_of(_SCRIPTS, _SCRIPTS, _MARKS, _CHARACTERS), max_size=40)


def of_database(texts: Sequence[str]) -> list[set[str]]:
    """Return the lexemes of each text but for English stems."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT search_lexemes(text) FROM unnest(%s::text[]) WITH ORDINALITY AS each (text, at) ORDER BY at",
            [list(texts)],
        )
        return [{each for each in found if not each.startswith("=")} for (found,) in cursor.fetchall()]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_TEXTS, min_size=1, max_size=20))
@example(["v7.5-8 c++a c+++ C#3 a+b x-y-z- -a 1.2.34km 12.34km 7:00pm won''t o’’k 'a' a'b-c'd"])
@example(["ΑΣ ΑΣΑ İstanbul ǅ ﬀ が゛ か\u3099 \u0301x e\u0301\u0323 각 각"])
def test_any_text(texts: list[str]) -> None:
    assert of_database(texts) == [lexemes(text) for text in texts]


@pytest.mark.parametrize(
    "plane", [0, pytest.param(1, marks=pytest.mark.long), pytest.param(2, marks=pytest.mark.long)]
)
def test_every_character(plane: int) -> None:
    every = map(chr, range(plane << 16, (plane + 1) << 16))
    known = [each for each in every if unicodedata.category(each) not in {"Cs", "Cc", "Cn"}]
    texts = [f"a{each}b" for each in known]
    found = of_database(texts)
    assert {
        text: pair
        for text, *pair in zip(texts, found, map(lexemes, texts), strict=True)
        if pair[0] != pair[1]
    } == {}


def test_letters_and_numbers_are_found_and_punctuation_is_not() -> None:
    """By the tables of this Python, of the characters that folding leaves as they are."""
    every = [
        each for each in map(chr, range(0x10000)) if unicodedata.category(each) not in {"Cs", "Co", "Cn"}
    ]
    plain = [
        each for each in every if folded(each) == each and not unicodedata.category(each).startswith("M")
    ]
    found = {each for each in plain if lexemes(each)}
    meant = {each for each in plain if unicodedata.category(each)[0] in "LN"}
    assert meant - found == {"\u2e2f"}, "a tilde"
    assert {unicodedata.category(each)[0] for each in found - meant} <= {"S", "C"}
