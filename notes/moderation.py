"""Moderators' decisions. Each returns whether it changed anything: of two at once, one decides."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from core.audit import Action, record
from core.ids import random_name
from notes.models import Collection, Comment, Note, Photo, Series
from notes.models.note import PHOTOS_MAX
from notes.photos.files import renew_names
from profiles.models import User, Viewer


def record_opening(*, note: Note, by: Viewer) -> None:
    """Log that a moderator opened a note that is not meant for them: reported, hidden, or of an inactive author."""
    if by.is_staff and not Note.objects.meant_for(by).filter(pk=note.pk).exists():
        record(by, [note], gettext("Opened by a moderator"), action=Action.OPENED)


def record_opening_of_versions(*, note: Note, by: Viewer) -> None:
    """Log that a moderator read the earlier versions of a reported note."""
    record(by, [note], gettext("Earlier versions read by a moderator"), action=Action.VERSIONS)


def record_opening_of_photo(*, photo: Photo, by: Viewer) -> None:
    """Log that a moderator opened a photo that was taken out of its note, or one of a note that is not meant for
    them.
    """
    if photo.note:
        record_opening(note=photo.note, by=by)
    elif by.is_staff:
        record(by, [photo], gettext("Opened by a moderator"), action=Action.OPENED)


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
def hide_photo(*, photo: Photo) -> bool:
    """Take a photo out of its note for everybody but its author. It gets a new name, so the old URLs answer 404.

    The photos of the note and the note are locked already.
    """
    note = photo.note
    if note is None:  # hidden already, or given back to a note that was full
        return bool(Photo.objects.filter(pk=photo.pk, hidden_at=None).update(hidden_at=timezone.now()))
    was_cover = note.cover_id == photo.pk
    left = Photo.objects.filter(note=note).exclude(pk=photo.pk)
    if was_cover:
        Note.objects.filter(pk=note.pk).update(cover=left.first())
    taken = {"hidden_in": note, "hidden_at": timezone.now(), "was_cover": was_cover}
    taken |= {"note": None, "token": random_name()}
    return bool(Photo.objects.filter(pk=photo.pk, note=note).update(**taken))


def hide_with_photos(note: Note, *, has_photos: bool) -> None:
    """Hide a note, which its caller saves, once the last photo left it while others are hidden; show it again once a
    photo is in it, if it was hidden for nothing else.
    """
    hidden = Photo.objects.filter(hidden_in=note, hidden_at__isnull=False).order_by("hidden_at", "pk")
    if has_photos and note.is_hidden_with_photos:
        note.hidden_at, note.hidden_by, note.hidden_reason = None, None, ""
        note.is_hidden_with_photos = note.is_sealed = False
    elif not has_photos and note.hidden_at is None and (first := hidden.first()):
        note.hidden_at, note.hidden_reason = timezone.now(), first.hidden_reason
        note.is_hidden_with_photos = True
        note.is_sealed = hidden.filter(is_sealed=True).exists()


@transaction.atomic
def restore_photo(*, photo: Photo) -> bool:
    """Put a hidden photo back where it was in its note, or at the next free place. A note that is full meanwhile stays
    as it is: the photo is no longer hidden, and its author finds it beside the note.
    """
    note, hidden = photo.hidden_in, Photo.objects.filter(pk=photo.pk, hidden_in__isnull=False)
    if note is None:
        return False
    taken = set(Photo.objects.filter(note=note).values_list("position", flat=True))
    free = [place for place in range(PHOTOS_MAX) if place not in taken]
    if not free:
        return bool(hidden.update(hidden_at=None, hidden_reason="", is_sealed=False))
    place = photo.position if photo.position in free else free[-1]
    back = {"note": note, "hidden_in": None, "hidden_at": None, "hidden_reason": ""}
    if photo.was_cover or note.cover_id is None:
        Note.objects.filter(pk=note.pk).update(cover=photo)
    back |= {"was_cover": False, "is_sealed": False, "token": random_name()}
    return bool(hidden.update(position=place, **back))


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
    """Log that a moderator opened a series that they would not find otherwise: hidden, or without a note for them."""
    if by.is_staff and (
        not Series.objects.visible_to(by).filter(pk=series.pk).exists()
        or not Note.objects.meant_for(by).filter(series=series, status=Note.Status.PUBLISHED).exists()
    ):
        record(by, [series], gettext("Opened by a moderator"), action=Action.OPENED)


def hide_series(*, series: Series, by: User, reason: str) -> bool:
    """Hide the series from everyone but its author. The notes in it stay as they are."""
    shown = Series.objects.filter(pk=series.pk, hidden_at__isnull=True)
    return bool(shown.update(hidden_at=timezone.now(), hidden_by=by, hidden_reason=reason))


def restore_series(*, series: Series) -> bool:
    hidden = Series.objects.filter(pk=series.pk, hidden_at__isnull=False)
    return bool(hidden.update(hidden_at=None, hidden_by=None, hidden_reason=""))


def record_opening_of_collection(*, collection: Collection, by: Viewer) -> None:
    """Log that a moderator opened a collection that is not meant for them: hidden, private, or of an inactive owner."""
    if by.is_staff and not Collection.objects.visible_to(by).filter(pk=collection.pk).exists():
        record(by, [collection], gettext("Opened by a moderator"), action=Action.OPENED)


def hide_collection(*, collection: Collection, by: User, reason: str) -> bool:
    """Hide the collection from everyone but its owner. The notes in it stay as they are."""
    shown = Collection.objects.filter(pk=collection.pk, hidden_at__isnull=True)
    return bool(shown.update(hidden_at=timezone.now(), hidden_by=by, hidden_reason=reason))


def restore_collection(*, collection: Collection) -> bool:
    hidden = Collection.objects.filter(pk=collection.pk, hidden_at__isnull=False)
    return bool(hidden.update(hidden_at=None, hidden_by=None, hidden_reason=""))
