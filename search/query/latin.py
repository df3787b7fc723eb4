"""What of a query only the database knows more of: its words in Latin letters, and the one that is still typed."""

import regex

from search.asked import QUERY_MAX
from search.query.split import allowed, folded, pieces

STEMMED = regex.compile("[a-z]{3,}")
BEGUN = 2  # letters of the last word from which on it may be the beginning of one


def latin_words(typed: str) -> list[str]:
    """Return the words of a query that may have an English stem."""
    found = pieces(folded(typed[:QUERY_MAX]))
    return list(dict.fromkeys(piece.text for piece in found if STEMMED.fullmatch(piece.text)))


def begun_word(typed: str) -> str:
    """Return the last word of a query where it may be the beginning of one; "" where it is none."""
    text = folded(allowed(typed[:QUERY_MAX]).strip())
    *_, last = [None, *pieces(text)]
    is_begun = last and last.kind == "word" and len(last.text) >= BEGUN and last.text.isalpha()
    return last.text if last and is_begun and text.endswith(last.text) else ""
