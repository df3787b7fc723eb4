"""The SQL that picks the newest notes of a search that the viewer may see, from the newest documents to the oldest.

Documents are read window by window: a common word has enough notes in the newest, and reads no more of its index than
that; a rare word reads all of it, which is little. Of a window all documents that match are read, with their authors,
and it is asked of each whether the viewer may see its note, until there are enough. So what is found depends on nothing
that the viewer may not see.
"""

from typing import NamedTuple

from search.models.document import WINDOWS

WIDER_MAX = 16  # times as many documents as were read before, at most, has the next window
FEW = 4000  # documents: where fewer are expected in all older ones, these are read without a window

_NEWEST = """
newest (number) AS MATERIALIZED (
    SELECT least(%(until)s, coalesce(max(number), 0)) FROM search_document
), width (step, bits, next) AS MATERIALIZED (
    VALUES {widths}
)
"""
_OLDEST = """
, oldest (number) AS MATERIALIZED (
    SELECT CASE WHEN %(is_recent)s THEN (
        SELECT coalesce(min(number), %(until)s) - 1 FROM search_document WHERE published_at >= %(since)s
    ) ELSE 0 END
)
"""
# The first window has the newest block of the smallest width and the one before it; each further one is as wide as it
# takes to find enough, if as many match as before. It begins where a block of some width does: its lexemes are those
# blocks, and smaller ones up to the window before. Of notes published lately, no window is read that has only older
# documents.
_WINDOW = """
LATERAL (
    SELECT number, greatest(
        1 << {smallest}, number * least({wider}, (1.05 * %(most)s - found) / (found + 1))
    )::bigint AS wanted
    FROM (SELECT newest.number + 1 - read.before AS number, read.found FROM newest) AS past
) AS past CROSS JOIN LATERAL (
    SELECT max(bits) AS bits FROM width WHERE step = 0 OR 4 << bits <= past.wanted
) AS block CROSS JOIN LATERAL (
    SELECT greatest(0, ((read.before - past.wanted) >> block.bits) << block.bits) AS since
) AS start CROSS JOIN LATERAL (
    SELECT start.since, (
        SELECT string_agg('''/' || step || ':' || at || '''', '|') FROM width CROSS JOIN generate_series(
            CASE WHEN width.bits = block.bits THEN start.since ELSE (read.before >> next) << next END >> width.bits,
            CASE step WHEN 0 THEN read.before ELSE (read.before >> width.bits) << width.bits END - 1 >> width.bits
        ) AS at
        WHERE width.bits <= block.bits AND (start.since > 0 OR (read.found + 1) * read.before > {few} * past.number)
            {unless_opened}
    )::tsquery AS lexemes
) AS stretch
"""
_COLUMNS = "number, note_id, author_id, published_at"
# `number + 0` keeps PostgreSQL from reading an index of numbers, which in the last window are nearly all.
_DATED = "AND published_at >= %(since)s"
_OPENED = """
AND (%(only)s::bigint[] IS NULL OR note_id = ANY (%(only)s::bigint[])) AND note_id <> ALL (%(without)s::bigint[])
    AND author_id IS DISTINCT FROM %(not_by)s
"""
# The index intersects the condition with the window. Authors are found together, in the order of their index. A full
# join is made by hashes or in order; an inner one of rows that are thought to be few would read all for each.
_SHOWN = f"""
LATERAL (
    WITH matching AS MATERIALIZED (
        SELECT {_COLUMNS}, visibility, hidden_at FROM search_document
        WHERE {{condition}} AND number + 0 < read.before
    ), author AS MATERIALIZED (
        SELECT id, is_active, approves_followers FROM profiles_user
        WHERE id = ANY (ARRAY(SELECT author_id FROM matching))
    )
    SELECT count(*) AS found, array_agg(number) AS numbers, array_agg(note_id) AS notes,
        array_agg(author_id) AS authors, array_agg(published_at) AS times
    FROM (
        SELECT matching.*, is_active, approves_followers
        FROM matching FULL JOIN author ON author.id = matching.author_id OFFSET 0
    ) AS found CROSS JOIN LATERAL ({{seen}}) AS is_seen
) AS shown
"""  # noqa: S608  put together from our own words alone
_IN_WINDOW = "lexemes @@ ({condition}) AND lexemes @@ coalesce(stretch.lexemes, {condition})"
# Of people who are followed two indexes meet: that of lexemes, and that of authors, whose documents are few. What is
# counted is nothing: it is thought to cost more than the second index, which PostgreSQL would not ask where it thinks
# that hardly a document has the lexemes. Of too many people, each document that is found is asked.
_OF_AUTHORS = """
AND author_id = ANY (%(authors)s::bigint[]) AND number + 0 >= stretch.since
    AND (SELECT count(*) = 0 FROM generate_series(number, number - 1))
"""
_OF_FOLLOWED = "AND author_id IN (SELECT followed_id FROM profiles_follow WHERE follower_id = %(viewer)s)"
# Those that came first, which are few: cheaper than the index leaving out all that fulfil their condition.
_OTHERS = "AND number <> ALL (ARRAY(SELECT number FROM first_seen))"
_SEEN = """
{name}_read (before, found, numbers, notes, authors, times) AS (
    SELECT number + 1, 0::bigint, '{{}}'::bigint[], '{{}}'::bigint[], '{{}}'::bigint[], '{{}}'::timestamptz[]
    FROM newest WHERE {gate}
    UNION ALL
    SELECT stretch.since, read.found + shown.found, shown.numbers, shown.notes, shown.authors, shown.times
    FROM {name}_read AS read CROSS JOIN {window} CROSS JOIN {shown}
    WHERE read.found <= %(most)s AND read.before > {oldest}
), {name} AS MATERIALIZED (
    SELECT {is_first} AS is_first, each.* FROM {name}_read CROSS JOIN LATERAL unnest(numbers, notes, authors, times)
        AS each (number, note_id, author_id, published_at)
    ORDER BY number DESC LIMIT %(most)s + 1
)
"""
_CANDIDATES = """
seen AS (
    SELECT * FROM first_seen {and_then}
), candidates AS MATERIALIZED (
    SELECT * FROM seen ORDER BY is_first DESC, number DESC LIMIT %(most)s
)
"""


