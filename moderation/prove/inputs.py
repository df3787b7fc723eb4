"""What an epoch of Explore is made of, from rows: the considered notes, their readers, tags and channels."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from moderation.prove.formula import Read
from moderation.prove.rows import FROM_NOTES, PUBLIC, TAG_IS_SHOWN, rows

CONSIDERED = 10_000
_CAMPUSES, _CHANNELS, _RECENT = 50, 12, 1000


class Considered(NamedTuple):
    pk: int
    author: int
    campus: int | None
    published_at: datetime
    is_counted: bool
    topics: tuple[int, ...]


class Crowds(NamedTuple):
    """A note's counted readers: those who share no network, and groups of those who do."""

    readers: int = 0
    engaged: int = 0
    crowds: tuple[tuple[int, int], ...] = ()


_CONSIDERED = f"""
SELECT note.id, note.author_id, note.campus_id, note.published_at, author.is_counted, ARRAY(
    SELECT tagging.tag_id FROM notes_taggednote AS tagging
    WHERE tagging.content_object_id = note.id ORDER BY tagging.id
)
FROM {FROM_NOTES} WHERE {PUBLIC} AND note.published_at <= %(moment)s
ORDER BY note.published_at DESC, note.id DESC LIMIT {CONSIDERED}
"""


def considered(moment: datetime) -> list[Considered]:
    """Return the newest 10,000 public notes of a moment, newest first."""
    return [
        Considered(pk, author, campus, at, is_counted, tuple(topics))
        for pk, author, campus, at, is_counted, topics in rows(_CONSIDERED, moment=moment)
    ]


_CROWDS = """
SELECT note_id,
    coalesce(sum(number) FILTER (WHERE is_alone), 0)::int, coalesce(sum(engaged) FILTER (WHERE is_alone), 0)::int,
    coalesce(array_agg(ARRAY[number, engaged]) FILTER (WHERE NOT is_alone), '{}')
FROM (
    SELECT note_id, count(*) AS number, count(engaged_day) AS engaged, network IS NULL OR count(*) = 1 AS is_alone
    FROM notes_notereader WHERE is_counted AND note_id = ANY (%(notes)s) GROUP BY note_id, network
) AS of_network
GROUP BY note_id
"""


def crowds_of(notes: Collection[int]) -> dict[int, Crowds]:
    found = rows(_CROWDS, notes=list(notes))
    return {
        note: Crowds(readers, engaged, tuple(map(tuple, crowds))) for note, readers, engaged, crowds in found
    }


def reads_of(notes: Collection[Considered], crowds: Mapping[int, Crowds]) -> list[Read]:
    none = Crowds()
    found = [(note, crowds.get(note.pk, none)) for note in notes]
    return [Read(said.readers, said.engaged, (*note.topics, 0)[0]) for note, said in found]


_CURATED = f"""
SELECT channel.id, ARRAY(
    SELECT tag.id FROM notes_channel_tags AS chosen JOIN taggit_tag AS tag ON tag.id = chosen.tag_id
    WHERE chosen.channel_id = channel.id AND {TAG_IS_SHOWN}
)
FROM notes_channel AS channel WHERE channel.is_shown ORDER BY channel.position, channel.id
"""


def curated() -> dict[int, tuple[int, ...]]:
    """Return the tags of each curated channel that is shown."""
    return {pk: tuple(tags) for pk, tags in rows(_CURATED)}


# The last thousand public notes by people who count, of all or of each campus; each weighs one, and one more for each
# person, or network, that engaged within seven days.
_BUSIEST = f"""
WITH recent AS MATERIALIZED (
    SELECT id, {{group}} AS place FROM (
        SELECT note.id, note.campus_id, row_number() OVER (
            PARTITION BY {{group}} ORDER BY note.published_at DESC, note.id DESC
        ) AS rank
        FROM {FROM_NOTES} WHERE {PUBLIC} AND author.is_counted AND {{which}}
    ) AS note WHERE rank <= {_RECENT}
), worth AS (
    SELECT recent.id, recent.place,
        1 + count(reader.id) FILTER (WHERE reader.network IS NULL) + count(DISTINCT reader.network) AS number
    FROM recent LEFT JOIN notes_notereader AS reader
        ON reader.note_id = recent.id AND reader.is_counted AND reader.engaged_day > %(since)s
    GROUP BY recent.id, recent.place
), weighed AS (
    SELECT worth.place, tag.id, tag.name, sum(worth.number) AS weight
    FROM worth JOIN notes_taggednote AS tagging ON tagging.content_object_id = worth.id
    JOIN taggit_tag AS tag ON tag.id = tagging.tag_id
    WHERE {TAG_IS_SHOWN} AND tag.id <> ALL (%(held)s)
    GROUP BY worth.place, tag.id
)
SELECT id FROM (
    SELECT id, row_number() OVER (PARTITION BY place ORDER BY weight DESC, name) AS rank FROM weighed
) AS ranked WHERE rank <= {_CHANNELS}
"""


def busiest(notes: Collection[Considered], since: date, held: Collection[int]) -> set[int]:
    """Return the tags that are channels of their own: the busiest of all, and of the campuses with the most notes."""
    numbers = Counter(note.campus for note in notes if note.campus and note.is_counted)
    most = [campus for campus, _ in numbers.most_common(_CAMPUSES)]
    asked: dict[str, Any] = {"since": since, "held": list(held), "campuses": most}
    of_all = rows(_BUSIEST.format(group="0", which="true"), **asked)
    of_campuses = rows(
        _BUSIEST.format(group="note.campus_id", which="note.campus_id = ANY (%(campuses)s)"), **asked
    )
    return {pk for (pk,) in [*of_all, *of_campuses]}
