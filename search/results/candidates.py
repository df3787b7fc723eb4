"""The SQL that picks the newest notes of a search that the viewer may see, from the newest documents to the oldest.

Documents are read window by window, each wider than the one before: a common word has enough notes in the newest, and
reads no more of its index than that; a rare word reads all of it, which is little. Of the documents of a window, newest
first, one after the other is asked whether the viewer may see its note, until there are enough. So what is found
depends on nothing that the viewer may not see.
"""

from search.models.document import WINDOWS

RANKED_MAX = 1000  # newest notes of a search that its results are chosen from

# A window is the two newest of its width up to the document of a number, without the window before it. The last one
# has all that are left; of a few notes it is the only one. Of notes published lately, no window is read that has only
# older documents.
_WINDOWS = """
newest (number) AS MATERIALIZED (
    SELECT least(%(until)s, coalesce(max(number), 0)) FROM search_document
), width (step, bits) AS (
    VALUES {widths}
), reach AS (
    SELECT step, number, coalesce((at - 1) << bits, 0) AS since,
        '(''/' || step || ':' || at || ''' | ''/' || step || ':' || at - 1 || ''')' AS lexemes
    FROM width CROSS JOIN newest CROSS JOIN LATERAL (SELECT number >> bits AS at) AS newest_of_width
), stretch AS MATERIALIZED (
    SELECT step, lag(since, 1, number + 1) OVER by_width AS before,
        nullif(concat_ws(' & ', lexemes, '!' || lag(lexemes) OVER by_width), '')::tsquery AS lexemes
    FROM reach WHERE %(only)s::bigint[] IS NULL OR lexemes IS NULL
    WINDOW by_width AS (ORDER BY step)
), oldest (number) AS MATERIALIZED (
    SELECT CASE WHEN %(is_recent)s THEN (
        SELECT coalesce(min(number), %(until)s) - 1 FROM search_document WHERE published_at >= %(since)s
    ) ELSE 0 END
)
"""
# `number + 0` keeps PostgreSQL from reading an index of numbers, which in the last window are nearly all.
_SEEN = """
{name} AS MATERIALIZED (
    SELECT {is_first} AS is_first, found.*
    FROM {found} AS found CROSS JOIN LATERAL ({seen} OFFSET 0) AS is_seen
    LIMIT {most} + 1
)
"""
_COLUMNS = "number, note_id, author_id, published_at, visibility, hidden_at"
_ASKED = """
published_at >= %(since)s AND (%(only)s::bigint[] IS NULL OR note_id = ANY (%(only)s::bigint[]))
    AND note_id <> ALL (%(without)s::bigint[]) AND author_id IS DISTINCT FROM %(not_by)s
"""
_IN_WINDOWS = f"""(
    SELECT before, CASE WHEN lexemes IS NULL THEN {{condition}} ELSE {{condition}} && lexemes END AS condition
    FROM stretch WHERE before > (SELECT number FROM oldest) AND {{gate}} ORDER BY step OFFSET 0
) AS stretch CROSS JOIN LATERAL (
    SELECT {_COLUMNS} FROM search_document
    WHERE lexemes @@ stretch.condition AND number + 0 < stretch.before AND (NOT %(followed)s OR author_id IN (
        SELECT followed_id FROM profiles_follow WHERE follower_id = %(viewer)s
    )) AND {_ASKED}
    ORDER BY number DESC OFFSET 0
)"""  # noqa: S608  put together from our own words alone
# Two indexes meet: that of lexemes, and that of authors, whose documents are few.
_OF_AUTHORS = f"""(
    SELECT {_COLUMNS} FROM search_document
    WHERE lexemes @@ ({{condition}}) AND author_id = ANY (%(authors)s::bigint[])
        AND number + 0 <= %(until)s AND {{gate}} AND {_ASKED}
    ORDER BY number DESC OFFSET 0
)"""  # noqa: S608  the same
_CANDIDATES = """
seen AS (
    SELECT * FROM first_seen UNION ALL SELECT * FROM then_seen
), candidates AS MATERIALIZED (
    SELECT * FROM seen ORDER BY is_first DESC, number DESC LIMIT {most}
)
"""


def candidates_sql(seen: str, *, of_authors: bool) -> str:
    """Return the WITH clause of `candidates`, the notes, and of `seen`, more where there are more.

    Notes by the condition `first` come first; where they are fewer than `enough`, those by the condition `then` follow,
    if it is not NULL. The parameter `seen` is `seen_sql`. With `of_authors`, they are by `authors`.
    """
    widths = ", ".join(f"({step}, {bits})" for step, bits in enumerate(WINDOWS))
    found = _OF_AUTHORS if of_authors else _IN_WINDOWS
    first = found.format(condition="%(first)s::tsquery", gate=True)
    then = found.format(
        condition="%(then)s::tsquery && !! %(first)s::tsquery",
        gate="%(then)s::tsquery IS NOT NULL AND (SELECT count(*) FROM first_seen) < %(enough)s",
    )
    return ",".join(
        [
            _WINDOWS.format(widths=f"{widths}, ({len(WINDOWS)}, NULL)"),
            _SEEN.format(name="first_seen", is_first=True, found=first, seen=seen, most=RANKED_MAX),
            _SEEN.format(name="then_seen", is_first=False, found=then, seen=seen, most=RANKED_MAX),
            _CANDIDATES.format(most=RANKED_MAX),
        ]
    )
