"""Making, changing, publishing and deleting notes."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from taggit.models import Tag

from notes.actions.files import remove_photos, renew_names
from notes.actions.readers import forget_readers
from notes.models import Note, Photo, TaggedNote
from notes.models.note import PHOTOS_MAX, TONES
from notes.models.tags import hold_tags, target_of
from notes.models.visibility import approves_followers, campus_named, positioning_of
from notes.revisions import WORDS, revision, revision_of, typed_revision
from redbook.ids import random_name
from redbook.limits import spend
from redbook.text import normal_form, slug


class ChangedMeanwhile(Exception):
    """The note says something else than what the form began with: another window saved it."""


def first_tone(key: UUID) -> str:
    """The tone of a new note's text cover, until its author chooses: as varied as keys are."""
    return TONES[key.int % len(TONES)]


def start_draft(*, author: Any, key: UUID, limited: bool = True) -> Note:
    """The author's note with this key, made as an empty draft where there is none: a form sent twice finds it.

    Not `limited` is one that is published in the same transaction. Raises TooMany, and then there is none.
    """
    own = Note.objects.filter(author=author, key=key)
    if found := own.first():
        return found
    with transaction.atomic():
        if limited:
            spend("drafts", author, once=str(key))
        Note.objects.bulk_create(
            [Note(author=author, key=key, text_tone=first_tone(key))], ignore_conflicts=True
        )
    return own.get()


@transaction.atomic
def save_note(
    *,
    note: Note,
    words: dict[str, Any],
    photos: Sequence[Photo],
    alts: dict[int, str],
    cover: Photo | None,
    publish: bool,
    draft: bool = False,
    removed: Collection[int] | None = None,
    seen: str | None = None,
    typed: str = "",
) -> Note:
    """Gives a note its words and photos, in this order, and publishes it if asked.

    `words` are the clean fields of NoteForm; `photos` are the note's own or loose ones of its author. Photos of the
    note that are `removed` are deleted, without that all that are not among `photos`; others that came meanwhile
    stay. With photos still to decode, it waits for them as `processing`.
    `draft` leaves the note alone unless it is one: the same form, sent twice at once, may have published it already.
    `typed` are the words of a draft exactly as typed (`as_typed`), of which `words` are those that are fit.
    `seen` is the revision that the words began with. Raises ChangedMeanwhile where the note has become another, or
    was published with other words, and TooMany where its author may publish no more of them now.
    """
    # Held before the note, as by whoever merges tags or campuses.
    tags = tags_named(words["tags"])
    campus = campus_named(words["campus"]) if words["campus"] else None
    wanted = [photo.pk for photo in photos]
    there = Photo.objects.select_for_update().filter(Q(note=note) | Q(pk__in=wanted)).order_by("pk")
    locked = {photo.pk: photo for photo in there if photo.note_id in {None, note.pk}}
    note = Note.objects.select_for_update(of=["self"]).select_related("author").get(pk=note.pk)
    same = revision(words, campus.pk if campus else None, [alts.get(photo.pk, photo.alt) for photo in photos])
    if draft and note.status != Note.Status.DRAFT:
        _agree(note, {same})
        return note
    note.campus = campus
    if seen is not None:
        _agree(note, {seen, same, *([typed_revision(typed)] if typed else [])})
    if publish and note.status == Note.Status.DRAFT:
        spend("notes", note.author)
    was_public = note.visibility == Note.Visibility.PUBLIC

    words = words | {"visibility": _widest(note, words["visibility"])}
    kept = _arrange(note, locked, wanted, alts, removed)
    if was_public and words["visibility"] != Note.Visibility.PUBLIC:
        renew_names(Photo.objects.filter(note=note))

    for field in WORDS:
        setattr(note, field, words[field])
    note.typed = "" if publish else typed
    note.text_tone = words.get("text_tone") or note.text_tone
    note.cover = cover if cover in kept else next(iter(kept), None)
    if note.published_at:
        note.edited_at = timezone.now()
    if publish:
        note.status = Note.Status.PROCESSING
    note.save()
    settle(note)
    _set_tags(note, tags)
    return note


def _agree(note: Note, known: set[str]) -> None:
    stored = Note.objects.get(pk=note.pk)
    if revision_of(stored) not in known:
        raise ChangedMeanwhile


def is_said_by(note: Note, words: dict[str, Any], photos: Sequence[Photo], alts: dict[int, str]) -> bool:
    """Whether these clean words are the note's, and each of these photos is one of its own, by its file."""
    own = list(note.photos.all())
    described = {photo.digest: alts.get(photo.pk, photo.alt) for photo in photos}
    if not described.keys() <= {photo.digest for photo in own}:
        return False
    said = [described.get(photo.digest, photo.alt) for photo in own]
    campus = campus_named(words["campus"]) if words["campus"] else None
    return revision(words, campus.pk if campus else None, said) == revision_of(note)


