"""Named lists of notes, a page at a time, for their viewer."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from taggit.models import Tag

from core.db.keyset import PAGE_SIZE, Page, cut, keyset, reach, top
from core.db.prepared_queries import IsAmong, compiled
from notes.explore.newest_by_source import newest
from notes.explore.order import EVERYTHING, Scope, explored
from notes.models import Collect, Note, TaggedNote
from notes.models.declared import IsOnTopic, declaring, newest_on_topic
from notes.models.muting import without_muted
from notes.models.note import NoteQuerySet
from notes.models.visibility import LISTED_SQL, may_see_of_followed
from profiles.models import User, Viewer
from profiles.models.relations import followed_by

MORE, RELATED = 4, 12  # below a note: fills rows of two and of four columns
SPARE = 6  # examined in addition, as the viewer may not see all
BATCHES = 3  # for a page of a label whose people post on other topics too
UNFINISHED_FOR = timedelta(days=1)


def explore(viewer: Viewer, after: str = "", scope: Scope = EVERYTHING) -> Page[Note]:
    """Return public notes ranked for the viewer (docs/explore.md)."""
    page = explored(viewer, after, scope)
    with_reactions(viewer, page.rows)
    return page


def leading_to(viewer: Viewer, page: Page[Note], scope: Scope, note: int, *, is_first: bool) -> Page[Note]:
    """Return the page of a list for a viewer who comes back to the card of one note after signing in: the first page
    begins with that card unless it contains it anyway, and no other page repeats it.
    """
    if not is_first:
        return replace(page, rows=[row for row in page.rows if row.pk != note])
    if note in {row.pk for row in page.rows}:
        return page
    only = Note.objects.public_to(viewer).filter(pk=note)
    found = scope.page(only, viewer, "", 1)
    return replace(page, rows=[*with_reactions(viewer, found.rows), *page.rows])


def latest(viewer: Viewer, after: str = "", scope: Scope = EVERYTHING) -> Page[Note]:
    """Return public notes, newest first."""
    notes = Note.objects.public_before_words(viewer)
    page = scope.page(notes, viewer, after, PAGE_SIZE)
    return Page(with_reactions(viewer, page.rows), page.after)


def following(viewer: Viewer, after: str = "") -> Page[Note]:
    """Return notes of people the viewer follows, newest first."""
    if after or without_muted(viewer):
        return _page(viewer, _by_followed(viewer, after), "published_at", after)
    return _first_page(viewer, _latest_by_followed(viewer=viewer))


@compiled
def _latest_by_followed(*, viewer: Viewer) -> QuerySet[Note]:
    return top(_by_followed(viewer).for_cards(), "published_at")


def _by_followed(viewer: Viewer, after: str = "") -> NoteQuerySet:
    notes = Note.objects.filter(may_see_of_followed(viewer)).by_wanted(viewer)
    followed = User.objects.filter(followed_by(viewer))
    candidates = newest(notes, followed, after, reach(without_muted(viewer)) + 1)
    return Note.objects.live().meant_for(viewer).filter(pk__in=candidates)


def tagged(viewer: Viewer, tag: Tag, after: str = "") -> Page[Note]:
    return latest(viewer, after, Scope.of(tag))


def labelled(viewer: Viewer, label: Any, after: str = "") -> Page[Note]:
    """Return public notes on the label's topics by people who declare it now, newest first. Later pages are filtered
    from a larger batch, as for viewers who mute words, and from up to BATCHES of them until half a page is found.
    """
    muted = without_muted(viewer)
    if not after and not muted:
        return _first_page(viewer, _latest_by_holders(viewer=viewer, label=label.pk))
    wanted = Q(IsOnTopic("pk", "author", label.pk)) & (muted or Q())
    found: list[Note] = []
    notes = Note.objects.public_before_words(viewer)
    for _ in range(BATCHES):
        rows = notes.filter(pk__in=newest(notes, declaring(viewer, label.pk), after, reach(wanted) + 1))
        page = keyset(rows.for_cards(), "published_at", after, PAGE_SIZE, wanted=wanted)
        found, after = found + page.rows, page.after
        if not after or len(found) >= PAGE_SIZE // 2:
            break
    return Page(with_reactions(viewer, found), after)


@compiled
def _latest_by_holders(*, viewer: Viewer, label: Any) -> QuerySet[Note]:
    """Return the first page. Notes newer than the author's newest one on a topic are not looked at."""
    notes = Note.objects.public_before_words(viewer).filter(IsOnTopic("pk", "author", label))
    own = notes.filter(published_at__lte=newest_on_topic())
    rows = notes.filter(pk__in=newest(own, declaring(viewer, label), "", PAGE_SIZE + 1))
    return top(rows.for_cards(), "published_at")


