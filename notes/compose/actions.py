"""Create, edit, publish and delete notes."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.limits import spend
from notes.compose.content import NoteContent
from notes.compose.pending_edits import keep_edits_to_followers, save_edit
from notes.compose.revisions import revision_of, was_scheduled
from notes.compose.tagging import set_tags
from notes.compose.writing import hold, write
from notes.history.actions import record_version
from notes.history.queries import version_of
from notes.mentions.actions import remove_mentions_of_notes
from notes.models import Note, PendingEdit, Photo
from notes.models.note import TONES
from notes.photos.files import remove_photos, renew_names
from notes.photos.publishing import finish_publishing
from notes.readers.actions import forget_readers
from notes.schedule.actions import take_place
from profiles.models import User
from profiles.pauses import POSTING, check_pause


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
def schedule_note(*, author: User, key: UUID, note: Note | None, content: NoteContent, at: datetime) -> Note:
    """Save this content to be published by itself at a time (notes/schedule/actions.py). What is published is left as
    it is.

    Raises ChangedMeanwhile, TooMany as publishing does, and ScheduleFull.
    """
    note = note or start_draft(author=author, key=key, limited=False)
    return _save(note, replace(content, typed="", scheduled_for=at), publish=False, only_draft=True)


@transaction.atomic
def save_note(*, note: Note, content: NoteContent, publish: bool, only_draft: bool = False) -> Note:
    """Save the content of a note, and publish it if asked. Photos uploaded meanwhile stay.

    While photos are still being decoded, a new note waits as `processing`, and an edit of a published one becomes its
    pending edit. With `only_draft`, a published note is left as it is: the same form sent twice at once may have
    published it already.

    Raises ChangedMeanwhile if the note is at another revision or was published with other text, and TooMany if its
    author has reached the limit or is paused.
    """
    return _save(note, content, publish=publish, only_draft=only_draft)


def _save(note: Note, content: NoteContent, *, publish: bool, only_draft: bool) -> Note:
    """Do what save_note says, in the caller's transaction."""
    held = hold(note.pk, content)
    note = held.note
    if only_draft and note.status != Note.Status.DRAFT:
        _agree(note, {content.revision(held.campus)})
        return note
    if content.seen is not None:
        _agree(note, content.revisions(held.campus))
    if note.status == Note.Status.PUBLISHED:
        if not was_scheduled(content.seen):  # else it was published by itself meanwhile, with these words
            save_edit(held, content)
        return note
    if publish and note.status == Note.Status.DRAFT:
        check_pause(note.author, POSTING)
    if (publish or content.scheduled_for) and note.status == Note.Status.DRAFT and not note.scheduled_for:
        spend("notes", note.author)  # once: a scheduled note has been counted
    note.scheduled_for, note.not_published = None, ""
    if content.scheduled_for:
        take_place(note, content.scheduled_for)
    before = version_of(note) if note.published_at else None
    note.typed = "" if publish else content.typed
    if publish:
        note.status = Note.Status.PROCESSING
    note.saved_at = timezone.now()
    write(held, content)
    finish_publishing(note)
    set_tags(note, held.tags)
    if before:
        record_version(before=before)
    return note


def _agree(note: Note, known: set[str]) -> None:
    """Raise ChangedMeanwhile unless the stored note is at one of these revisions."""
    stored = Note.objects.filter(pk=note.pk).first()
    if revision_of(stored) not in known:
        raise ChangedMeanwhile


@transaction.atomic
def keep_to_followers(*, author: User) -> None:
    """Restrict the author's public notes, drafts and pending edits included, to followers. Their photos get new names.

    For an author who already approves followers: notes they save from then on are not public.
    """
    public = Note.objects.filter(author=author, visibility=Note.Visibility.PUBLIC)
    photos = Photo.objects.filter(note__in=public)
    list(photos.select_for_update(of=["self"]).order_by("pk"))
    edited = PendingEdit.objects.filter(note__author=author).values("note")
    Note.objects.filter(Q(visibility=Note.Visibility.PUBLIC) | Q(pk__in=edited), author=author).lock()
    renew_names(photos)
    public.update(visibility=Note.Visibility.FOLLOWERS, closed_at=timezone.now())
    keep_edits_to_followers(author=author)


@transaction.atomic
def delete_note(*, note: Note) -> None:
    """Delete a note with everything attached to it. Concurrent reactions wait, and then find it deleted."""
    photos = Photo.objects.held_by(Note.objects.filter(pk=note.pk))
    list(photos.select_for_update(of=["self"]).order_by("pk"))
    list(Note.objects.select_for_update().filter(pk=note.pk))
    forget_readers(notes=[note.pk])
    remove_photos(photos_gone=photos)
    remove_mentions_of_notes(notes=Note.objects.filter(pk=note.pk))
    note.delete()
