"""What is listed below a note."""

import re
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from taggit.models import Tag

from core.db.keyset import Page, keyset
from core.db.prepared_queries import IsAmong, compiled
from notes.explore.less import LESS_SHARES, less_step, less_values
from notes.models import Note, TaggedNote
from notes.models.less import not_put_away
from notes.models.muting import without_muted
from notes.models.visibility import LISTED_SQL
from profiles.models import Viewer

MORE, RELATED = 4, 12  # fills rows of two and of four columns
SPARE = 6  # found in addition, and fetched if the viewer may not see all of the others


def beside(viewer: Viewer, note: Note, tags: list[Tag], after: str = "") -> tuple[list[Note], Page[Note]]:
    """Return what is listed below a note: other notes of its author, newest first, and a page of public notes by
    others, by number of shared tags, then by what the viewer asked for less of, then newest first; then the newest
    without a shared tag. The caller fetches reactions.

    Chosen among the author's latest and each tag's latest (`_BESIDE`), so that the cost does not grow with the number
    of notes, then filtered by `meant_for` like every list.
    """
    place = _PLACE.fullmatch(after)
    asked: dict[str, Any] = {"note": note.pk, "author": note.author_id, "tags": [tag.pk for tag in tags]}
    asked |= less_values(viewer.pk, timezone.now())
    asked |= dict(
        zip(("shared", "moment", "last"), map(int, place.groups()) if place else [None] * 3, strict=True)
    )
    is_beyond = after.startswith(_NEWEST)
    asked["wanted"] = 0 if is_beyond else RELATED + SPARE
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE, asked)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    among = _public_among if note.visibility == Note.Visibility.PUBLIC else _visible_among
    own = [pk for pk, shared, _moment in rows if shared is None]
    related = [row for row in rows if row[1] is not None]
    keys = [*own[:MORE], *(row[0] for row in related[:RELATED])]
    notes = {each.pk: each for each in among(viewer=viewer, keys=keys)}
    if len(notes) < len(keys):
        rest = [*own[MORE:], *(row[0] for row in related[RELATED:])]
        notes |= {each.pk: each for each in among(viewer=viewer, keys=rest)}
    more = [notes[pk] for pk in own if pk in notes]
    seen = [row for row in related if row[0] in notes][:RELATED]
    last = seen[-1] if len(seen) == RELATED else related[-1] if related else None
    goes_on = last is not None and (last != related[-1] or len(related) == RELATED + SPARE)
    if is_beyond:
        return more[:MORE], _newest_of_others(viewer, note, tags, after.removeprefix(_NEWEST))
    onward = "{1}.{2}.{0}".format(*last) if last and goes_on else _NEWEST if seen or place else ""
    return more[:MORE], Page([notes[pk] for pk, *_ in seen], onward)


def _newest_of_others(viewer: Viewer, note: Note, tags: list[Tag], after: str) -> Page[Note]:
    """Return public notes by others that share no tag with this one, newest first."""
    notes = Note.objects.public_before_words(viewer).filter(not_put_away(viewer))
    notes = notes.exclude(author=note.author_id)
    notes = notes.exclude(Exists(TaggedNote.objects.filter(content_object=OuterRef("pk"), tag__in=tags)))
    page = keyset(notes.for_cards(), "published_at", after, RELATED, wanted=without_muted(viewer))
    return Page(page.rows, f"{_NEWEST}{page.after}" if page.after else "")


@compiled
def _public_among(*, viewer: Viewer, keys: list[int]) -> QuerySet[Note]:
    return Note.objects.public_to(viewer).filter(not_put_away(viewer), IsAmong("pk", keys)).for_cards()


@compiled
def _visible_among(*, viewer: Viewer, keys: list[int]) -> QuerySet[Note]:
    notes = Note.objects.live().meant_for(viewer).filter(not_put_away(viewer))
    return notes.filter(IsAmong("pk", keys)).for_cards()


# A place in the notes that share a tag: how many they share, in hundredths, less the step of "Less like this", when
# published in microseconds, and the key.
_NEWEST = "n"  # begins the places among those that share none
_PLACE = re.compile(r"(\d{1,5})\.(\d{1,17})\.(\d{1,18})")
_BESIDE = f"""
WITH {LESS_SHARES}
(SELECT id, NULL::bigint, NULL::bigint FROM notes_note
WHERE author_id = %(author)s AND published_at IS NOT NULL AND id <> %(note)s
ORDER BY published_at DESC, id DESC LIMIT 6)
UNION ALL
(SELECT note.id, ranked.shared, (extract(epoch FROM note.published_at) * 1000000)::bigint AS moment
FROM (
    SELECT recent.content_object_id AS id, count(*) AS shared
    FROM unnest(%(tags)s::bigint[]) AS wanted (tag),
    LATERAL (
        SELECT content_object_id FROM notes_taggednote
        WHERE tag_id = wanted.tag AND listed_at IS NOT NULL
        ORDER BY listed_at DESC, content_object_id DESC LIMIT 60
    ) AS recent
    GROUP BY recent.content_object_id
) AS tagged
JOIN notes_note AS note ON note.id = tagged.id
CROSS JOIN LATERAL (
    SELECT (100 * tagged.shared - round(100 * ({less_step("note.id", "note.author_id")})))::bigint AS shared
) AS ranked
WHERE {LISTED_SQL}
    AND note.author_id <> %(author)s
    AND (
        %(shared)s::bigint IS NULL
        OR (ranked.shared, (extract(epoch FROM note.published_at) * 1000000)::bigint, note.id)
            < (%(shared)s::bigint, %(moment)s::bigint, %(last)s::bigint)
    )
ORDER BY ranked.shared DESC, moment DESC, note.id DESC LIMIT %(wanted)s)
"""  # noqa: S608  put together from our own words alone