class Shape(NamedTuple):
    """What of a search decides its SQL: `seen`, the condition to see a note, as `shown_sql` is it; whether a second
    condition follows the first; whether notes are of few people who are followed, or of many; and whether there is a
    time or what the viewer has opened to ask for.
    """

    seen: str
    has_then: bool
    of_authors: bool
    of_followed: bool
    is_dated: bool
    is_opened: bool


def candidates_sql(shape: Shape) -> str:
    """Return what follows WITH RECURSIVE of `candidates`, the newest `most` notes, and of `seen`, more where there are
    more. Notes by the condition `first` come first; where they are fewer than `enough`, those by `then` follow.
    """
    after = (*WINDOWS[1:], 62)
    widths = ", ".join(f"({step}, {bits}, {after[step]})" for step, bits in enumerate(WINDOWS))
    parts = [_NEWEST.format(widths=widths) + (_OLDEST if shape.is_dated else "")]
    parts.append(_seen(shape, "first_seen", "%(first)s::tsquery", "true"))
    if shape.has_then:
        few = "(SELECT count(*) FROM first_seen) < %(enough)s"
        parts.append(_seen(shape, "then_seen", "%(then)s::tsquery", few, _OTHERS))
    parts.append(_CANDIDATES.format(and_then="UNION ALL SELECT * FROM then_seen" if shape.has_then else ""))
    return ",".join(parts)


def _seen(shape: Shape, name: str, condition: str, gate: str, others: str = "") -> str:
    filters = (
        (shape.of_authors, _OF_AUTHORS),
        (shape.of_followed, _OF_FOLLOWED),
        (shape.is_dated, _DATED),
        (shape.is_opened, _OPENED),
    )
    asked = (sql for is_asked, sql in filters if is_asked)
    within = " ".join([_IN_WINDOW.format(condition=condition), *asked, others])
    return _SEEN.format(
        name=name,
        is_first=name == "first_seen",
        gate=gate,
        oldest="greatest(1, (SELECT number FROM oldest))" if shape.is_dated else "1",
        window=_WINDOW.format(
            smallest=WINDOWS[0],
            wider=WIDER_MAX,
            few=FEW,
            unless_opened="AND %(only)s::bigint[] IS NULL" if shape.is_opened else "",
        ),
        shown=_SHOWN.format(condition=within, seen=shape.seen),
    )
