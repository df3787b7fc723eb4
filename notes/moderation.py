"""Moderators' decisions. Each returns whether it changed anything: of two at once, one decides."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from core.audit import Action, record
from notes.models import Collection, Comment, Note, Photo, Series
from notes.photos.files import renew_names
from profiles.models import User, Viewer


def record_opening(*, note: Note, by: Viewer) -> None:
    """Log that a moderator opened a note that is not meant for them: reported, hidden, or of an inactive author."""
    if by.is_staff and not Note.objects.meant_for(by).filter(pk=note.pk).exists():
        record(by, [note], gettext("Opened by a moderator"), action=Action.OPENED)


def record_opening_of_versions(*, note: Note, by: Viewer) -> None:
    """Log that a moderator read the earlier versions of a reported note."""
    record(by, [note], gettext("Earlier versions read by a moderator"), action=Action.VERSIONS)


def record_opening_of_comment(*, comment: Comment, by: Viewer) -> None:
    """Log that a moderator opened a comment that is hidden, or under a note that is not meant for them."""
    record_opening(note=comment.note, by=by)
    if comment.hidden_at:
        record(by, [comment], gettext("Opened by a moderator"), action=Action.OPENED)


@transaction.atomic
def hide_note(*, note: Note, by: User | None, reason: str, is_held: bool = False) -> bool:
    """Hide the note from everyone but its author and moderators. Its photos get new names, so the old URLs
    answer 404. `is_held`: until a moderator has looked at it.
    """
    renew_names(Photo.objects.filter(note=note))
    shown = Note.objects.filter(pk=note.pk, hidden_at__isnull=True)
    return bool(shown.update(hidden_at=timezone.now(), hidden_by=by, hidden_reason=reason, is_held=is_held))


def restore_note(*, note: Note) -> bool:
    """Make a hidden note visible again."""
    hidden = Note.objects.filter(pk=note.pk, hidden_at__isnull=False)
    return bool(hidden.update(hidden_at=None, hidden_by=None, hidden_reason="", is_held=False))


@transaction.atomic
def hide_comment(*, comment: Comment, by: User, reason: str) -> bool:
    Note.objects.filter(pk=comment.note_id).lock()
    shown = Comment.objects.filter(pk=comment.pk, hidden_at__isnull=True)
    return bool(shown.update(hidden_at=timezone.now(), hidden_by=by, hidden_reason=reason))


@transaction.atomic
def restore_comment(*, comment: Comment) -> bool:
    Note.objects.filter(pk=comment.note_id).lock()
    hidden = Comment.objects.filter(pk=comment.pk, hidden_at__isnull=False)
    return bool(hidden.update(hidden_at=None, hidden_by=None, hidden_reason=""))


def record_opening_of_series(*, series: Series, by: Viewer) -> None:
    """Log that a moderator opened a series that is hidden."""
    if series.hidden_at:
        record(by, [series], gettext("Opened by a moderator"), action=Action.OPENED)


def hide_series(*, series: Series, by: User, reason: str) -> bool:
    """Hide the series from everyone but its author. The notes in it stay as they are."""
    shown = Series.objects.filter(pk=series.pk, hidden_at__isnull=True)
    return bool(shown.update(hidden_at=timezone.now(), hidden_by=by, hidden_reason=reason))


def restore_series(*, series: Series) -> bool:
    hidden = Series.objects.filter(pk=series.pk, hidden_at__isnull=False)
    return bool(hidden.update(hidden_at=None, hidden_by=None, hidden_reason=""))


def record_opening_of_collection(*, collection: Collection, by: Viewer) -> None:
    """Log that a moderator opened a collection that not everyone may see: one that is hidden."""
    if collection.hidden_at:
        record(by, [collection], gettext("Opened by a moderator"), action=Action.OPENED)


def hide_collection(*, collection: Collection, by: User, reason: str) -> bool:
    """Hide the collection from everyone but its owner. The notes in it stay as they are."""
    shown = Collection.objects.filter(pk=collection.pk, hidden_at__isnull=True)
    return bool(shown.update(hidden_at=timezone.now(), hidden_by=by, hidden_reason=reason))


def restore_collection(*, collection: Collection) -> bool:
    hidden = Collection.objects.filter(pk=collection.pk, hidden_at__isnull=False)
    return bool(hidden.update(hidden_at=None, hidden_by=None, hidden_reason=""))
