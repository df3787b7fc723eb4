"""What moderators may not see of a case that they may open: what is sealed in another, or no longer theirs to read."""

from django.db.models import Exists, OuterRef, Q

from moderation.models import Case, Report, Seal
from moderation.sealing.roles import may_open_sealed
from notes.models import Note, Photo
from profiles.models import User


def is_open_photo(photo: Photo) -> bool:
    """Return whether moderators may read a photo: hidden, reported, or in a note that they may open. None is sealed."""
    if photo.is_sealed:
        return False
    if photo.hidden_at or photo.is_reported:
        return True
    return Note.objects.for_moderators().filter(photos=photo.pk).exists()


def is_closed_to(case: Case, moderator: User) -> bool:
    """Return whether the words and pictures of the case are for the two roles alone, because its target is hidden in a
    sealed case of its own, or with what stands above it; or was deleted, and a sealed case was about it, or about
    something else of its author that was deleted too.
    """
    return not may_open_sealed(moderator) and _is_sealed(case)


def _is_sealed(case: Case) -> bool:
    if case.note_id:
        return Note.objects.filter(pk=case.note_id, is_sealed=True).exists()
    if case.photo_id:
        above = Q(is_sealed=True) | Q(note__is_sealed=True) | Q(hidden_in__is_sealed=True)
        return Photo.objects.filter(above, pk=case.photo_id).exists()
    if case.comment_id:
        above = Q(comment__is_sealed=True) | Q(comment__note__is_sealed=True)
        return Case.objects.filter(above, pk=case.pk).exists()
    if case.kind not in {Case.Kind.NOTE, Case.Kind.PHOTO, Case.Kind.COMMENT}:
        return False
    sealed = Case.objects.filter(Exists(Seal.objects.in_force().filter(case=OuterRef("pk"))))
    same = Q(kind=case.kind, number=case.number)
    if case.subject_id:
        same |= Q(subject=case.subject_id, note=None, photo=None, comment=None, person=None)
    return sealed.filter(same).exists()


def sealed_photos(case: Case) -> set[int]:
    """Return the photos of a case's note, or deleted since, that are hidden in sealed cases of their own."""
    sealed = Seal.objects.in_force().filter(case__kind=Case.Kind.PHOTO, case__subject=case.subject_id)
    numbers = set(sealed.values_list("case__number", flat=True)) if case.subject_id else set()
    there = dict(Photo.objects.filter(pk__in=numbers).values_list("pk", "is_sealed"))
    return {number for number in numbers if there.get(number, True)}


def mark_reported(case: Case) -> None:
    """Store whether the case's photo is open to moderators because a case about it is open, and not sealed."""
    if case.kind == Case.Kind.PHOTO:
        cases = Case.objects.open().filter(kind=case.kind, number=case.number)
        reported = Report.objects.open().filter(case__in=cases, is_sealed=False)
        Photo.objects.filter(pk=case.number).update(is_reported=reported.exists())
