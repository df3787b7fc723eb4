"""Read what is typed, with what only the database knows of its words: their English stems, and what the last one may
become.
"""

from typing import Any

from django.db import connection

from search.models.document import WINDOWS
from search.models.term import FOR_EVERYONE
from search.query.latin import begun_word, latin_words
from search.query.query import Query

COMPLETIONS_MAX = 20
TESTED_MAX = 200  # terms, of which some may be those of notes closed since last night
_NEWEST = " || ' & (''/0:' || at || ''' | ''/0:' || at - 1 || ''')'"  # documents


def read(typed: str) -> Query:
    """Return the query. Asks the database once, if it has words in Latin letters."""
    words, begun = latin_words(typed), begun_word(typed)
    if not words and not begun:
        return Query.of(typed, {})
    values: dict[str, Any] = {"words": words, "begun": begun, "like": f"{begun}%"}
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, values)
        known = cursor.fetchall()
    stems = {word: stem for word, stem, _ in known if word}
    return Query.of(typed, stems, [completion for _, _, completion in known if completion])


# Words that only ask have no stem. The last word is completed by terms of notes, the shortest first: PostgreSQL would
# read every lexeme with a beginning, with all its documents, for 8 ms where a word is in a tenth of 100,000 notes.
# Only terms of notes for everyone count, so that those of closed ones push none of them out. A common word is seen in
# the newest documents, without reading of all that have it.
_KNOWN = f"""
SELECT word, stem[1], NULL FROM unnest(%(words)s::text[]) AS word CROSS JOIN ts_lexize('english_stem', word) AS stem
WHERE cardinality(stem) > 0
UNION ALL (
    SELECT NULL, NULL, word FROM (
        SELECT word, (SELECT coalesce(max(number), 0) >> {WINDOWS[0]} FROM search_document) AS at
        FROM search_term WHERE %(begun)s <> '' AND word LIKE %(like)s AND word <> %(begun)s
        ORDER BY length(word), word LIMIT {TESTED_MAX}
    ) AS term
    WHERE {FOR_EVERYONE.format(within=_NEWEST)} OR {FOR_EVERYONE.format(within="")}
    LIMIT {COMPLETIONS_MAX}
)
"""  # noqa: S608  put together from our own words alone
