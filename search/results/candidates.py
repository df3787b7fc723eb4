"""The SQL that picks the newest notes of a search that the viewer may see, from the newest documents to the oldest.

Documents are read window by window, each wider than the one before: a common word has enough notes in the newest, and
reads no more of its index than that; a rare word reads all of it, which is little. Of the documents of a window, newest
first, one after the other is asked whether the viewer may see its note, until there are enough. So what is found
depends on nothing that the viewer may not see.
"""

from search.models.document import WINDOWS

RANKED_MAX = 1000  # newest notes of a search that its results are chosen from

# A window is the two newest of its width up to the document of a number. The last one has all that are left.
# `number + 0` keeps PostgreSQL from reading an index of numbers, of all in the last window.
_CANDIDATES = """
asked (until) AS MATERIALIZED (
    SELECT least(%(until)s, coalesce(max(number), 0)) FROM search_document
), width (step, bits) AS (
    VALUES {widths}
), reach AS (
    SELECT step, until, until >> bits AS newest, coalesce(((until >> bits) - 1) << bits, 0) AS since
    FROM width CROSS JOIN asked
), stretch AS MATERIALIZED (
    SELECT step, since, lag(since, 1, until + 1) OVER (ORDER BY step) AS before,
        CASE WHEN newest IS NULL THEN %(query)s::tsquery ELSE %(query)s::tsquery && format(
            '''/%%s:%%s'' | ''/%%s:%%s''', step, newest, step, newest - 1
        )::tsquery END AS query
    FROM reach
), seen AS MATERIALIZED (
    SELECT found.number, found.note_id, note.*
    FROM (SELECT query, since, before FROM stretch WHERE before > 0 ORDER BY step OFFSET 0) AS stretch
    CROSS JOIN LATERAL (
        SELECT number, note_id FROM search_document
        WHERE lexemes @@ stretch.query AND number + 0 < stretch.before AND published_at >= %(since)s
            AND (NOT %(followed)s OR author_id IN (
                SELECT followed_id FROM profiles_follow WHERE follower_id = %(viewer)s
            ))
        ORDER BY number DESC OFFSET 0
    ) AS found
    CROSS JOIN LATERAL ({seen} OFFSET 0) AS note
    LIMIT {most} + 1
), candidates AS MATERIALIZED (
    SELECT * FROM seen ORDER BY number DESC LIMIT {most}
)
"""


def candidates_sql(seen: str) -> str:
    """Return the WITH clause of `candidates`, the notes, and of `seen`, one more where there are more.

    `seen` selects the note of `found.note_id` where the viewer may see it.
    """
    widths = ", ".join(f"({step}, {bits})" for step, bits in enumerate(WINDOWS))
    return _CANDIDATES.format(widths=f"{widths}, ({len(WINDOWS)}, NULL)", seen=seen, most=RANKED_MAX)
