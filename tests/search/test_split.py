"""What is typed is split into runs, words and symbols; test_alphabet.py tests that the database does the same."""

import pytest

from search.query.split import Piece, folded, pairs, pieces


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
