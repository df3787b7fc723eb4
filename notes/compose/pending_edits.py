"""Edits of published notes that add photos: the note stays as it is until these are ready.

An edit that adds no photo, or only ready ones, takes effect at once. Any other becomes the note's pending edit: a later
edit replaces it, and a job lets it take effect when the last of its photos is ready. If one fails or is gone, or the
note was changed otherwise, the edit waits for its author, who finds it on the edit page. Closing a note never waits: a
narrower visibility, or fewer people who may comment, holds from the moment it is saved.
"""

from contextlib import suppress
from dataclasses import replace

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from core.commenters import Commenters
from core.jobs import defer
from notes.compose.content import NoteContent
from notes.compose.revisions import own_revision
from notes.compose.writing import Held, hold, take_effect, widest
from notes.mentions.actions import record_mentions
from notes.models import Note, PendingEdit, Photo
from notes.photos.files import remove_photos, renew_names
from profiles.models import User


def save_edit(held: Held, content: NoteContent) -> None:
    """Let an edit of a held published note take effect, or wait for its photos."""
    photos = held.order(content)
    listed = {photo.pk for photo in [*photos, *content.photos]}
    remove_photos(photos_gone=_new_photos(held.note).exclude(pk__in=listed))
    PendingEdit.objects.filter(note=held.note).delete()
    if all(photo.is_ready for photo in photos):
        take_effect(held, content)
    else:
        visibility = held.note.visibility
        _close(held.note, content)
        _wait(held, content, photos, has_narrowed=visibility != held.note.visibility)


def _wait(held: Held, content: NoteContent, photos: list[Photo], *, has_narrowed: bool) -> None:
    words = {name: value for name, value in content.words.items() if name != "key"}
    edit = PendingEdit.objects.create(
        note=held.note,
        words=words | {"visibility": widest(held.note, content.words["visibility"])},
        photos=[photo.pk for photo in photos],
        alts={str(photo.pk): content.alts.get(photo.pk, photo.alt) for photo in photos},
        removed=sorted(photo.pk for photo in held.photos.values() if photo.note_id and photo not in photos),
        cover=content.cover.pk if content.cover else None,
        revision=content.revision(held.campus),
        began_from=_as_others_see_it(held.note.pk),
        has_narrowed=has_narrowed,
    )
    new = [photo.pk for photo in photos if photo.note_id is None]
    Photo.objects.filter(pk__in=new).update(pending_edit=edit)


def _close(note: Note, content: NoteContent) -> None:
    """Narrow who may see the note and who may comment, as far as the edit does."""
    wanted, commenters = content.words["visibility"], content.words.get("commenters") or note.commenters
    if _is_narrower(Note.Visibility.values, wanted, note.visibility):
        if note.visibility == Note.Visibility.PUBLIC:
            renew_names(Photo.objects.filter(note=note))
            note.closed_at = timezone.now()
        note.visibility = widest(note, wanted)
    if _is_narrower(Commenters.values, commenters, note.commenters):
        note.commenters = commenters
    note.save(update_fields=["visibility", "commenters", "closed_at", "title_width"])
    record_mentions(note=note)


def _is_narrower(values: list[str], wanted: str, stored: str) -> bool:
    return values.index(wanted) > values.index(stored)


@transaction.atomic
def apply_edit(*, note_id: int) -> None:
    """Let the note's pending edit take effect if its photos are ready. Idempotent.

    It waits for its author if the version before deleted a photo that it lists, or changed the note.
    """
    edit = PendingEdit.objects.filter(note=note_id).first()
    if edit is None:
        return
    content = content_of_edit(edit)
    with suppress(Note.DoesNotExist):
        held = hold(note_id, content)
        current = PendingEdit.objects.filter(pk=edit.pk).first()
        if current is None or not all(photo.is_ready for photo in held.order(content)):
            return
        if not held.photos.keys() >= set(current.photos) or current.began_from != _as_others_see_it(note_id):
            PendingEdit.objects.filter(pk=edit.pk).update(is_outdated=True)
            return
        take_effect(held, replace(content, words=current.words))
        edit.delete()


def content_of_edit(edit: PendingEdit) -> NoteContent:
    photos = Photo.objects.shown().in_bulk(edit.photos)
    return NoteContent(
        words=edit.words,
        photos=[photos[pk] for pk in edit.photos if pk in photos],
        alts={int(pk): alt for pk, alt in edit.alts.items()},
        cover=photos.get(edit.cover) if edit.cover else None,
        removed=edit.removed,
    )


@transaction.atomic
def discard_edit(*, note: Note) -> None:
    """Delete the note's pending edit with its new photos. Idempotent."""
    list(_new_photos(note).select_for_update(of=["self"]).order_by("pk"))
    Note.objects.filter(pk=note.pk).lock()
    remove_photos(photos_gone=_new_photos(note))
    PendingEdit.objects.filter(note=note).delete()


def apply_ready_edits() -> None:
    """Let edits take effect whose photos are ready and that have no job: the version before prepared the photo."""
    unready = Photo.objects.filter(pending_edit=OuterRef("pk")).exclude(state=Photo.State.READY)
    ready = PendingEdit.objects.filter(is_outdated=False).exclude(Exists(unready))
    for note_id in ready.values_list("note", flat=True):
        defer("apply_edit", note_id=note_id)


def keep_edits_to_followers(*, author: User) -> None:
    """Narrow the author's pending edits that say public. Their notes are locked, and narrowed already."""
    edits = PendingEdit.objects.filter(note__author=author, words__visibility=Note.Visibility.PUBLIC)
    for edit in edits.select_related("note"):
        edit.words["visibility"] = Note.Visibility.FOLLOWERS
        narrowed = own_revision(edit.note)
        edit.note.visibility = Note.Visibility.PUBLIC  # as it was
        if edit.began_from == own_revision(edit.note):
            edit.began_from = narrowed
        edit.save(update_fields=["words", "began_from"])


def _as_others_see_it(note_id: int) -> str:
    return own_revision(Note.objects.get(pk=note_id))


def _new_photos(note: Note) -> QuerySet[Photo]:
    return Photo.objects.filter(pending_edit__note=note)
