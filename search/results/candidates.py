"""The SQL that picks the newest notes of a search that the viewer may see, from the newest documents to the oldest.

Documents are read window by window, each wider than the one before: a common word has enough notes in the newest, and
reads no more of its index than that; a rare word reads all of it, which is little. Of the documents of a window, newest
first, one after the other is asked whether the viewer may see its note, until there are enough. So what is found
depends on nothing that the viewer may not see.
"""

from search.models.document import WINDOWS

RANKED_MAX = 1000  # newest notes of a search that its results are chosen from

# A window is the two newest of its width up to the document of a number. The last one has all that are left.
_WINDOWS = """
newest (number) AS MATERIALIZED (
    SELECT least(%(until)s, coalesce(max(number), 0)) FROM search_document
), width (step, bits) AS (
    VALUES {widths}
), reach AS (
    SELECT step, number, number >> bits AS at, coalesce(((number >> bits) - 1) << bits, 0) AS since
    FROM width CROSS JOIN newest
), stretch AS MATERIALIZED (
    SELECT step, lag(since, 1, number + 1) OVER (ORDER BY step) AS before,
        format('''/%%s:%%s'' | ''/%%s:%%s''', step, at, step, at - 1)::tsquery AS lexemes, at IS NULL AS is_last
    FROM reach
)
"""
# `number + 0` keeps PostgreSQL from reading an index of numbers, which in the last window are nearly all.
_SEEN = """
{name} AS MATERIALIZED (
    SELECT {is_first} AS is_first, found.number, found.note_id, note.*
    FROM (
        SELECT before, CASE WHEN is_last THEN {condition} ELSE {condition} && lexemes END AS condition
        FROM stretch WHERE before > 0 AND {gate} ORDER BY step OFFSET 0
    ) AS stretch
    CROSS JOIN LATERAL (
        SELECT number, note_id FROM search_document
        WHERE lexemes @@ stretch.condition AND number + 0 < stretch.before AND published_at >= %(since)s
            AND (NOT %(followed)s OR author_id IN (
                SELECT followed_id FROM profiles_follow WHERE follower_id = %(viewer)s
            ))
        ORDER BY number DESC OFFSET 0
    ) AS found
    CROSS JOIN LATERAL ({seen} OFFSET 0) AS note
    LIMIT {most} + 1
)
"""
_CANDIDATES = """
seen AS (
    SELECT * FROM first_seen UNION ALL SELECT * FROM then_seen
), candidates AS MATERIALIZED (
    SELECT * FROM seen ORDER BY is_first DESC, number DESC LIMIT {most}
)
"""


def candidates_sql(seen: str) -> str:
    """Return the WITH clause of `candidates`, the notes, and of `seen`, more where there are more.

    Notes by the condition `first` come first; where they are fewer than `enough`, those by the condition `then` follow,
    if it is not NULL. The parameter `seen` selects the note of `found.note_id` where the viewer may see it.
    """
    widths = ", ".join(f"({step}, {bits})" for step, bits in enumerate(WINDOWS))
    first = _SEEN.format(
        name="first_seen",
        is_first=True,
        condition="%(first)s::tsquery",
        gate=True,
        seen=seen,
        most=RANKED_MAX,
    )
    then = _SEEN.format(
        name="then_seen",
        is_first=False,
        condition="%(then)s::tsquery && !! %(first)s::tsquery",
        gate="%(then)s::tsquery IS NOT NULL AND (SELECT count(*) FROM first_seen) < %(enough)s",
        seen=seen,
        most=RANKED_MAX,
    )
    windows = _WINDOWS.format(widths=f"{widths}, ({len(WINDOWS)}, NULL)")
    return ",".join([windows, first, then, _CANDIDATES.format(most=RANKED_MAX)])
