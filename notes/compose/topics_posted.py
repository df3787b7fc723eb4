"""What a person posts, as input to notes/focus.py, and tags by the slugs that pages link to."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Exists, OuterRef, Q

from core.forms import TagsField, check_first
from core.text import is_tag, normal_form, tags_in
from notes.models.note import TAGS_MAX
from notes.models.public_names import NamesTag
from notes.models.tags import TaggedNote, merged_into, not_hidden
from notes.models.visibility import SHARED_SQL
from profiles.models import User

_ADDRESS_MAX = 100  # as of Tag.slug
_TAGS = TagsField(most=TAGS_MAX, required=False)

type Posted = list[tuple[int, list[str]]]


def posted_by(author: User) -> Posted:
    """Return age in days and normalised tags of each note that the author shows to others."""
    with connection.cursor() as cursor:
        cursor.execute(_POSTED, [author.pk])
        return cursor.fetchall()


_POSTED = f"""
SELECT site_day(now()) - site_day(note.published_at), ARRAY(
    SELECT tag.name FROM notes_taggednote AS tagging JOIN taggit_tag AS tag ON tag.id = tagging.tag_id
    WHERE tagging.content_object_id = note.id
)
FROM notes_note AS note
WHERE note.author_id = %s AND {SHARED_SQL}
"""  # noqa: S608  put together from our own words alone


def unknown_to(topics: list[str], tags: Any, body: Any) -> list[str]:
    """Return those tags, of the field (text or list) and of the body, that are not among the topics. Empty without
    topics.
    """
    if not topics:
        return []
    try:
        typed = tags if isinstance(tags, list) else _TAGS.to_python(tags or "")
        check_first(body or "", 0)
    except ValidationError:
        return []
    named = {normal_form(tag): tag for tag in [*typed, *tags_in(body or "")] if is_tag(tag)}
    return [tag for name, tag in named.items() if name not in topics][:TAGS_MAX]


def names_at(addresses: Iterable[str], person: User) -> list[str]:
    """Return the names of the tags with these slugs, if public pages or the person's own notes use them. Otherwise the
    slug itself, if it is a valid tag, so that hidden tags are not revealed.
    """
    wanted = [slug for slug in dict.fromkeys(addresses) if 0 < len(slug) <= _ADDRESS_MAX]
    own = TaggedNote.objects.filter(tag=OuterRef("pk"), content_object__author=person)
    known = not_hidden().filter(Q(NamesTag("pk")) | Exists(own), slug__in=wanted)
    names = dict(known.values_list("slug", "name"))
    for slug in wanted:
        if slug not in names and (into := merged_into(slug)):
            names[slug] = into.name
    found = (names.get(slug) or normal_form(slug) for slug in wanted)
    return list(dict.fromkeys(name for name in found if is_tag(name)))