def _arrange(
    note: Note,
    locked: dict[int, Photo],
    wanted: Sequence[int],
    alts: dict[int, str],
    removed: Collection[int] | None,
) -> list[Photo]:
    """Puts the `locked` photos in the `wanted` order, then those of the note that nobody removed; gives what stays.

    A photo that joined the note after they were locked keeps its place: who has the note may lock no photo.
    """
    own = sorted((photo for photo in locked.values() if photo.note_id), key=lambda photo: photo.position)
    gone = [photo.pk for photo in own if photo.pk in removed] if removed is not None else [*locked]
    rest = (photo.pk for photo in own if photo.pk not in gone)
    order = [pk for pk in dict.fromkeys([*wanted, *rest]) if pk in locked]
    joined = Photo.objects.filter(note=note).exclude(pk__in=locked).values_list("position", flat=True)
    places = sorted(set(range(PHOTOS_MAX)).difference(joined))
    kept = [locked[pk] for pk in order[: len(places)]]

    left = {photo.pk for photo in own}.difference(photo.pk for photo in kept)
    remove_photos(photos_gone=Photo.objects.filter(pk__in=left))
    for position, photo in zip(places, kept, strict=False):
        Photo.objects.filter(pk=photo.pk, owner=note.author_id).update(
            note=note, position=position, alt=alts.get(photo.pk, photo.alt)
        )
    return kept


def _widest(note: Note, wanted: str) -> str:
    """The visibility that was asked for, or the next narrower one where the author may not publish to everyone."""
    if wanted == Note.Visibility.PUBLIC and approves_followers(note.author_id):
        return Note.Visibility.FOLLOWERS
    return wanted


@transaction.atomic
def keep_to_followers(*, author: Any) -> None:
    """Turns the author's public notes, drafts too, to followers; the old addresses of their photos end.

    For an author who approves followers already: what they save from then on is not public.
    """
    public = Note.objects.filter(author=author, visibility=Note.Visibility.PUBLIC)
    photos = Photo.objects.filter(note__in=public)
    list(photos.select_for_update(of=["self"]).order_by("pk"))
    public.lock()
    renew_names(photos)
    public.update(visibility=Note.Visibility.FOLLOWERS)


def settle(note: Note) -> None:
    """Moves a locked note that waits for its photos on: published once all are ready, a draft if one failed."""
    if note.status != Note.Status.PROCESSING:
        return
    states = set(Photo.objects.filter(note=note).values_list("state", flat=True))
    if Photo.State.FAILED in states:
        note.status = Note.Status.DRAFT
    elif Photo.State.RECEIVED not in states:
        note.status = Note.Status.PUBLISHED
        if note.published_at is None:
            note.published_at = timezone.now()
            note.positioning = positioning_of(note.author)
    note.save(update_fields=["status", "published_at", "positioning", "title_width"])


@transaction.atomic
def delete_note(*, note: Note) -> None:
    """Deletes a note with all that hangs on it. Whoever reacts to it meanwhile waits, and finds it gone."""
    photos = Photo.objects.filter(note=note)
    list(photos.select_for_update().order_by("pk"))
    list(Note.objects.select_for_update().filter(pk=note.pk))
    forget_readers(notes=[note.pk])
    remove_photos(photos_gone=photos)
    note.delete()


def _set_tags(note: Note, tags: list[Tag]) -> None:
    note.taggings.exclude(tag__in=tags).delete()
    TaggedNote.objects.bulk_create(
        [TaggedNote(content_object=note, tag=tag) for tag in tags], ignore_conflicts=True
    )


def tags_named(names: Sequence[str]) -> list[Tag]:
    """The tags of these names in this order, made where missing. A tag's name is its normal form, so that case never
    splits one; one that was merged is the tag it was merged into.

    In a transaction they stay as they are until it ends: to be called before notes and people are held, for whoever
    merges tags holds these first.
    """
    wanted = list(dict.fromkeys(normal_form(name) for name in names))
    for taken in (False, True):  # "c++" and "c" are two tags that want one slug
        missing = set(wanted).difference(Tag.objects.filter(name__in=wanted).values_list("name", flat=True))
        Tag.objects.bulk_create(
            [
                Tag(name=name, slug=f"{slug(name)}-{random_name()[:6]}" if taken else slug(name))
                for name in sorted(missing)
            ],
            ignore_conflicts=True,
        )
    hold_tags(wanted)
    tags = Tag.objects.filter(name__in=wanted).select_related("state__merged_into")
    found = {tag.name: target_of(tag) for tag in tags}
    return list(dict.fromkeys(found[name] for name in wanted if name in found))
