"""Read what is typed, with what only the database knows of its words: their English stems, and what the last one may
become.
"""

from typing import Any

from django.db import connection

from search.query.query import Query, begun_word, latin_words

COMPLETIONS_MAX = 20


def read(typed: str) -> Query:
    """Return the query. Asks the database once, if it has words in Latin letters."""
    words, begun = latin_words(typed), begun_word(typed)
    if not words and not begun:
        return Query.of(typed, {})
    values: dict[str, Any] = {"words": words, "begun": begun, "like": f"{begun}%", "most": COMPLETIONS_MAX}
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, values)
        known = cursor.fetchall()
    stems = {word: stem for word, stem, _ in known if word}
    return Query.of(typed, stems, [completion for _, _, completion in known if completion])


# Words that only ask have no stem. The last word is completed by terms of notes, the shortest first: PostgreSQL would
# read every lexeme with a beginning, with all its documents, for 8 ms where a word is in a tenth of 100,000 notes.
_KNOWN = """
SELECT word, stem[1], NULL FROM unnest(%(words)s::text[]) AS word CROSS JOIN ts_lexize('english_stem', word) AS stem
WHERE cardinality(stem) > 0
UNION ALL (
    SELECT NULL, NULL, word FROM search_term
    WHERE %(begun)s <> '' AND word LIKE %(like)s AND word <> %(begun)s ORDER BY length(word), word LIMIT %(most)s
)
"""
