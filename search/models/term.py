"""The words of notes in Latin letters, with what a word that is typed wrongly still shares with them."""

import re

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from notes.models.visibility import LISTED_SQL

TERM_MIN, TERM_MAX = 3, 24  # letters
_TERM = re.compile(f"[a-z]{{{TERM_MIN},{TERM_MAX}}}")

# That a note for everyone has `word`; `within` is a further condition on the lexemes of its document. OFFSET
# has these read by their index, before notes and authors.
FOR_EVERYONE = f"""
EXISTS (
    SELECT FROM (
        SELECT author_id, 'published' AS status, visibility, hidden_at
        FROM search_document WHERE lexemes @@ ('''' || word || ''''{{within}})::tsquery OFFSET 0
    ) AS note JOIN profiles_user AS author ON author.id = note.author_id
    WHERE {LISTED_SQL} AND author.is_active AND NOT author.approves_followers
)
"""  # noqa: S608  put together from our own words alone


class Term(models.Model):
    """A folded word of three letters or more that some note for everyone has. A job adds and forgets them."""

    word = models.CharField(max_length=TERM_MAX, primary_key=True)
    trigrams = ArrayField(models.CharField(max_length=3))

    class Meta:
        indexes = [GinIndex(fields=["trigrams"], name="search_term_trigrams")]

    def __str__(self) -> str:
        return self.word


def is_term(word: str) -> bool:
    return _TERM.fullmatch(word) is not None


def trigrams(word: str) -> list[str]:
    """Return every three letters that stand together, with two spaces before the word and one after."""
    padded = f"  {word} "
    return list(dict.fromkeys(padded[at : at + 3] for at in range(len(padded) - 2)))
