"""What the person made, saved and read: notes with photos, comments, likes, saves."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from leaving.contents.part import Part, handles_as_seen, in_batches, notes_as_seen
from notes.collections.lists import tiles
from notes.compose.revisions import typed_in
from notes.models import (
    Arrival,
    Collect,
    Collection,
    CollectionFollow,
    CollectPlace,
    Comment,
    CommentLike,
    Framing,
    Less,
    Like,
    Mention,
    Note,
    NoteReader,
    NoteVersion,
    PendingEdit,
    Photo,
    Series,
)
from notes.models.collection import PLACE
from notes.models.pending_edit import pending_edit_of
from notes.reading_history.queries import entries_of
from profiles.models import User

Rows = Iterator[dict[str, Any]]
FRAMINGS = Prefetch("framings", Framing.objects.filter(is_shown=True), to_attr="shown_framings")
_PHOTOS = Photo.objects.prefetch_related(FRAMINGS)
PHOTOS = [Prefetch("photos", _PHOTOS), Prefetch("hidden_photos", _PHOTOS)]


def photo_file(photo: Photo) -> str | None:
    """Return the photo's path in the archive; None if no file exists, or not yet, and for one that is sealed."""
    if not photo.is_ready or photo.is_sealed:
        return None
    return (
        f"photos/note-{photo.note_id}/{photo.position + 1:02}.jpg"
        if photo.note_id
        else f"photos/{photo.pk}.jpg"
    )


def photos(person: User) -> Iterator[Photo]:
    for some in in_batches(Photo.objects.filter(owner=person, state=Photo.State.READY, is_sealed=False)):
        yield from some


def own_notes(person: User) -> Iterator[Note]:
    mine = Note.objects.filter(author=person).select_related("campus", "positioning", "pending_edit")
    for some in in_batches(mine.prefetch_related("tags", *PHOTOS)):  # type: ignore[misc]
        yield from some


def notes(person: User) -> Rows:
    for note in own_notes(person):
        yield {
            "note": note.pk,
            "status": note.status,
            "visibility": note.visibility,
            "title": note.title,
            "story": note.body,
            "language": note.language or None,
            "typed": typed_in(note),
            "pending_changes": _changes(edit) if (edit := pending_edit_of(note)) else None,
            "tags": sorted(tag.name for tag in note.tags.all()),
            "campus": note.campus.name if note.campus else None,
            "place": note.place,
            "who_can_comment": note.commenters,
            "brand": note.disclosure,
            "partner": note.partner,
            "how_it_was_made": note.origin,
            "label": note.positioning.wording if note.positioning else None,
            "series": note.series_id,
            "place_in_series": note.series_place,
            "pinned_at": note.pinned_at,
            "created_at": note.created_at,
            "scheduled_for": note.scheduled_for,
            "not_published": note.not_published or None,
            "published_at": note.published_at,
            "edited_at": note.edited_at,
            "likes": note.like_count,
            "saves": note.collect_count,
            "comments": note.comment_count,
            "cover": next((photo_file(each) for each in note.photos.all() if each.pk == note.cover_id), None),
            "photos": [_photo(each) for each in note.photos.all()],
            "hidden_photos": [
                _photo(each) | {"since": each.hidden_at, "reason": each.hidden_reason}
                for each in note.hidden_photos.all()
            ],
        }


def _changes(edit: PendingEdit) -> dict[str, Any]:
    return {**edit.words, "descriptions": [edit.alts.get(str(pk), "") for pk in edit.photos]}


def _photo(photo: Photo) -> dict[str, Any]:
    """Return a photo's record: the file is the uncropped original, the crop is beside it."""
    said = {"file": photo_file(photo), "description": photo.alt, "state": photo.state}
    sides = ("turn", "left", "top", "width", "height")
    shown: list[Framing] = photo.shown_framings  # type: ignore[attr-defined]  # of FRAMINGS
    frames = [{side: getattr(framing, side) for side in sides} for framing in shown]
    return {**said, "uploaded_at": photo.created_at, "shown_in": frames[0] if frames else None}


