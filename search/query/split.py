"""Fold text and split it as documents are: the twin in Python of the SQL in search/documents/lexemes_sql.py."""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

import regex

from search.alphabet import MARKS, NO_WORD, SPACELESS, SYMBOLS, WORD_MAX

_LETTERS = f"[^{NO_WORD}]"
_WORD = f"{_LETTERS}+(?:['’]{_LETTERS}+)*"
_PIECE = regex.compile(
    rf"(?P<run>[{SPACELESS}]+)|(?P<symbol>[{SYMBOLS}])"
    rf"|(?P<word>[a-z](?:\+\+|\#|\+)(?!{_LETTERS})|[0-9]+(?:[.:,][0-9]+)+(?!{_LETTERS})|{_WORD}(?:[-‐]{_WORD})*)"
)
_SPACED = regex.compile("[0-9a-zß-ɏͰ-ԯ]")  # of alphabets: explicit, so that PostgreSQL reads it quickly
_SPACELESS = regex.compile(f"[{SPACELESS}]")
_MARKS, _FORBIDDEN, _JOINT = map(regex.compile, (f"[{MARKS}]+", r"[\p{Cc}\p{Cs}]", "[-‐.:,+#]"))
_APOSTROPHES, _HYPHENS = (str.maketrans("", "", signs) for signs in ("'’", "-‐"))


class Piece(NamedTuple):
    """A piece of folded text: a `run` of a script without spaces, a `word`, or a `symbol`.

    `parts` are what a word was put together from: wi and fi of wifi, 8 and 00 of 8:00, c of c++.
    """

    kind: str
    text: str
    parts: tuple[str, ...] = ()


def allowed(text: str) -> str:
    """Return the text with a space for each control character and half of a surrogate pair."""
    return _FORBIDDEN.sub(" ", text)


def folded(text: str) -> str:
    """Return the text without differences of width, case and accent."""
    lowered = "".join(map(str.lower, unicodedata.normalize("NFKC", allowed(text))))
    bare = _MARKS.sub("", unicodedata.normalize("NFD", lowered))
    return unicodedata.normalize("NFC", bare.replace("ς", "σ"))


def pieces(text: str) -> Iterator[Piece]:
    """Yield the pieces of a folded text, in order."""
    for found in _PIECE.finditer(text):
        kind, whole = str(found.lastgroup), found.group().translate(_APOSTROPHES)
        if kind != "word":
            yield Piece(kind, whole)
        else:
            parts = tuple(part[:WORD_MAX] for part in _JOINT.split(whole) if part)
            yield Piece(kind, whole.translate(_HYPHENS)[:WORD_MAX], parts if parts != (whole,) else ())


def pairs(run: str) -> list[str]:
    """Return every two characters that stand together in a run, or the one that stands alone."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def whole_words(text: str) -> str:
    """Return a regular expression, of Python and PostgreSQL alike, for the text within a longer one in lower case.

    Where it begins or ends with a word, so does what it finds: a dorm is no dormouse.
    """
    lowered = text.lower()
    before, after = map(_SPACED.match, (lowered[:1], lowered[-1:]))
    bounds = f"(?<!{_SPACED.pattern})" if before else "", f"(?!{_SPACED.pattern})" if after else ""
    return regex.escape(lowered).join(bounds)


def is_spaceless(text: str) -> bool:
    """Return whether the text is of a script without spaces."""
    return _SPACELESS.match(text) is not None


def lexemes(text: str) -> set[str]:
    """Return what a document of this text is found by, but for the stems of English words."""
    found: set[str] = set()
    for piece in pieces(folded(text)):
        found |= {piece.text, *piece.parts} if piece.kind != "run" else {*piece.text, *pairs(piece.text)}
    return found
