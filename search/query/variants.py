"""Simplified and traditional characters of the same word, by the tables of variants.txt.

One character may stand for several words (后 is 后 or 後), so what is typed is looked for in each form that it may
have, and what is stored stays as it was written.
"""

from collections import defaultdict
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

_FILE = Path(__file__).with_name("variants.txt")


class Tables(NamedTuple):
    """For each character its other forms, and for one of traditional text alone the simplified one it is read as."""

    forms: dict[str, str]
    simplified: dict[int, str]


@cache
def _tables() -> Tables:
    """Read the file. Characters of two groups are different words: 干 may be 乾 or 幹, but 乾 is never 幹."""
    forms: defaultdict[str, str] = defaultdict(str)
    simplified: dict[int, str] = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        head, *groups = line.split() if not line.startswith("#") else [""]
        for group in groups:
            characters = group.removeprefix("~")
            forms[head] += characters
            for character in characters:
                forms[character] += head + characters.replace(character, "")
            if characters == group:
                simplified |= dict.fromkeys(map(ord, characters), head)
    return Tables(dict(forms), simplified)


def variants(character: str) -> str:
    """Return the character and the other forms it may have, itself first: 裡 gives 裡里裏."""
    return character + "".join(dict.fromkeys(_tables().forms.get(character, "")))


@lru_cache(4096)
def spellings(word: str) -> tuple[str, ...]:
    """Return all spellings of a word of one or two characters, as it is written first."""
    return tuple(map("".join, product(*map(variants, word))))


def simplified(text: str) -> str:
    """Return the text in simplified characters, one for each character, as words are ordered by and cut."""
    return text.translate(_tables().simplified)
