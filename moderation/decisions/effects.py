"""What decisions do: columns of what they are about, computed from the decisions in force.

A target may be hidden by several cases. It is shown again once none of their decisions is in force.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from moderation.models import Case, Decision, Limit, Seal, Step
from notes import moderation as hiding
from notes.models import Note, Photo
from notes.tags import hide_tag
from people.actions import labels, people
from profiles.models import Campus, User

REASON_MAX = 300
UNTIL = {
    Limit.POSTING: "posting_until",
    Limit.COMMENTING: "commenting_until",
    Limit.FOLLOWING: "following_until",
}


def take_effect(*, case: Case, step: str, subject: User | None) -> None:
    """Bring the target, or its author's account, in line with the decisions of this step that are in force."""
    match step:
        case Step.HIDE:
            _hide(case)
        case Step.WARNING:
            _warn(case)
        case Step.SUSPEND if subject:
            _suspend(subject)
        case Step.LIMIT if subject:
            _limit(subject)


@dataclass(frozen=True)
class Held:
    """What holds something hidden or suspended: who decided it first, and the reason. What was decided in a sealed case
    names neither, because moderators without its roles read these columns.
    """

    by: User | None
    reason: str
    is_sealed: bool
    is_hold: bool


def held_by(decisions: QuerySet[Decision]) -> Held | None:
    """Return what these decisions in force amount to, a hold after all others; None if there are none."""
    sealed = Exists(Seal.objects.in_force().filter(case=OuterRef("case")))
    rows = decisions.annotate(sealed=sealed).select_related("decided_by")
    found = list(rows.order_by("by_program", "created_at", "pk"))
    if not found:
        return None
    is_sealed, is_hold = any(row.sealed for row in found), found[0].is_hold
    said = next((row for row in found if not row.sealed), None)
    by, reason = (said.decided_by, said.facts[:REASON_MAX]) if said else (None, "")
    return Held(by, reason, is_sealed, is_hold)


def _about(kind: str, number: int, step: str) -> QuerySet[Decision]:
    return Decision.objects.in_force().filter(case__kind=kind, case__number=number, step=step)


def _hide(case: Case) -> None:
    """Hide what the case is about, for the reason of the first decision in force, or show it again."""
    match case.target:
        case None:
            return
        case Photo() as photo:
            _hide_photo(Photo.objects.get(pk=photo.pk))
        case Note() as note:
            _hide_note(note)
        case target:
            _hide_target(case.kind, target, held_by(_about(case.kind, case.number, Step.HIDE)))


def _hide_photo(photo: Photo) -> None:
    """Take the photo out of its note, or put it back. A note without any other photo is hidden with it."""
    held, note = held_by(_about(Case.Kind.PHOTO, photo.pk, Step.HIDE)), photo.note or photo.hidden_in
    if held:
        hiding.hide_photo(photo=photo)
        Photo.objects.filter(pk=photo.pk).update(hidden_reason=held.reason, is_sealed=held.is_sealed)
    else:
        hiding.restore_photo(photo=photo)
    if note:
        _hide_note(note)


def _hide_note(note: Note) -> None:
    """Hide the note for a decision about it, or for one about a photo where no other photo is left in it."""
    held, is_with_photos = held_by(_about(Case.Kind.NOTE, note.pk, Step.HIDE)), False
    if held is None and not Photo.objects.filter(note=note).exists():
        hidden = Photo.objects.filter(hidden_in=note, hidden_at__isnull=False)
        of_photos = {"case__kind": Case.Kind.PHOTO, "case__number__in": hidden.values("pk")}
        held = held_by(Decision.objects.in_force().filter(step=Step.HIDE, **of_photos))
        is_with_photos = held is not None
    _hide_target(Case.Kind.NOTE, note, held)
    Note.objects.filter(pk=note.pk).update(is_hidden_with_photos=is_with_photos)
    _seal_photos(note, is_sealed=bool(held and held.is_sealed))


