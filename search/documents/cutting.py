"""Cut a note into the words that results are ordered by. Queries are cut in search/query/, after the same rules."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import regex
import rjieba

from search.alphabet import WORD_MAX
from search.query.split import folded, pieces
from search.query.variants import simplified

READ_MAX = 20_000  # characters of a text
_HAN = regex.compile(r"\p{Han}")
_ENGLISH = regex.compile("[a-z]{3,}")
_LAST = 16_383  # the highest position that PostgreSQL stores


class Texts(NamedTuple):
    """The texts of a note, those of most weight first."""

    title: str
    tags: str
    body: str
    place: str


type Cut = list[tuple[str, str]]  # words in order, each with its weight, from A down to D


def cut(texts: Texts) -> Cut:
    """Return the words of a note: Chinese ones in simplified characters, a longer one after those that it holds."""
    return [
        (word, weight) for weight, text in zip("ABCD", texts, strict=True) for word in _words(text[:READ_MAX])
    ]


def english(words: Cut) -> set[str]:
    """Return the words that may have an English stem."""
    return {word for word, _ in words if _ENGLISH.fullmatch(word)}


def vector(words: Cut, stems: Mapping[str, str]) -> str:
    """Return the words and their stems as PostgreSQL reads a tsvector, with positions and weights."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for at, (word, weight) in enumerate(words, start=1):
        place = f"{min(at, _LAST)}{weight}"
        places[word].append(place)
        if word in stems:
            places[f"={stems[word]}"].append(place)
    return " ".join(f"{_quoted(word)}:{','.join(at)}" for word, at in places.items())


def _words(text: str) -> Iterator[str]:
    for piece in pieces(folded(text)):
        if piece.kind != "run":
            yield piece.text
            yield from piece.parts
        elif _HAN.search(piece.text):
            yield from rjieba.cut_for_search(simplified(piece.text), False)
        else:
            yield piece.text[:WORD_MAX]


def _quoted(word: str) -> str:
    return "'{}'".format(word.replace("\\", "\\\\").replace("'", "''"))
