"""Read what is typed as a name: the conditions that find names in the index, and how close a name comes to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise, product
from math import prod

import regex

from search.alphabet import SPACELESS, WORD_MAX
from search.asked import QUERY_MAX
from search.names.lexemes_sql import STARTS
from search.query.split import Piece, folded, pieces
from search.query.tsquery import all_of, any_of, lexeme
from search.query.variants import simplified, spellings, variants

PIECES_MAX = 12  # of what is typed; a name has fewer
SPELLINGS_MAX = 64  # of a whole name in simplified and traditional characters
_SPACELESS = regex.compile(f"[{SPACELESS}]")


class Closeness(IntEnum):
    """How close a name comes to what is typed, closest first."""

    SAME = 0
    WHOLE = 1  # among others, as 刘佳 in Jia Lau 刘佳
    BEGINS = 2
    HOLDS = 3
    LEAVES_OUT = 4  # what is typed leaves out some of its characters, as 临大 of 临江大学
    APART = 5


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions of PostgreSQL on the lexemes of names: that are what is typed, begin with it, or have it anywhere."""

    same: str
    begun: str
    held: str


def sign_of(words: str) -> tuple[str, str]:
    """Return the @ or # that the words begin with, or "", and what follows."""
    typed = words.strip()
    sign = folded(typed[:1])
    return (sign, typed[1:].strip()) if sign in {"@", "#"} else ("", typed)


@lru_cache(256)
def read(typed: str) -> tuple[Piece, ...]:
    """Return the pieces of what is typed; none of what has no letter, digit or symbol."""
    found = list(pieces(folded(typed[:QUERY_MAX])))
    return tuple(found) if len(found) <= PIECES_MAX else ()


def conditions(typed: str, *, short: bool = False) -> Conditions | None:
    """Return what finds names, or None where nothing is typed that a name may have. With `short`, names that have all
    characters, also with others between them, as 青屿美院 is short for 青屿美术学院.
    """
    said = read(typed)
    if not said:
        return None
    held = all_of(_characters(said) if short else map(_held, said))
    begun = _begun(said[0])
    return Conditions(_same(said) or held, all_of([held, begun]) if begun else held, held)


def handle_conditions(typed: str) -> Conditions | None:
    """Return what finds people by the beginning of their handle, without its sign."""
    handle = folded(typed[:QUERY_MAX]).strip()
    if not handle or not handle.isascii() or not handle.replace("_", "a").isalnum():
        return None
    begun = lexeme(f"@{handle}", begins=len(handle) > STARTS)
    return Conditions(lexeme(f"@{handle}"), begun, begun)


def closeness(typed: str, *names: str) -> Closeness:
    """Return how close the closest of these names comes to what is typed, whatever the script and the spaces."""
    wanted = plain(typed)
    return min(_closeness(wanted, plain(name)) for name in names)


@lru_cache(4096)
def plain(name: str) -> str:
    """Return the name in lower case, simplified characters and single spaces."""
    return " ".join(simplified(folded(name)).split())


@lru_cache(4096)
def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name)) or name


def _closeness(wanted: str, name: str) -> Closeness:
    sought, letters = _letters(wanted), _letters(name)
    if letters == sought:
        return Closeness.SAME
    if sought in letters:
        if _is_whole(wanted, name):
            return Closeness.WHOLE
        return Closeness.BEGINS if letters.startswith(sought) else Closeness.HOLDS
    rest = iter(letters)
    return Closeness.LEAVES_OUT if all(letter in rest for letter in sought) else Closeness.APART


def _is_whole(wanted: str, name: str) -> bool:
    """Return whether words, or a run of a script without spaces, stand in the name by themselves."""
    before, found, after = name.partition(wanted)
    return bool(found) and _parts_at(before[-1:], wanted[0]) and _parts_at(after[:1], wanted[-1])


def _parts_at(beside: str, end: str) -> bool:
    return not beside.isalnum() or bool(_SPACELESS.match(beside)) != bool(_SPACELESS.match(end))


def _held(piece: Piece) -> str:
    if piece.kind == "symbol":
        return lexeme(piece.text)
    if piece.kind == "run":
        return all_of(_any_spelling(part) for part in _parts(piece.text))
    if piece.parts and piece.text != "".join(piece.parts):  # 8:00, c++
        return lexeme(piece.text)
    whole = _begun_word("", piece.text)
    return any_of([whole, all_of(_begun_word("", part) for part in piece.parts)]) if piece.parts else whole


def _characters(said: tuple[Piece, ...]) -> Iterator[str]:
    for piece in said:
        yield from map(_any_spelling, piece.text) if piece.kind == "run" else [_held(piece)]


def _begun(first: Piece) -> str:
    """Return the condition that a name begins as this piece does; "" for a symbol."""
    if first.kind == "run":
        return _any_spelling(first.text[:2], "<")
    return _begun_word("<", (first.parts or (first.text,))[0]) if first.kind == "word" else ""


def _same(said: tuple[Piece, ...]) -> str:
    """Return the condition that a name has these letters and no others, in either script; "" for symbols."""
    letters = "".join("".join(piece.parts) or piece.text for piece in said if piece.kind != "symbol")[
        :WORD_MAX
    ]
    spelled = [variants(letter) for letter in letters]
    if prod(map(len, spelled)) > SPELLINGS_MAX:
        return lexeme(f"={letters}")
    return any_of(lexeme("=" + "".join(each)) for each in product(*spelled)) if letters else ""


def _parts(run: str) -> list[str]:
    return ["".join(pair) for pair in pairwise(run)] or [run]


def _any_spelling(text: str, sign: str = "") -> str:
    return any_of(lexeme(sign + spelling) for spelling in spellings(text))


def _begun_word(sign: str, word: str) -> str:
    """Return that a word begins so: the first letters have lexemes of their own."""
    if len(word) > STARTS:
        return lexeme(sign + word, begins=True)
    return lexeme((sign or "^") + word)