def at_campus(viewer: Viewer, campus: Any, after: str = "") -> Page[Note]:
    return _page(
        viewer, Note.objects.public_before_words(viewer).filter(campus=campus), "published_at", after
    )


def by_author(viewer: Viewer, author: User, after: str = "") -> Page[Note]:
    """Return one author's published notes that the viewer may see, newest first. Muted words do not filter it: the
    viewer asked for this author.
    """
    if not after:
        return _first_page(viewer, _latest_by(viewer=viewer, author=author.pk))
    page = keyset(_published_by(viewer, author).for_cards(), "published_at", after)
    return Page(with_reactions(viewer, page.rows), page.after)


@compiled
def _latest_by(*, viewer: Viewer, author: User) -> QuerySet[Note]:
    return top(_published_by(viewer, author).for_cards(), "published_at")


def of_chapter(viewer: Viewer, author: User, chapter: Any, after: str = "") -> Page[Note]:
    """Return the author's notes that were published under one positioning."""
    rows = _published_by(viewer, author).filter(positioning=chapter).for_cards()
    page = keyset(rows, "published_at", after)
    return Page(with_reactions(viewer, page.rows), page.after)


def _published_by(viewer: Viewer, author: User) -> NoteQuerySet:
    rows = Note.objects.filter(author=author, published_at__isnull=False).exclude(status=Note.Status.DRAFT)
    return rows.meant_for(viewer)


def unpublished(author: User) -> list[Note]:
    """Return the author's own drafts and notes waiting for their photos, newest first."""
    first = Q(status=Note.Status.PROCESSING, published_at__isnull=True)
    rows = Note.objects.filter(Q(status=Note.Status.DRAFT) | first, author=author)
    return list(rows.for_cards().order_by("-created_at", "-id")[:100])


def unfinished(author: User) -> Note | None:
    """Return the author's latest draft of the last day that has content, with `photo_count`; None if there is none."""
    recent = Note.objects.filter(
        author=author,
        status=Note.Status.DRAFT,
        published_at__isnull=True,
        created_at__gt=timezone.now() - UNFINISHED_FOR,
    )
    counted = recent.annotate(photo_count=Count("photos"))
    return counted.filter(Q(photo_count__gt=0) | ~Q(title="") | ~Q(body="")).order_by("-pk").first()


def collected(viewer: User, after: str = "") -> Page[Note]:
    """Return the notes the viewer saved, last saved first, as far as they may still see them. What they have muted
    since stays: they saved it themselves.
    """
    rows = Collect.objects.filter(person=viewer, note__in=Note.objects.live().meant_for(viewer))
    page = keyset(rows, "pk", after)
    notes = Note.objects.for_cards().in_bulk([row.note_id for row in page.rows])
    found = [notes[row.note_id] for row in page.rows if row.note_id in notes]
    return Page(with_reactions(viewer, found), page.after)


def beside(viewer: Viewer, note: Note, tags: list[Tag], after: str = "") -> tuple[list[Note], Page[Note]]:
    """Return what is listed below a note: other notes of its author, newest first, and a page of public notes by
    others, by number of shared tags, then newest first, then the newest without a shared tag. The caller fetches
    reactions.

    Chosen among the author's latest and each tag's latest (`_BESIDE`), so that the cost does not grow with the number
    of notes, then filtered by `meant_for` like every list.
    """
    place = _PLACE.fullmatch(after)
    asked: dict[str, Any] = {"note": note.pk, "author": note.author_id, "tags": [tag.pk for tag in tags]}
    asked |= dict(
        zip(("shared", "moment", "last"), map(int, place.groups()) if place else [None] * 3, strict=True)
    )
    is_beyond = after.startswith(_NEWEST)
    asked["wanted"] = 0 if is_beyond else RELATED + SPARE
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE, asked)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    among = _public_among if note.visibility == Note.Visibility.PUBLIC else _visible_among
    notes = {each.pk: each for each in among(viewer=viewer, keys=[row[0] for row in rows])}
    more = [notes[pk] for pk, shared, _moment in rows if shared is None and pk in notes]
    related = [row for row in rows if row[1] is not None]
    seen = [row for row in related if row[0] in notes][:RELATED]
    last = seen[-1] if len(seen) == RELATED else related[-1] if related else None
    goes_on = last is not None and (last != related[-1] or len(related) == RELATED + SPARE)
    if is_beyond:
        return more[:MORE], _newest_of_others(viewer, note, tags, after.removeprefix(_NEWEST))
    onward = "{1}.{2}.{0}".format(*last) if last and goes_on else _NEWEST if seen or place else ""
    return more[:MORE], Page([notes[pk] for pk, *_ in seen], onward)