def versions(person: User) -> Rows:
    for some in in_batches(NoteVersion.objects.filter(note__author=person)):
        for version in some:
            said = {"note": version.note_id, "title": version.title, "story": version.body}
            named = ("tags", "campus", "place", "partner")
            more = {"brand": version.disclosure, "descriptions": version.alts}
            more["how_it_was_made"] = version.origin
            dates = {"since": version.since, "until": version.until}
            yield {**said, **{name: getattr(version, name) for name in named}, **more, **dates}


def series(person: User) -> Rows:
    for each in Series.objects.filter(author=person).order_by("pk"):
        yield {"series": each.pk, "name": each.name, "made_at": each.created_at}


def loose_photos(person: User) -> Rows:
    for some in in_batches(Photo.objects.loose(person).prefetch_related(FRAMINGS)):
        yield from map(_photo, some)


def comments(person: User) -> Rows:
    for some in in_batches(Comment.objects.filter(author=person)):
        seen = notes_as_seen(person, [each.note_id for each in some])
        for each in some:
            place = {"comment": each.pk, "answers": each.parent_id, "answers_reply": each.in_reply_to_id}
            said = {**place, **seen[each.note_id], "text": each.body, "is_pinned": each.is_pinned}
            dates = {"written_at": each.created_at, "edited_at": each.edited_at}
            yield {**said, **dates, "deleted_at": each.deleted_at, "likes": each.like_count}


def likes(person: User) -> Rows:
    for some in in_batches(Like.objects.filter(person=person)):
        seen = notes_as_seen(person, [each.note_id for each in some])
        for each in some:
            yield {**seen[each.note_id], "liked_at": each.created_at}


def liked_comments(person: User) -> Rows:
    for some in in_batches(CommentLike.objects.filter(person=person).select_related("comment")):
        seen = notes_as_seen(person, [each.comment.note_id for each in some])
        for each in some:
            yield {"comment": each.comment_id, **seen[each.comment.note_id], "liked_at": each.created_at}


def mentions(person: User) -> Rows:
    yield from _mentions(person, "author", "person")


def mentioned(person: User) -> Rows:
    yield from _mentions(person, "person", "author")


def _mentions(person: User, own: str, other: str) -> Rows:
    """Yield mentions by the person, or of them. Who mentioned them is said if they may read the text."""
    people = User.objects.visible_to(person)
    for some in in_batches(Mention.objects.filter(**{own: person})):
        seen = notes_as_seen(person, [each.note_id for each in some if each.note_id])
        handles = handles_as_seen(people, [getattr(each, f"{other}_id") for each in some])
        open_notes = set(Note.objects.visible_to(person).filter(pk__in=seen).values_list("pk", flat=True))
        comments = Comment.objects.readable_by(person).filter(pk__in=[each.comment_id for each in some])
        open_comments = {None, *comments.values_list("pk", flat=True)}
        for each in some:
            place = seen[each.note_id] if each.note_id else {"note": None}
            is_told = other == "person" or (each.note_id in open_notes and each.comment_id in open_comments)
            handle = handles.get(getattr(each, f"{other}_id")) if is_told else None
            said = {**place, "comment": each.comment_id, "person": handle}
            yield {**said, "mentioned_at": each.created_at, "removed_at": each.removed_at}


def collections(person: User) -> Rows:
    for each in Collection.objects.filter(owner=person).order_by("pk"):
        said = {"collection": each.pk, "name": each.name or None, "is_first": each.is_default}
        more = {"description": each.description, "is_private": each.is_private}
        yield {**said, **more, "made_at": each.created_at, "last_added_to_at": each.changed_at}


