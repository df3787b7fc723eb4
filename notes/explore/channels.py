"""The row of channels above Explore: Latest, the viewer's campus, curated channels, and currently busy topics."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import lru_cache
from itertools import chain, zip_longest
from time import monotonic
from typing import Any, NamedTuple

from django.db.models.expressions import RawSQL
from taggit.models import Tag

from core.zones import site_day
from notes.models import Channel, Note
from notes.models.muting import mutes_tag
from notes.models.public_names import shown_campuses
from notes.models.tags import shown_tags
from profiles.models import Viewer

CHANNELS = 12
RECENT_NOTES, RECENT_DAYS = 1000, 7


class Bar(NamedTuple):
    """`topics` are the busiest of all; `others` are those of them that no curated channel contains."""

    campus: Any | None
    topics: list[Tag]
    curated: list[Channel]
    others: list[Tag]


def bar(viewer: Viewer) -> Bar:
    """Return the viewer's campus, if any, and their channels, cached for a minute. Muted tags are left out, and curated
    channels that have only muted tags.
    """
    found = _bar(viewer.campus_id if viewer.is_authenticated else None, int(monotonic() // 60))
    return found._replace(
        topics=_not_muted(viewer, found.topics),
        curated=[each for each in found.curated if not all(mutes_tag(viewer, tag) for tag in each.tag_names)],
        others=_not_muted(viewer, found.others),
    )


def channel_at(slug: str) -> Channel | Tag | None:
    """Return the curated channel at this slug, with its tags, or the tag that has a page there."""
    curated = Channel.objects.shown().with_tags().filter(slug=slug).first()
    return curated or shown_tags().filter(slug=slug).first()


def _not_muted(viewer: Viewer, topics: list[Tag]) -> list[Tag]:
    return [topic for topic in topics if not mutes_tag(viewer, topic.name)]


@lru_cache(256)
def _bar(campus_id: int | None, minute: int) -> Bar:
    curated = list(Channel.objects.offered())
    topics = _interleaved(campus_id)
    others = _interleaved(campus_id, tags_of(curated)) if curated else topics
    addresses = {each.slug for each in curated}
    others = [topic for topic in others if topic.slug not in addresses]
    campus = shown_campuses().filter(pk=campus_id).first() if campus_id is not None else None
    return Bar(campus, topics, curated[:CHANNELS], others[: max(0, CHANNELS - len(curated))])


def _interleaved(campus_id: int | None, without: Collection[int] = ()) -> list[Tag]:
    """Return the busiest topics of all and of the campus in turn."""
    if campus_id is None:
        return busiest(without=without)
    pairs = zip_longest(busiest(without=without), busiest(campus_id, without=without))
    both = dict.fromkeys(topic for topic in chain.from_iterable(pairs) if topic)
    return list(both)[:CHANNELS]


def tags_of(curated: Sequence[Channel]) -> set[int]:
    """Return the ids of the tags of these channels; needs `tag_ids`."""
    return {tag for each in curated for tag in each.tag_ids}


# Each note is weighed once, whatever its number of topics.
_BUSIEST = """
WITH recent AS MATERIALIZED ({recent}), answered AS (
    SELECT note_id, sum(new_engaged) AS number FROM notes_noteday
    WHERE note_id IN (SELECT id FROM recent) AND day > %(since)s
    GROUP BY note_id
), shared AS (
    SELECT note_id, count(network) - count(DISTINCT network) AS number FROM notes_notereader
    WHERE note_id IN (SELECT id FROM recent) AND is_counted AND network IS NOT NULL AND engaged_day > %(since)s
    GROUP BY note_id
), weighed AS (
    SELECT recent.campus, tag.id, tag.name, tag.slug,
        sum(1 + greatest(coalesce(answered.number, 0) - coalesce(shared.number, 0), 0)) AS weight
    FROM recent JOIN notes_taggednote AS tagging ON content_object_id = recent.id
    JOIN taggit_tag AS tag ON tag.id = tag_id
    LEFT JOIN answered ON answered.note_id = recent.id LEFT JOIN shared ON shared.note_id = recent.id
    WHERE NOT EXISTS (
        SELECT FROM notes_tagstate AS decided
        WHERE decided.tag_id = tag.id AND (is_hidden OR merged_into_id IS NOT NULL)
    ) AND tag.id <> ALL (%(without)s::bigint[])
    GROUP BY recent.campus, tag.id
)
SELECT id, name, slug
FROM (SELECT *, row_number() OVER (PARTITION BY campus ORDER BY weight DESC, name) AS place FROM weighed) AS ranked
WHERE place <= %(most)s ORDER BY place
"""
_OF_CAMPUSES = (
    "SELECT campus, id FROM unnest(%(campuses)s::bigint[]) AS wanted (campus) CROSS JOIN LATERAL ({}) AS note"
)
_OF_ALL = "SELECT 0 AS campus, id FROM ({}) AS note"


def busiest(campus_id: int | None = None, *, without: Collection[int] = ()) -> list[Tag]:
    """Return the topics of the last thousand public notes by people who count, of all or of a campus, except `without`,
    by weight.

    A topic weighs one for each note, and one for each person who first engaged with it within seven days; people who
    share a network weigh as one.
    """
    return _busiest([campus_id] if campus_id is not None else None, without)


def busiest_on(campuses: Sequence[int], *, without: Collection[int] = ()) -> set[int]:
    """Return the ids of the busiest topics of each of these campuses, in one query."""
    return {topic.pk for topic in _busiest(campuses, without)}


def _busiest(campuses: Sequence[int] | None, without: Collection[int]) -> list[Tag]:
    public = Note.objects.public().filter(author__is_counted=True)
    if campuses is not None:
        public = public.filter(campus=RawSQL("wanted.campus", []))
    recent = public.order_by("-published_at", "-id").values("id")[:RECENT_NOTES]
    sql, params = recent.query.sql_with_params()
    given = {f"given{place}": value for place, value in enumerate(params)}
    sql = sql % tuple(f"%({name})s" for name in given)
    statement = _BUSIEST.format(recent=(_OF_ALL if campuses is None else _OF_CAMPUSES).format(sql))
    given |= {"since": site_day() - timedelta(days=RECENT_DAYS), "most": CHANNELS}
    given |= {"campuses": list(campuses or ()), "without": list(without)}
    return list(Tag.objects.raw(statement, given))
