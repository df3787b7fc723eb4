"""The bar above explore: Latest, one's campus, and the topics that people post and answer now."""

from datetime import timedelta
from functools import lru_cache
from itertools import chain, zip_longest
from time import monotonic
from typing import Any, NamedTuple

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from taggit.models import Tag

from notes.models import Note, NoteDay, NoteReader
from notes.models.muting import mutes_tag
from notes.models.tags import not_hidden
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


def _number(of_note: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(of_note.values("number")), Value(0))


def busiest(campus_id: int | None = None) -> list[Tag]:
    """The topics of the last thousand public notes by people who count, over all or on a campus, those first that
    weigh most: one for each note, and one for each person who engaged with it first within the last seven days, as many
    as shared a network taken for one.
    """
    public = Note.objects.public().filter(**{AUTHOR_COUNTED: True})
    public = public if campus_id is None else public.filter(campus=campus_id)
    recent = public.order_by("-published_at", "-id")[:RECENT_NOTES]
    since = timezone.localdate() - timedelta(days=RECENT_DAYS)
    of_note = {"note": OuterRef(f"{_TAGGINGS}__content_object")}
    engaged = NoteDay.objects.filter(**of_note, day__gt=since).values("note")
    crowded = NoteReader.objects.filter(
        **of_note, is_counted=True, network__isnull=False, engaged_day__gt=since
    ).values("note")
    shared = Count("network") - Count("network", distinct=True)
    answers = _number(engaged.annotate(number=Sum("new_engaged"))) - _number(crowded.annotate(number=shared))
    weight = 1 + Greatest(answers, Value(0))
    topics = not_hidden().filter(**{f"{_TAGGINGS}__content_object__in": recent.values("pk")})
    return list(topics.annotate(weight=Sum(weight)).order_by("-weight", "name")[:CHANNELS])
