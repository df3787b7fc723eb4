"""The bar above explore: Latest, one's campus, and the topics that people post and answer now."""

from datetime import timedelta
from functools import lru_cache
from itertools import chain, zip_longest
from time import monotonic
from typing import Any, NamedTuple

from django.db.models import OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from taggit.models import Tag

from notes.models import Note, NoteDay
from notes.models.muting import mutes_tag
from notes.models.visibility import AUTHOR_COUNTED, campus_with

CHANNELS = 12
RECENT_NOTES, RECENT_DAYS = 1000, 7
_TAGGINGS = "notes_taggednote_items"


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


def busiest(campus_id: int | None = None) -> list[Tag]:
    """The topics of the last thousand public notes by people who count, over all or on a campus, those first that
    weigh most: one for each note, and one for each person who engaged with it first within the last seven days.
    """
    public = Note.objects.public().filter(**{AUTHOR_COUNTED: True})
    public = public if campus_id is None else public.filter(campus=campus_id)
    recent = public.order_by("-published_at", "-id")[:RECENT_NOTES]
    since = timezone.localdate() - timedelta(days=RECENT_DAYS)
    engaged = NoteDay.objects.filter(note=OuterRef(f"{_TAGGINGS}__content_object"), day__gt=since).values(
        "note"
    )
    weight = 1 + Coalesce(Subquery(engaged.annotate(number=Sum("new_engaged")).values("number")), Value(0))
    topics = Tag.objects.filter(**{f"{_TAGGINGS}__content_object__in": recent.values("pk")})
    return list(topics.annotate(weight=Sum(weight)).order_by("-weight", "name")[:CHANNELS])
