"""The bar above explore: Latest, one's campus, and the topics that people post and answer now."""

from datetime import timedelta
from functools import lru_cache
from itertools import chain, zip_longest
from time import monotonic
from typing import Any, NamedTuple

from django.utils import timezone
from taggit.models import Tag

from notes.models import Note
from notes.models.muting import mutes_tag
from notes.models.visibility import AUTHOR_COUNTED, campus_with

CHANNELS = 12
RECENT_NOTES, RECENT_DAYS = 1000, 7


class Bar(NamedTuple):
    campus: Any | None
    topics: list[Tag]


def bar(viewer: Any) -> Bar:
    """The viewer's campus, if they have named one, and their channels, as they were within the last minute, but for
    tags that they have muted.
    """
    found = _bar(viewer.campus_id if viewer.is_authenticated else None, int(monotonic() // 60))
    return found._replace(topics=[topic for topic in found.topics if not mutes_tag(viewer, topic.name)])


@lru_cache(256)
def _bar(campus_id: int | None, minute: int) -> Bar:
    if campus_id is None:
        return Bar(None, busiest())
    pairs = zip_longest(busiest(), busiest(campus_id))
    both = dict.fromkeys(topic for topic in chain.from_iterable(pairs) if topic)
    return Bar(campus_with(campus_id), list(both)[:CHANNELS])


# Each note is weighed once, however many topics it has.
_BUSIEST = """
WITH recent AS MATERIALIZED ({recent}), answered AS (
    SELECT note_id, sum(new_engaged) AS number FROM notes_noteday
    WHERE note_id IN (SELECT id FROM recent) AND day > %s
    GROUP BY note_id
), shared AS (
    SELECT note_id, count(network) - count(DISTINCT network) AS number FROM notes_notereader
    WHERE note_id IN (SELECT id FROM recent) AND is_counted AND network IS NOT NULL AND engaged_day > %s
    GROUP BY note_id
)
SELECT tag.id, tag.name, tag.slug
FROM recent JOIN notes_taggednote AS tagging ON content_object_id = recent.id
JOIN taggit_tag AS tag ON tag.id = tag_id
LEFT JOIN answered ON answered.note_id = recent.id LEFT JOIN shared ON shared.note_id = recent.id
WHERE NOT EXISTS (
    SELECT FROM notes_tagstate AS decided
    WHERE decided.tag_id = tag.id AND (is_hidden OR merged_into_id IS NOT NULL)
)
GROUP BY tag.id
ORDER BY sum(1 + greatest(coalesce(answered.number, 0) - coalesce(shared.number, 0), 0)) DESC, tag.name
LIMIT %s
"""


def busiest(campus_id: int | None = None) -> list[Tag]:
    """The topics of the last thousand public notes by people who count, over all or on a campus, those first that
    weigh most: one for each note, and one for each person who engaged with it first within the last seven days, as many
    as shared a network taken for one.
    """
    public = Note.objects.public().filter(**{AUTHOR_COUNTED: True})
    public = public if campus_id is None else public.filter(campus=campus_id)
    recent = public.order_by("-published_at", "-id").values("id")[:RECENT_NOTES]
    statement, params = recent.query.sql_with_params()
    since = timezone.localdate() - timedelta(days=RECENT_DAYS)
    return list(Tag.objects.raw(_BUSIEST.format(recent=statement), [*params, since, since, CHANNELS]))
