"""Cut a query into words, and tell those that name something from those that only ask."""

import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from math import log
from pathlib import Path
from typing import NamedTuple

import regex
import rjieba

from core.languages import FUNCTION_WORDS
from search.query.variants import simplified

_HAN = regex.compile(r"\p{Han}")
_KINDS_OF_FUNCTION = (
    "r",
    "u",
    "y",
    "p",
    "c",
    "e",
    "o",
    "k",
)  # pronouns, particles, prepositions, conjunctions
_COMMON = 20_000  # times in the corpus of rjieba's dictionary, which has 60 million words
_ALL = 60_000_000
LEAST = 0.1  # weight of a word that only asks


class Word(NamedTuple):
    """A word of a query, folded, with its weight: up to 1 for a word that is rare, and names something."""

    text: str
    weight: float
    names: bool


def of_run(run: str) -> list[Word]:
    """Return the words of a run of a script without spaces, in order. A run that is no Chinese is one word."""
    if not _HAN.search(run):
        return [Word(run, 1.0, True)]
    words, at = [], 0
    for found, kind in _cut(simplified(run)):
        words.append(_chinese(run[at : at + len(found)], found, kind))
        at += len(found)
    return words


def _cut(run: str) -> Iterator[tuple[str, str]]:
    """Yield the words of simplified text and their kinds: of a compound its parts, as 毕业 and 论文, which may stand
    apart in a note; and characters that are rare as words in one, as 港漂, which no dictionary has.
    """
    for is_rare, group in groupby(rjieba.tag(run), lambda cut: len(cut[0]) == 1 and _times(cut[0]) < _COMMON):
        cuts = list(group)
        if is_rare and len(cuts) > 1:
            yield "".join(word for word, _ in cuts), "n"
        else:
            yield from ((part, kind) for word, kind in cuts for part in _parts(word))


def ranked_by(word: str) -> list[str]:
    """Return the word as the words of notes are stored: simplified, and those that it is put together from."""
    return rjieba.cut_for_search(simplified(word), False)


def _parts(word: str) -> list[str]:
    *parts, whole = rjieba.cut_for_search(word, False)
    return parts if "".join(parts) == whole == word and min(map(len, parts)) > 1 else [word]


def of_latin(text: str) -> Word:
    """Return a word of a script with spaces."""
    if text in _stop_words():
        return Word(text, LEAST, False)
    return Word(text, min(1.0, 0.5 + 0.06 * len(text)), True)


def _chinese(text: str, word: str, kind: str) -> Word:
    times = _times(word)
    is_noun = len(word) > 1 and kind.startswith(("n", "vn"))
    if word in _stop_words() or kind.startswith(_KINDS_OF_FUNCTION) or (times >= _COMMON and not is_noun):
        return Word(text, LEAST, False)
    weight = log(_ALL / times) / log(_ALL)
    return Word(text, weight, True) if len(text) > 1 else Word(text, weight / 2, kind.startswith("n"))


def _times(word: str) -> int:
    """Return how often the corpus of the dictionary has the word."""
    return rjieba.suggest_freq(word) if rjieba.has_word(word) else 1


@cache
def _stop_words() -> frozenset[str]:
    words = tomllib.loads(Path(__file__).with_name("stop_words.toml").read_text(encoding="utf-8"))
    english = {word.replace("'", "") for word in FUNCTION_WORDS["en"]}
    return frozenset(english | set(words["en"].split()) | set(words["zh"].split()))
