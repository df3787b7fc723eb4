"""The SQL of what results are ordered by: their relevance, their time or their popularity, as a whole number."""

# Of a word in the name of a place or campus, in the story, in a tag and in the title.
WEIGHTS = "'{0.15, 0.3, 0.8, 1.0}'"
IN_TITLE = 0.7  # of Chinese characters that are in the title, but in several words there
ONLY_FOUND = 0.1  # of what is in the text, but is no word there
# What is added to the mean of the words: for the query as it was typed, in the title; for all of it, anywhere; for a
# note of today, which halves every 90 days; for each time that likes and saves double.
TITLE, WHOLE, FRESH, POPULAR = 0.5, 1.0, 0.1, 0.01

# ts_rank gives a word that stands once its weight, divided by pi squared over six.
RELEVANCE = f"""
round(1e6 * (
    coalesce((
        SELECT sum(word.weight * greatest(
            1.645 * ts_rank({WEIGHTS}, words.words, word.ranks),
            CASE WHEN strpos(lower(found.title), word.written) > 0 THEN {IN_TITLE} END,
            {ONLY_FOUND}
        )) / sum(word.weight)
        FROM unnest(%(ranks)s::tsquery[], %(weights)s::float8[], %(written)s::text[]) AS word (ranks, weight, written)
    ), 0)
    + CASE WHEN strpos(lower(found.title), %(typed)s) > 0 THEN {TITLE}::float8 ELSE 0 END
    + CASE WHEN found.number IN (SELECT number FROM search_document WHERE lexemes @@ %(whole)s::tsquery)
        THEN {WHOLE}::float8 ELSE 0 END
    + {FRESH}::float8 * power(2::float8, -extract(epoch FROM %(now)s - found.published_at)::float8 / 86400 / 90)
    + {POPULAR}::float8 * floor(log((1 + found.popularity)::float8) / log(2::float8))
))::bigint
"""  # noqa: S608  put together from our own numbers alone
LATEST_FIRST = "(extract(epoch FROM found.published_at) * 1e6)::bigint"
POPULAR_FIRST = "found.popularity::bigint"
