"""What a query says once its Latin words are spelled as notes spell them, which the viewer may see."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import regex
from django.db import connection

from profiles.models import Viewer
from search.asked import Asked
from search.models.document import WINDOWS
from search.models.term import is_term, trigrams
from search.query.edits import slips_between
from search.query.query import Query, Term
from search.query.tsquery import all_of, lexeme
from search.results.seen import facts, seen_sql

LEAST = 4  # letters of a word
NEAR_MAX = 20  # terms of most shared trigrams, of which the nearest are chosen
TRIED_MAX = 5
MENDED_MAX = 4  # words of a query, those that weigh most


class _Form(NamedTuple):
    """A word of the query, and how it may be spelled instead; itself first."""

    word: str
    spelling: str
    condition: str


def corrected(viewer: Viewer, asked: Asked, query: Query) -> str:
    """Return the query with words that no note has replaced by the nearest ones that a note has which the viewer may
    see; "" if there are none.
    """
    words = [term for term in query.terms if term.names and is_term(term.text) and len(term.text) >= LEAST]
    doubtful = sorted(words, key=lambda term: -term.weight)[:MENDED_MAX]
    if not doubtful:
        return ""
    forms = list(_forms(doubtful))
    seen, given = seen_sql(viewer)
    known = facts(asked)
    values = {
        "viewer": viewer.pk,
        "words": [form.word for form in forms],
        "spellings": [form.spelling for form in forms],
        "conditions": [all_of([form.condition, *known]) for form in forms],
    }
    with connection.cursor() as cursor:
        cursor.execute(_sql(seen), given | values)
        spellings = {word: spelling for word, spelling in cursor.fetchall() if word != spelling}
    return _respelled(query.typed, spellings) if spellings else ""


def _forms(terms: list[Term]) -> Iterator[_Form]:
    """Yield each word as it is typed, then the terms near it, nearest first."""
    words = [term.text for term in terms]
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, {"words": words, "trigrams": [",".join(trigrams(word)) for word in words]})
        near = cursor.fetchall()
    for term in terms:
        yield _Form(term.text, term.text, term.has)
        fit = [
            (slips, found)
            for word, found in near
            if word == term.text and (slips := slips_between(word, found))
        ]
        yield from (_Form(term.text, found, lexeme(found)) for _, found in sorted(fit)[:TRIED_MAX])


def _respelled(typed: str, spellings: dict[str, str]) -> str:
    """Replace the words, whatever their case; other words stay as they were typed."""
    for word, spelling in spellings.items():
        typed = regex.sub(rf"(?<!\p{{Latin}}){word}(?!\p{{Latin}})", spelling, typed, flags=regex.IGNORECASE)
    return typed


@cache
def _sql(seen: str) -> str:
    return _FIRST_SEEN.format(seen=seen)


# The first trigram is shared by every term with the same first letter.
_NEAR = f"""
SELECT asked.word, near.word
FROM unnest(%(words)s::text[], %(trigrams)s::text[]) AS asked (word, trigrams)
CROSS JOIN LATERAL CAST(string_to_array(asked.trigrams, ',') AS varchar[]) AS has
CROSS JOIN LATERAL (
    SELECT word, cardinality(ARRAY(SELECT unnest(trigrams) INTERSECT SELECT unnest(has))) AS shared
    FROM search_term
    WHERE trigrams && has[2:] AND abs(length(word) - length(asked.word)) <= 2
    ORDER BY shared DESC, word LIMIT {NEAR_MAX}
) AS near
"""  # noqa: S608  put together from our own number alone
# Of a common word the newest documents have one that the viewer may see, so that no others are read.
_FIRST_SEEN = f"""
WITH newest AS MATERIALIZED (
    SELECT format('''/0:%%s'' | ''/0:%%s''', at, at - 1)::tsquery AS lexemes
    FROM (SELECT coalesce(max(number), 0) >> {WINDOWS[0]} AS at FROM search_document) AS number
)
SELECT DISTINCT ON (word) word, spelling
FROM newest CROSS JOIN unnest(%(words)s::text[], %(spellings)s::text[], %(conditions)s::tsquery[])
    WITH ORDINALITY AS asked (word, spelling, condition, place)
WHERE EXISTS (
    SELECT FROM (
        SELECT * FROM search_document WHERE lexemes @@ asked.condition AND lexemes @@ newest.lexemes OFFSET 0
    ) AS found CROSS JOIN LATERAL ({{seen}} OFFSET 0) AS is_seen
) OR EXISTS (
    SELECT FROM (SELECT * FROM search_document WHERE lexemes @@ asked.condition OFFSET 0) AS found
        CROSS JOIN LATERAL ({{seen}} OFFSET 0) AS is_seen
)
ORDER BY word, place
"""  # noqa: S608  put together from our own words alone
