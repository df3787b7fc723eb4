"""Named lists of notes, a page at a time, for their viewer."""

from dataclasses import replace
from datetime import timedelta

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from taggit.models import Tag

from core.db.keyset import PAGE_SIZE, Page, cut, keyset, reach, top
from core.db.prepared_queries import compiled
from notes.explore.newest_by_source import newest
from notes.explore.order import explored
from notes.explore.scope import EVERYTHING, Scope
from notes.models import Collect, Note
from notes.models.declared import IsOnTopic, declaring, newest_on_topic
from notes.models.less import not_put_away
from notes.models.muting import without_muted
from notes.models.note import NoteQuerySet
from notes.models.visibility import may_see_of_followed
from notes.reading_history.seen import SeenFilter
from profiles.models import Campus, Label, Positioning, User, Viewer
from profiles.models.relations import followed_by

BATCHES = 3  # for a page of a label whose people post on other topics too
UNFINISHED_FOR = timedelta(days=1)


def explore(
    viewer: Viewer, after: str = "", scope: Scope = EVERYTHING, seen: SeenFilter | None = None
) -> Page[Note]:
    """Return public notes ranked for the viewer (docs/explore.md)."""
    page = explored(viewer, after, scope, seen)
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


def latest(
    viewer: Viewer, after: str = "", scope: Scope = EVERYTHING, seen: SeenFilter | None = None
) -> Page[Note]:
    """Return public notes, newest first."""
    notes = Note.objects.public_before_words(viewer).filter(not_put_away(viewer))
    page = scope.page(notes, viewer, after, PAGE_SIZE, seen=seen)
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


def labelled(viewer: Viewer, label: Label, after: str = "") -> Page[Note]:
    """Return public notes on the label's topics by people who declare it now, newest first. Later pages are filtered
    from a larger batch, as for viewers who mute words, and from up to BATCHES of them until half a page is found.
    """
    muted = without_muted(viewer)
    if not after and not muted:
        return _first_page(viewer, _latest_by_holders(viewer=viewer, label=label.pk))
    wanted = Q(IsOnTopic("pk", "author", label.pk)) & (muted or Q())
    found: list[Note] = []
    notes = Note.objects.public_before_words(viewer).filter(not_put_away(viewer))
    for _ in range(BATCHES):
        rows = notes.filter(pk__in=newest(notes, declaring(viewer, label.pk), after, reach(wanted) + 1))
        page = keyset(rows.for_cards(), "published_at", after, PAGE_SIZE, wanted=wanted)
        found, after = found + page.rows, page.after
        if not after or len(found) >= PAGE_SIZE // 2:
            break
    return Page(with_reactions(viewer, found), after)


@compiled
def _latest_by_holders(*, viewer: Viewer, label: int) -> QuerySet[Note]:
    """Return the first page. Notes newer than the author's newest one on a topic are not looked at."""
    notes = Note.objects.public_before_words(viewer).filter(
        not_put_away(viewer), IsOnTopic("pk", "author", label)
    )
    own = notes.filter(published_at__lte=newest_on_topic())
    rows = notes.filter(pk__in=newest(own, declaring(viewer, label), "", PAGE_SIZE + 1))
    return top(rows.for_cards(), "published_at")


def at_campus(viewer: Viewer, campus: Campus, after: str = "") -> Page[Note]:
    notes = Note.objects.public_before_words(viewer).filter(not_put_away(viewer), campus=campus)
    return _page(viewer, notes, "published_at", after)


def by_author(viewer: Viewer, author: User, after: str = "") -> Page[Note]:
    """Return one author's published notes that the viewer may see, newest first; the first page begins with pinned
    ones, last pinned first. Muted words do not filter it: the viewer asked for this author.
    """
    pinned: list[Note] = []
    if after:
        page = keyset(_unpinned_by(viewer, author).for_cards(), "published_at", after)
    else:
        pinned = _pinned_by(viewer=viewer, author=author.pk)
        page = cut(_latest_by(viewer=viewer, author=author.pk), "published_at")
    for note in pinned:
        note.shows_pin = True
    rows = [*pinned, *page.rows]
    for note in rows if viewer.pk == author.pk else ():
        note.offers_pin = note.shows_pin or note.is_listed
    return Page(with_reactions(viewer, rows), page.after)


@compiled
def _latest_by(*, viewer: Viewer, author: User) -> QuerySet[Note]:
    return top(_unpinned_by(viewer, author).for_cards(), "published_at")


@compiled
def _pinned_by(*, viewer: Viewer, author: User) -> QuerySet[Note]:
    pinned = _published_by(viewer, author).filter(pin_slot__isnull=False)
    return pinned.order_by("-pinned_at", "-pk").for_cards()


def _unpinned_by(viewer: Viewer, author: User) -> NoteQuerySet:
    return _published_by(viewer, author).filter(pin_slot__isnull=True)


def of_chapter(viewer: Viewer, author: User, chapter: Positioning, after: str = "") -> Page[Note]:
    """Return the author's notes that were published under one positioning."""
    rows = _published_by(viewer, author).filter(positioning=chapter).for_cards()
    page = keyset(rows, "published_at", after)
    return Page(with_reactions(viewer, page.rows), page.after)


def _published_by(viewer: Viewer, author: User) -> NoteQuerySet:
    rows = Note.objects.filter(author=author, published_at__isnull=False).exclude(status=Note.Status.DRAFT)
    return rows.meant_for(viewer)


def unfinished(author: User) -> Note | None:
    """Return the author's latest draft of the last day that has content, with `photo_count`; None if there is none."""
    recent = Note.objects.filter(
        author=author,
        status=Note.Status.DRAFT,
        published_at__isnull=True,
        scheduled_for__isnull=True,
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


def _page(viewer: Viewer, rows: NoteQuerySet, field: str, after: str) -> Page[Note]:
    """Return a page of rows that are all visible to the viewer, without muted ones."""
    page = keyset(rows.for_cards(), field, after, PAGE_SIZE, wanted=without_muted(viewer))
    return Page(with_reactions(viewer, page.rows), page.after)