def _newest_of_others(viewer: Viewer, note: Note, tags: list[Tag], after: str) -> Page[Note]:
    """Return public notes by others that share no tag with this one, newest first."""
    notes = Note.objects.public_before_words(viewer).exclude(author=note.author_id)
    notes = notes.exclude(Exists(TaggedNote.objects.filter(content_object=OuterRef("pk"), tag__in=tags)))
    page = keyset(notes.for_cards(), "published_at", after, RELATED, wanted=without_muted(viewer))
    return Page(page.rows, f"{_NEWEST}{page.after}" if page.after else "")


@compiled
def _public_among(*, viewer: Viewer, keys: Any) -> QuerySet[Note]:
    return Note.objects.public_to(viewer).filter(IsAmong("pk", keys)).for_cards()


@compiled
def _visible_among(*, viewer: Viewer, keys: Any) -> QuerySet[Note]:
    return Note.objects.live().meant_for(viewer).filter(IsAmong("pk", keys)).for_cards()


# A place in the notes that share a tag: how many they share, when published in microseconds, and the key.
_NEWEST = "n"  # begins the places among those that share none
_PLACE = re.compile(r"(\d{1,3})\.(\d{1,17})\.(\d{1,18})")
_BESIDE = f"""
(SELECT id, NULL::bigint, NULL::bigint FROM notes_note
WHERE author_id = %(author)s AND published_at IS NOT NULL AND id <> %(note)s
ORDER BY published_at DESC, id DESC LIMIT 6)
UNION ALL
(SELECT note.id, tagged.shared, (extract(epoch FROM note.published_at) * 1000000)::bigint AS moment
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
WHERE {LISTED_SQL}
    AND note.author_id <> %(author)s
    AND (
        %(shared)s::bigint IS NULL
        OR (tagged.shared, (extract(epoch FROM note.published_at) * 1000000)::bigint, note.id)
            < (%(shared)s::bigint, %(moment)s::bigint, %(last)s::bigint)
    )
ORDER BY tagged.shared DESC, moment DESC, note.id DESC LIMIT %(wanted)s)
"""  # noqa: S608  put together from our own words alone


def with_reactions(viewer: Viewer, notes: list[Note]) -> list[Note]:
    """Mark the notes that the viewer has liked and saved, in one query."""
    if viewer.is_authenticated and notes:
        with connection.cursor() as cursor:
            cursor.execute(_REACTIONS, {"viewer": viewer.pk, "notes": [note.pk for note in notes]})
            reacted = set(cursor)
        for note in notes:
            note.liked, note.collected = ("liked", note.pk) in reacted, ("collected", note.pk) in reacted
    return notes


_REACTIONS = """
SELECT 'liked', note_id FROM notes_like WHERE person_id = %(viewer)s AND note_id = ANY (%(notes)s)
UNION ALL
SELECT 'collected', note_id FROM notes_collect WHERE person_id = %(viewer)s AND note_id = ANY (%(notes)s)
"""


def _first_page(viewer: Viewer, found: list[Note]) -> Page[Note]:
    """Return the first page of notes that `top` found, by time of publication."""
    page = cut(found, "published_at")
    return Page(with_reactions(viewer, page.rows), page.after)


def _page(viewer: Viewer, rows: Any, field: str, after: str) -> Page[Note]:
    """Return a page of rows that are all visible to the viewer, without muted ones."""
    page = keyset(rows.for_cards(), field, after, PAGE_SIZE, wanted=without_muted(viewer))
    return Page(with_reactions(viewer, page.rows), page.after)
