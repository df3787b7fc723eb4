"""What a case can be about: its kind, whose matter it is, and the locks that a decision about it needs."""

from typing import Any

from django.db.models import Q
from taggit.models import Tag

from moderation.models import Case
from notes.models import Collection, Comment, Note, Photo, Series
from profiles.models import Campus, Label, User

MODELS: dict[str, type[Any]] = {
    Case.Kind.NOTE: Note,
    Case.Kind.PHOTO: Photo,
    Case.Kind.COMMENT: Comment,
    Case.Kind.PERSON: User,
    Case.Kind.LABEL: Label,
    Case.Kind.TAG: Tag,
    Case.Kind.CAMPUS: Campus,
    Case.Kind.COLLECTION: Collection,
    Case.Kind.SERIES: Series,
}
_KINDS = {model: kind for kind, model in MODELS.items()}


def kind_of(target: Any) -> str:
    return _KINDS[type(target)._meta.concrete_model]


def subject_of(target: Any) -> int | None:
    """Return who made the target; None for names that nobody owns."""
    match target:
        case User():
            return target.pk
        case Photo() | Collection():
            return target.owner_id
        case Note() | Comment() | Series():
            return target.author_id
        case _:
            return None


def note_of(case: Case) -> int | None:
    """Return the note whose row the case's target is, or belongs to; None for others, and if it is deleted."""
    match case.kind:
        case Case.Kind.NOTE:
            return case.note_id
        case Case.Kind.COMMENT:
            return _value(Comment, case.comment_id, "note")
        case Case.Kind.PHOTO:
            return _value(Photo, case.photo_id, "note") or _value(Photo, case.photo_id, "hidden_in")
        case _:
            return None


def _value(model: type[Any], pk: int | None, field: str) -> int | None:
    return model._default_manager.filter(pk=pk).values_list(field, flat=True).first() if pk else None


def lock_target(case: Case) -> Any:
    """Lock the case's target, and what stands above it, until the transaction ends. Return it, None if it is deleted.

    Cases are locked after what they are about, and before their reports, as deletions do.
    """
    if note := note_of(case):
        lock_photos(Q(note=note) | Q(hidden_in=note))
        Note.objects.filter(pk=note).lock()
    model = MODELS[case.kind]
    if model is User:  # locked with the subject, whose row it is
        return case.person
    found = model._default_manager.filter(pk=case.number)
    target = found.select_for_update(no_key=True, of=["self"]).first()
    return None if getattr(target, "deleted_at", None) else target


def lock_photos(*which: Q, **named: Any) -> None:
    """Lock photos until the transaction ends: before the notes and people whose they are."""
    list(
        Photo.objects.filter(*which, **named).select_for_update(of=["self"]).order_by("pk").values_list("pk")
    )