def _seal_photos(note: Note, *, is_sealed: bool) -> None:
    """Seal the photos of a note that is sealed, those too that were taken out of it; else those of sealed cases."""
    own = Photo.objects.filter(Q(note=note) | Q(hidden_in=note))
    sealed = Exists(Seal.objects.in_force().filter(case=OuterRef("case")))
    of_photos = Decision.objects.in_force().filter(sealed, step=Step.HIDE, case__kind=Case.Kind.PHOTO)
    own.update(is_sealed=is_sealed)
    own.filter(pk__in=of_photos.values("case__number")).update(is_sealed=True)


def _hide_target(kind: str, target: Any, held: Held | None) -> None:
    hide, restore = _HIDING[kind]
    rows = type(target)._default_manager.filter(pk=target.pk)
    if held is None:
        restore(target)
    else:
        more = {"is_held": held.is_hold} if isinstance(target, Note) else {}
        if not hide(target, held.by, held.reason, **more) and hasattr(
            target, "hidden_at"
        ):  # by another decision
            rows.update(hidden_by=held.by, hidden_reason=held.reason, **more)
    if hasattr(target, "is_sealed"):
        rows.update(is_sealed=bool(held and held.is_sealed))


def _is_hidden(target: Campus, is_hidden: bool) -> bool:
    return bool(Campus.objects.filter(pk=target.pk).update(is_hidden=is_hidden))


_HIDING: dict[str, tuple[Callable[..., object], Callable[..., object]]] = {
    Case.Kind.NOTE: (
        lambda note, by, reason, **more: hiding.hide_note(note=note, by=by, reason=reason, **more),
        lambda note: hiding.restore_note(note=note),
    ),
    Case.Kind.COMMENT: (
        lambda comment, by, reason: hiding.hide_comment(comment=comment, by=by, reason=reason),
        lambda comment: hiding.restore_comment(comment=comment),
    ),
    Case.Kind.COLLECTION: (
        lambda collection, by, reason: hiding.hide_collection(collection=collection, by=by, reason=reason),
        lambda collection: hiding.restore_collection(collection=collection),
    ),
    Case.Kind.SERIES: (
        lambda series, by, reason: hiding.hide_series(series=series, by=by, reason=reason),
        lambda series: hiding.restore_series(series=series),
    ),
    Case.Kind.LABEL: (
        lambda label, by, reason: labels.hide_label(label=label, by=by, reason=reason),
        lambda label: labels.restore_label(label=label),
    ),
    Case.Kind.TAG: (
        lambda tag, by, reason: hide_tag(tag=tag, is_hidden=True),
        lambda tag: hide_tag(tag=tag, is_hidden=False),
    ),
    Case.Kind.CAMPUS: (
        lambda campus, by, reason: _is_hidden(campus, True),
        lambda campus: _is_hidden(campus, False),
    ),
}


def _warn(case: Case) -> None:
    held = _about(case.kind, case.number, Step.WARNING).order_by("created_at", "pk").first()
    Note.objects.filter(pk=case.number).update(warning=held.warning if held else "")


def _suspend(subject: User) -> None:
    held = held_by(Decision.objects.in_force().filter(subject=subject, step=Step.SUSPEND))
    if held is None:
        people.restore_person(person=subject)
    elif subject.suspended_at is None:
        people.suspend_person(person=subject, by=held.by, reason=held.reason)
    else:
        User.objects.filter(pk=subject.pk).update(suspended_by=held.by, suspended_reason=held.reason)


def _limit(subject: User) -> None:
    """Store until when each limit holds: the latest end of the decisions in force."""
    held = Decision.objects.in_force().filter(subject=subject, step=Step.LIMIT, ends_at__gt=timezone.now())
    ends = held.aggregate(
        **{field: Max("ends_at", filter=Q(limits__contains=[limit])) for limit, field in UNTIL.items()}
    )
    until: dict[str, datetime | None] = {field: ends[field] for field in UNTIL.values()}
    User.objects.filter(pk=subject.pk).update(**until)