def followed_collections(person: User) -> Rows:
    """Yield the collections that the person follows, named as far as they may open them now."""
    for some in in_batches(CollectionFollow.objects.filter(follower=person)):
        seen = Collection.objects.visible_to(person).filter(pk__in=[each.collection_id for each in some])
        found = [tile.collection for tile in tiles(person, list(seen.select_related("owner"))) if tile.number]
        names = {each.pk: (each.name, each.owner.handle) for each in found}
        for each in some:
            name, owner = names.get(each.collection_id, (None, None))
            said = {"collection": each.collection_id, "name": name, "person": owner}
            yield {**said, "since": each.created_at}


def saves(person: User) -> Rows:
    for some in in_batches(Collect.objects.filter(person=person)):
        seen = notes_as_seen(person, [each.note_id for each in some])
        within = defaultdict(list)
        for place in CollectPlace.objects.filter(collect__in=some).annotate(place=PLACE).order_by("pk"):
            within[place.collect_id].append({"collection": place.collection_id, "place": place.place})
        for each in some:
            said = {"remark": each.remark, "saved_at": each.created_at}
            inside = sorted(row["collection"] for row in within[each.pk])
            yield {**seen[each.note_id], **said, "collections": inside, "places": within[each.pk]}


def read(person: User) -> Rows:
    for some in in_batches(NoteReader.objects.filter(person=person)):
        seen = notes_as_seen(person, [each.note_id for each in some])
        for each in some:
            days = {"first_seen_on": each.first_seen_day, "engaged_on": each.engaged_day}
            said = {
                "ever_engaged": each.ever_engaged,
                "ever_saved": each.ever_saved,
                "ever_commented": each.ever_commented,
                "came_from": each.source,
                "furthest_photo": each.reached,
            }
            yield {**seen[each.note_id], **days, **said}


def reading_history(person: User) -> Rows:
    """Yield what the page of their history lists. Of notes they may not open now there is the number alone."""
    for some in in_batches(entries_of(person)):
        seen = notes_as_seen(person, [each.note_id for each in some])
        for each in some:
            yield {**seen[each.note_id], "last_opened_at": each.opened_at}


def less(person: User) -> Rows:
    for some in in_batches(Less.objects.filter(person=person)):
        seen = notes_as_seen(person, [each.note_id for each in some])
        for each in some:
            yield {**seen[each.note_id], "asked_at": each.created_at}


def arrivals(person: User) -> Rows:
    for some in in_batches(Arrival.objects.filter(person=person)):
        seen = notes_as_seen(person, [each.note_id for each in some])
        for each in some:
            yield {**seen[each.note_id], "words": each.words, "on": each.day}


PARTS = [
    Part(
        "notes",
        _("your notes, drafts and hidden ones too"),
        notes,
        ["notes.Note.author", "notes.Photo.owner"],
    ),
    Part("series", _("your series of notes"), series, ["notes.Series.author"]),
    Part("versions", _("what your notes said before you edited them"), versions),
    Part("photos", _("photos that are in no note yet"), loose_photos),
    Part("comments", _("your comments"), comments, ["notes.Comment.author"]),
    Part("likes", _("what you liked"), likes, ["notes.Like.person"]),
    Part("liked-comments", _("the comments you liked"), liked_comments, ["notes.CommentLike.person"]),
    Part("mentions", _("the people you mentioned"), mentions, ["notes.Mention.author"]),
    Part("mentioned", _("where you were mentioned"), mentioned, ["notes.Mention.person"]),
    Part("collections", _("your collections"), collections, ["notes.Collection.owner"]),
    Part(
        "followed-collections",
        _("the collections of others that you follow"),
        followed_collections,
        ["notes.CollectionFollow.follower"],
    ),
    Part("saves", _("what you saved, and in which collections"), saves, ["notes.Collect.person"]),
    Part("read", _("the notes you opened"), read, ["notes.NoteReader.person"]),
    Part("reading-history", _("your reading history"), reading_history, ["notes.HistoryEntry.person"]),
    Part("less", _("what you asked to see less like"), less, ["notes.Less.person"]),
    Part("arrivals", _("the searches that led you to a note"), arrivals, ["notes.Arrival.person"]),
]
