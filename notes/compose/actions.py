"""Create, edit, publish and delete notes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from taggit.models import Tag

from core.ids import random_name
from core.limits import spend
from core.text import normal_form, slug
from notes.compose.content import NoteContent
from notes.compose.revisions import WORDS, revision_of
from notes.history.actions import record_version
from notes.history.queries import version_of
from notes.mentions.actions import remove_mentions_of_notes
from notes.models import Note, Photo, TaggedNote
from notes.models.note import PHOTOS_MAX, TONES
from notes.models.tags import lock_tags, target_of
from notes.photos.files import remove_photos, renew_names
from notes.photos.publishing import finish_publishing
from notes.readers.actions import forget_readers
from profiles.models import Campus, User


class ChangedMeanwhile(Exception):
    """The note differs from what the form began with: another window saved it."""


def first_tone(key: UUID) -> str:
    """Return the tone of a new note's text cover until its author chooses one. Varies with the key."""
    return TONES[key.int % len(TONES)]


def start_draft(*, author: User, key: UUID, limited: bool = True) -> Note:
    """Return the author's note with this key, created as an empty draft if there is none. Idempotent per key.

    `limited` is False for a note that is published in the same transaction. Raises TooMany, and then creates nothing.
    """
    own = Note.objects.filter(author=author, key=key)
    if found := own.first():
        return found
    with transaction.atomic():
        if limited:
            spend("drafts", author, once=str(key))
        fresh = Note(author=author, key=key, text_tone=first_tone(key), commenters=author.commenters)
        Note.objects.bulk_create([fresh], ignore_conflicts=True)
    # Another request may have created it at the same moment, and a third deleted it since.
    return own.first() or start_draft(author=author, key=key, limited=limited)


@transaction.atomic
def publish_note(
    *, author: User, key: UUID, note: Note | None, content: NoteContent, only_draft: bool
) -> Note:
    """Publish this content as the note, or as a new one under this key. A refusal leaves no draft behind.

    Raises ChangedMeanwhile and TooMany, as save_note does.
    """
    note = note or start_draft(author=author, key=key, limited=False)
    return _save(note, content, publish=True, only_draft=only_draft)


@transaction.atomic
def save_draft(*, author: User, key: UUID, note: Note | None, content: NoteContent) -> Note:
    """Save this content in the draft, or in a new one under this key. Words that are not valid stay as they were.

    Raises ChangedMeanwhile, and TooMany if there would be too many drafts.
    """
    note = note or start_draft(author=author, key=key)
    return _save(note, content.over(note), publish=False, only_draft=True)


@transaction.atomic
def save_note(*, note: Note, content: NoteContent, publish: bool, only_draft: bool = False) -> Note:
    """Save the content of a note, and publish it if asked. Photos uploaded meanwhile stay.

    While photos are still being decoded, the note waits as `processing`. With `only_draft`, a published note is left as
    it is: the same form sent twice at once may have published it already.

    Raises ChangedMeanwhile if the note is at another revision or was published with other text, and TooMany if its
    author has reached the limit.
    """
    return _save(note, content, publish=publish, only_draft=only_draft)


def _save(note: Note, content: NoteContent, *, publish: bool, only_draft: bool) -> Note:
    """Do what save_note says, in the caller's transaction."""
    # Locked before the note, the order in which merging tags and campuses locks.
    tags = tags_named(content.words["tags"])
    campus = Campus.objects.named(content.words["campus"]) if content.words["campus"] else None
    photos = _lock_photos(note, content)
    note = Note.objects.select_for_update(of=["self"]).select_related("author").get(pk=note.pk)
    if only_draft and note.status != Note.Status.DRAFT:
        _agree(note, {content.revision(campus)})
        return note
    if content.seen is not None:
        _agree(note, content.revisions(campus))
    if publish and note.status == Note.Status.DRAFT:
        spend("notes", note.author)

    before = version_of(note) if note.published_at else None
    visibility = _widest(note, content.words["visibility"])
    kept = _arrange(note, photos, content)
    if note.visibility == Note.Visibility.PUBLIC and visibility != Note.Visibility.PUBLIC:
        renew_names(Photo.objects.filter(note=note))
        note.closed_at = timezone.now()
    _fill_in(note, content.words | {"visibility": visibility})
    note.campus = campus
    note.typed = "" if publish else content.typed
    note.cover = content.cover if content.cover in kept else next(iter(kept), None)
    if publish:
        note.status = Note.Status.PROCESSING
    note.save()
    finish_publishing(note)
    _set_tags(note, tags)
    if before:
        record_version(before=before)
    return note


