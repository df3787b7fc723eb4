from django.db import connection

from search.query.query import latin_words


def stems_of(typed: str) -> dict[str, str]:
    """Return the English stem of each word of a query that has one, as documents have them. A word that only asks has
    none.
    """
    words = latin_words(typed)
    if not words:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_STEMS, {"words": words})
        return dict(cursor.fetchall())


_STEMS = """
SELECT word, stem[1] FROM unnest(%(words)s::text[]) AS word CROSS JOIN LATERAL ts_lexize('english_stem', word) AS stem
WHERE cardinality(stem) > 0
"""
