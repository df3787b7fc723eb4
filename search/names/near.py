"""Names near what is typed, where nothing has it: a slip of the keys away, or with a part of the words.

The index of names has whole words and their first letters, and no trigrams: it is asked for every word that is one slip
away, some fifty for each letter.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from string import ascii_lowercase

from search.names.lexemes_sql import STARTS
from search.names.typed import Conditions, plain, read, sign_of
from search.query.edits import distance
from search.query.split import Piece, pairs
from search.query.tsquery import any_of, lexeme
from search.query.variants import spellings

LEAST = 4  # letters of a word that may be mistyped, and of a beginning
LONGEST = 16
WORDS_MAX = 2  # of what is typed, the first, that may be mistyped
PARTS_MAX = 12


def near_names(words: str) -> Conditions | None:
    """Return what finds names that are one slip away from what is typed, or from one of its words, and names with a
    part of the words; None where nothing is typed that may be near a name.
    """
    said = [piece for piece in read(sign_of(words)[1]) if piece.kind != "symbol"]
    slips = list(_slips(said))
    parts = list(dict.fromkeys(part for piece in said for part in _parts(piece)))[:PARTS_MAX]
    if not slips and not parts:
        return None
    part = any_of(parts or slips)
    return Conditions(any_of(slips or parts), part, part)


def distance_to(words: str, *names: str) -> float:
    """Return how far the nearest of the names is from what is typed: 0 for the same, 1 for nothing in common. Of each
    word of what is typed the nearest word of the name counts.
    """
    typed = plain(sign_of(words)[1])
    return min(_apart(typed, plain(name)) for name in names)


def _apart(typed: str, name: str) -> float:
    whole = distance(typed, name) / max(len(typed), len(name), 1)
    asked, there = _units(typed), _units(name)
    if not asked or not there:
        return whole
    return min(whole, sum(min(_between(one, other) for other in there) for one in asked) / len(asked))


def _between(one: str, other: str) -> float:
    """Return how far two words are apart; half as far where one begins the other."""
    apart = distance(one, other) / max(len(one), len(other))
    return (
        apart / 2
        if min(len(one), len(other)) > 1 and (one.startswith(other) or other.startswith(one))
        else apart
    )


def _units(text: str) -> list[str]:
    """Return the words of a text, and the characters of scripts without spaces."""
    return [unit for piece in read(text) for unit in (piece.text if piece.kind == "run" else [piece.text])]


def _slips(said: Iterable[Piece]) -> Iterator[str]:
    """Yield the conditions that a name, or a word of it, is one slip away from all that is typed, or from one word."""
    words = [piece.text for piece in said if piece.kind == "word"]
    whole = "".join(words)
    if len(words) > 1 and _may_slip(whole):
        yield from (lexeme(f"={word}") for word in _one_slip_away(whole))
    for word in islice(filter(_may_slip, words), WORDS_MAX):
        yield from (lexeme(each) for each in _one_slip_away(word))


def _may_slip(word: str) -> bool:
    return LEAST <= len(word) <= LONGEST and word.isascii() and word.isalpha()


def _one_slip_away(word: str) -> Iterator[str]:
    """Yield each word with one letter added, left out, replaced, or swapped with the next one."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield from (before + letter + after for letter in ascii_lowercase)
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in ascii_lowercase if letter != after[0])
        if len(after) > 1 and after[0] != after[1]:
            yield before + after[1] + after[0] + after[2:]


def _parts(piece: Piece) -> Iterator[str]:
    """Yield the conditions that a name has a pair of these characters, or a word that begins as this one does."""
    if piece.kind == "run":
        for pair in pairs(piece.text):
            yield any_of(lexeme(spelling) for spelling in spellings(pair))
        return
    for word in piece.parts or (piece.text,):
        if len(word) >= LEAST:
            yield lexeme(f"^{word[: max(LEAST, min(len(word) - 2, STARTS))]}")
