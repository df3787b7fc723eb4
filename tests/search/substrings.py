"""Draw the Chinese queries of two to four characters that the recall check puts to the notes, without any search.

A query is a piece of a run of Chinese characters in a note's title, story, tag or place. It must find every open note
that has it in one of these, as it is written there; what it finds beyond (in the other script, in a name) is not
judged here. The choice is by the SHA-256 of the piece, so it needs no seed, and a further note changes few of them; the
commonest pieces are added, as a rare one is the easier case.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256

import regex

from tests.search.relevance import Text

LENGTHS = (2, 3, 4)
DRAWN, COMMONEST = 300, 30  # of each length
_RUN = regex.compile(r"\p{Han}{2,}")


def drawn(texts: Iterable[Text]) -> dict[str, set[str]]:
    """Return the drawn queries, each with the titles of the notes it must find."""
    holders: defaultdict[str, set[str]] = defaultdict(set)
    for text in texts:
        if text.is_open:
            for piece in _pieces(text):
                holders[piece].add(text.title)
    chosen: set[str] = set()
    for length in LENGTHS:
        of_length = [piece for piece in holders if len(piece) == length]
        chosen.update(sorted(of_length, key=_digest)[:DRAWN])
        chosen.update(sorted(of_length, key=lambda piece: (-len(holders[piece]), piece))[:COMMONEST])
    return {piece: holders[piece] for piece in sorted(chosen)}


def _pieces(text: Text) -> Iterator[str]:
    for words in (text.title, text.story, text.place, *text.tags):
        for run in _RUN.findall(words):
            for length in LENGTHS:
                yield from (run[at : at + length] for at in range(len(run) - length + 1))


def _digest(piece: str) -> bytes:
    return sha256(piece.encode()).digest()
