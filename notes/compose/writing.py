"""Write content into a note. Photos, tags and campus are locked before the note, the order of everything that locks
them; `hold` does it, and the other functions write into what it holds.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone
from taggit.models import Tag

from core.jobs import defer
from notes.compose.content import NoteContent
from notes.compose.revisions import WORDS
from notes.compose.tagging import set_tags, tags_named
from notes.history.actions import record_version
from notes.history.queries import version_of
from notes.mentions.actions import record_mentions
from notes.models import Note, Photo
from notes.models.note import PHOTOS_MAX
from notes.moderation import hide_with_photos
from notes.photos.files import remove_photos, renew_names
from profiles.models import Campus, User


@dataclass(frozen=True)
class Held:
    """A locked note, with the locked tags, campus and photos of the content that will be written into it."""

    note: Note
    tags: list[Tag]
    campus: Campus | None
    photos: dict[int, Photo]

    def order(self, content: NoteContent) -> list[Photo]:
        """Return the photos that the note is to have: those of the content, then its others that were not removed."""
        own = sorted((photo for photo in self.photos.values() if photo.note_id), key=_position)
        gone = self.photos if content.removed is None else content.removed
        rest = (photo.pk for photo in own if photo.pk not in gone)
        wanted = (photo.pk for photo in content.photos)
        return [self.photos[pk] for pk in dict.fromkeys([*wanted, *rest]) if pk in self.photos]


def hold(note_id: int, content: NoteContent) -> Held:
    """Lock a note and what the content needs until the transaction ends. Raises Note.DoesNotExist."""
    tags = tags_named(content.words["tags"])
    campus = Campus.objects.named(content.words["campus"]) if content.words["campus"] else None
    wanted = Q(note=note_id) | Q(pending_edit__note=note_id) | Q(pk__in=[each.pk for each in content.photos])
    known = list(Photo.objects.filter(wanted).values_list("pk", flat=True))
    # By id alone: a join to the pending edit would leave out the photos that another edit moved while this one waited.
    list(Photo.objects.select_for_update().filter(pk__in=known).order_by("pk").values_list("pk"))
    note = Note.objects.select_for_update(of=["self"]).select_related("author").filter(pk=note_id).first()
    if note is None:
        raise Note.DoesNotExist
    photos = Photo.objects.free_for(note_id).in_bulk(known)
    return Held(note, tags, campus, photos)


def write(held: Held, content: NoteContent) -> None:
    """Write words, photos and cover into the note, and store it; its tags come last, by `set_tags`."""
    note = held.note
    visibility = widest(note, content.words["visibility"])
    kept = _arrange(held, content)
    if note.visibility == Note.Visibility.PUBLIC and visibility != Note.Visibility.PUBLIC:
        renew_names(Photo.objects.filter(note=note))
        note.closed_at = timezone.now()
    _fill_in(note, content.words | {"visibility": visibility})
    note.campus = held.campus
    cover = content.cover if content.cover in kept else next(iter(kept), None)
    if note.cover_id != (
        cover.pk if cover else None
    ):  # which is chosen anew: a photo that comes back is no longer it
        Photo.objects.filter(hidden_in=note).update(was_cover=False)
    note.cover = cover
    if note.is_hidden_with_photos or not kept:
        hide_with_photos(note, has_photos=bool(kept))
    note.save()


def take_effect(held: Held, content: NoteContent) -> None:
    """Let an edit of a published note appear: all of it, in one transaction. Every edit passes here."""
    before = version_of(held.note)
    write(held, content)
    record_mentions(note=held.note)
    set_tags(held.note, held.tags)
    record_version(before=before)
    defer("look_over_note", note_id=held.note.pk)


def widest(note: Note, wanted: str) -> str:
    """Return the requested visibility, or followers if the author may not publish to everyone."""
    if wanted == Note.Visibility.PUBLIC and _approves_followers(note.author_id):
        return Note.Visibility.FOLLOWERS
    return wanted


def _approves_followers(author_id: int) -> bool:
    """Return whether the author approves followers. They stay locked, so that it does not change, until the
    transaction ends.
    """
    people = User.objects.select_for_update(no_key=True, of=["self"])
    return people.values_list("approves_followers", flat=True).get(pk=author_id)


def _fill_in(note: Note, words: dict[str, Any]) -> None:
    for field in WORDS:
        setattr(note, field, words[field])
    note.commenters = words.get("commenters") or note.commenters
    note.origin = words.get("origin", note.origin)
    note.text_tone = words.get("text_tone") or note.text_tone


def _arrange(held: Held, content: NoteContent) -> list[Photo]:
    """Put the photos in order, and delete those that were removed. Return the remaining photos.

    A photo that joined the note after they were locked keeps its place: photos may not be locked after the note.
    """
    joined = Photo.objects.filter(note=held.note).exclude(pk__in=held.photos)
    places = sorted(set(range(PHOTOS_MAX)).difference(joined.values_list("position", flat=True)))
    kept = held.order(content)[: len(places)]

    left = {photo.pk for photo in held.photos.values() if photo.note_id}.difference(
        photo.pk for photo in kept
    )
    remove_photos(photos_gone=Photo.objects.filter(pk__in=left))
    for position, photo in zip(places, kept, strict=False):
        Photo.objects.filter(pk=photo.pk, owner=held.note.author_id).update(
            note=held.note,
            pending_edit=None,
            position=position,
            alt=content.alts.get(photo.pk, photo.alt),
        )
    return kept


def _position(photo: Photo) -> int:
    return photo.position