def _lock_photos(note: Note, content: NoteContent) -> dict[int, Photo]:
    """Lock the note's photos and those of the content that belong to no other note. Return them by id."""
    wanted = Q(note=note) | Q(pk__in=[photo.pk for photo in content.photos])
    locked = Photo.objects.select_for_update().filter(wanted).order_by("pk")
    return {photo.pk: photo for photo in locked if photo.note_id in {None, note.pk}}


def _agree(note: Note, known: set[str]) -> None:
    """Raise ChangedMeanwhile unless the stored note is at one of these revisions."""
    stored = Note.objects.get(pk=note.pk)
    if revision_of(stored) not in known:
        raise ChangedMeanwhile


def _fill_in(note: Note, words: dict[str, Any]) -> None:
    for field in WORDS:
        setattr(note, field, words[field])
    note.commenters = words.get("commenters") or note.commenters
    note.text_tone = words.get("text_tone") or note.text_tone


def _arrange(note: Note, locked: dict[int, Photo], content: NoteContent) -> list[Photo]:
    """Put the `locked` photos in the order of the content, then the note's others that were not removed. Return the
    remaining photos.

    A photo that joined the note after they were locked keeps its place: photos may not be locked after the note.
    """
    own = sorted((photo for photo in locked.values() if photo.note_id), key=lambda photo: photo.position)
    removed = content.removed
    gone = [photo.pk for photo in own if photo.pk in removed] if removed is not None else [*locked]
    rest = (photo.pk for photo in own if photo.pk not in gone)
    wanted = (photo.pk for photo in content.photos)
    order = [pk for pk in dict.fromkeys([*wanted, *rest]) if pk in locked]
    joined = Photo.objects.filter(note=note).exclude(pk__in=locked).values_list("position", flat=True)
    places = sorted(set(range(PHOTOS_MAX)).difference(joined))
    kept = [locked[pk] for pk in order[: len(places)]]

    left = {photo.pk for photo in own}.difference(photo.pk for photo in kept)
    remove_photos(photos_gone=Photo.objects.filter(pk__in=left))
    for position, photo in zip(places, kept, strict=False):
        Photo.objects.filter(pk=photo.pk, owner=note.author_id).update(
            note=note, position=position, alt=content.alts.get(photo.pk, photo.alt)
        )
    return kept


def _widest(note: Note, wanted: str) -> str:
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


@transaction.atomic
def keep_to_followers(*, author: User) -> None:
    """Restrict the author's public notes, drafts included, to followers. Their photos get new names.

    For an author who already approves followers: notes they save from then on are not public.
    """
    public = Note.objects.filter(author=author, visibility=Note.Visibility.PUBLIC)
    photos = Photo.objects.filter(note__in=public)
    list(photos.select_for_update(of=["self"]).order_by("pk"))
    public.lock()
    renew_names(photos)
    public.update(visibility=Note.Visibility.FOLLOWERS, closed_at=timezone.now())


@transaction.atomic
def delete_note(*, note: Note) -> None:
    """Delete a note with everything attached to it. Concurrent reactions wait, and then find it deleted."""
    photos = Photo.objects.filter(note=note)
    list(photos.select_for_update().order_by("pk"))
    list(Note.objects.select_for_update().filter(pk=note.pk))
    forget_readers(notes=[note.pk])
    remove_photos(photos_gone=photos)
    remove_mentions_of_notes(notes=Note.objects.filter(pk=note.pk))
    note.delete()


def _set_tags(note: Note, tags: list[Tag]) -> None:
    note.taggings.exclude(tag__in=tags).delete()
    TaggedNote.objects.bulk_create(
        [TaggedNote(content_object=note, tag=tag) for tag in tags], ignore_conflicts=True
    )


def tags_named(names: Sequence[str]) -> list[Tag]:
    """Return the tags with these names, in this order, created where missing.

    A tag's name is in normal form, so case never splits one; a merged tag is replaced by its target. The tags are
    locked until the transaction ends: call this before notes and people are locked, as merging tags locks them in this
    order.
    """
    wanted = list(dict.fromkeys(normal_form(name) for name in names))
    for taken in (False, True):  # "c++" and "c" would have the same slug
        missing = set(wanted).difference(Tag.objects.filter(name__in=wanted).values_list("name", flat=True))
        Tag.objects.bulk_create(
            [
                Tag(name=name, slug=f"{slug(name)}-{random_name()[:6]}" if taken else slug(name))
                for name in sorted(missing)
            ],
            ignore_conflicts=True,
        )
    lock_tags(wanted)
    tags = Tag.objects.filter(name__in=wanted).select_related("state__merged_into")
    found = {tag.name: target_of(tag) for tag in tags}
    return list(dict.fromkeys(found[name] for name in wanted if name in found))
