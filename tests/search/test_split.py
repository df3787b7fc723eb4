"""Text is split alike in Python and in the database, whatever it holds."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.query.split import Piece, folded, lexemes, pairs, pieces

LETTERS = "abzÉßİςΣ'’-‐.,:+#0189 图書館裏ーｶﾞカ한글ไทย🍜$€_\u0301\u0644\u0651\u093f\u200d\ufe0f\n"
texts = st.text(st.sampled_from(LETTERS), max_size=40) | st.text(
    st.characters(min_codepoint=1, max_codepoint=0x2FFFF, categories=["L", "M", "N", "P", "S", "Z"]),
    max_size=20,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Café ＡＢＣ", [Piece("word", "cafe"), Piece("word", "abc")]),
        ("C语言", [Piece("word", "c"), Piece("run", "语言")]),
        ("c++, C#", [Piece("word", "c++", ("c",)), Piece("word", "c#", ("c",))]),
        ("Wi-Fi", [Piece("word", "wifi", ("wi", "fi"))]),
        ("won’t", [Piece("word", "wont")]),
        ("8:00早八", [Piece("word", "8:00", ("8", "00")), Piece("run", "早八")]),
        ("🍜面条", [Piece("symbol", "🍜"), Piece("run", "面条")]),
        ("ｶﾗｵｹ", [Piece("run", "カラオケ")]),
        ("-tea 'x':*", [Piece("word", "tea"), Piece("word", "x")]),
        ("a\x00b\ud800c", [Piece("word", "a"), Piece("word", "b"), Piece("word", "c")]),
        ("%_\\&|!()", []),
    ],
)
def test_what_is_typed_is_split(text: str, found: list[Piece]) -> None:
    assert list(pieces(folded(text))) == found


def test_a_run_is_read_in_pairs() -> None:
    assert pairs("图书馆") == ["图书", "书馆"]
    assert pairs("图") == ["图"]


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts)
def test_the_database_splits_it_alike(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_lexemes(%s)", [text])
        (found,) = cursor.fetchone()
    assert {each for each in found if not each.startswith("=")} == lexemes(text)
