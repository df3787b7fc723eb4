"""The SQL of what results are ordered by: their relevance, their time or their popularity, as a whole number."""

from typing import Any

from notes.explore.less import less_step
from search.query.query import Query
from search.query.split import is_spaceless, whole_words

# Of a word in the name of a place or campus, in the story, in a tag and in the title.
WEIGHTS = "'{0.15, 0.3, 0.8, 1.0}'"
IN_TITLE = 0.7  # of Chinese characters that are in the title, but in several words there
ONLY_FOUND = 0.1  # of what is in the text, but is no word there
# What "Less like this" takes from notes with the same topics or author is the step of Explore (notes/explore/less.py).
# What is added to the mean of the words: for the query as it was typed, in the title; for all its pairs of Chinese
# characters in the title; for all of it, anywhere; for a note of today, which halves every 90 days; for each time that
# likes and saves double.
TITLE, PAIRS, WHOLE, FRESH, POPULAR = 0.5, 0.3, 1.0, 0.1, 0.01

# What orders a note of its own words and title, `said`, is read in one pass, as words are long.
# ts_rank gives a word that stands once its weight, divided by pi squared over six.
_KNOWN = f"""
known AS MATERIALIZED (
    SELECT note_id, level, coalesce((
        SELECT sum(word.weight * greatest(
            1.645::float8 * {{rank}},
            CASE WHEN strpos(title, word.written) > 0 THEN {IN_TITLE}::float8 END,
            {ONLY_FOUND}::float8
        )) / sum(word.weight)
        FROM asked_words AS word
    ), 0)
    + CASE WHEN strpos(title, %(said)s) > 0 AND title ~ %(typed)s THEN {TITLE}::float8 ELSE 0 END
    + CASE WHEN %(pairs)s::text[] = '{{{{}}}}' THEN 0 ELSE
        {PAIRS}::float8 * (SELECT count(*) FROM unnest(%(pairs)s::text[]) AS pair WHERE strpos(title, pair) > 0)
        / greatest(1, %(pieces)s)
    END AS said
    FROM {{words}}
)
"""  # noqa: S608  put together from our own numbers alone
_WORDS = "search_notewords WHERE note_id = ANY (ARRAY(SELECT note_id FROM candidates))"
_ASKED_WORDS = """
asked_words AS MATERIALIZED (
    SELECT ranks, written, at, weight * {rarity} AS weight
    FROM unnest(%(ranks)s::tsquery[], %(weights)s::float8[], %(written)s::text[])
        WITH ORDINALITY AS word (ranks, weight, written, at)
)
"""
# Where notes need not have all words of the query, one counts the more, the fewer of the notes have it.
_RANKED_WORDS = f"""
ranked_words AS MATERIALIZED (
    SELECT note_id, level, title, ARRAY(
        SELECT ts_rank({WEIGHTS}, words, ranks)
        FROM unnest(%(ranks)s::tsquery[]) WITH ORDINALITY AS word (ranks, at) ORDER BY at
    ) AS ranks
    FROM {_WORDS}
)
"""  # noqa: S608  the same
_RARITY = """ln(
    1 + (SELECT count(*) FROM candidates)::float8
        / (SELECT 1 + count(*) FROM ranked_words AS note WHERE note.ranks[at] > 1e-9)
)"""
KNOWN = ",".join(
    [
        _ASKED_WORDS.format(rarity=1),
        _KNOWN.format(rank=f"ts_rank({WEIGHTS}, words, word.ranks)", words=_WORDS),
    ]
)
KNOWN_OF_PARTS = ",".join(
    [
        _RANKED_WORDS,
        _ASKED_WORDS.format(rarity=_RARITY),
        _KNOWN.format(rank="ranked_words.ranks[word.at]", words="ranked_words"),
    ]
)
RANKED = "(SELECT * FROM candidates FULL JOIN known USING (note_id))"
# Without what a visitor cannot have asked for less of.
RELEVANCE = f"""
round(1e6 * (
    coalesce(found.said, {ONLY_FOUND})
    + CASE WHEN found.is_first THEN {WHOLE}::float8 ELSE 0 END
    + {FRESH}::float8 * power(2::float8, date_part('epoch', found.published_at - %(now)s) / 86400 / 90)
    + {POPULAR}::float8 * coalesce(found.level, 0)
    - ({{less}})
))::bigint
"""
LESS = less_step("found.note_id", "found.author_id")
LATEST_FIRST = "(extract(epoch FROM found.published_at) * 1e6)::bigint"
POPULAR_FIRST = "(SELECT like_count + collect_count FROM notes_note WHERE id = found.note_id)::bigint"


def ranking_values(query: Query) -> dict[str, Any]:
    """Return the parameters of `KNOWN` and `RELEVANCE` besides `now`."""
    words = query.ranking
    return {
        "ranks": [word.ranks for word in words],
        "weights": [word.weight for word in words],
        "written": [word.text if is_spaceless(word.text) else None for word in words],
        "said": query.typed.lower(),
        "typed": whole_words(query.typed),
        "pairs": query.pairs,
        "pieces": len(query.pairs) + sum(not is_spaceless(term.text) for term in query.terms),
    }
