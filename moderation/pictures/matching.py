"""Compare photos with known pictures, both ways: a note when it is published, and all photos when a picture is added.

A match holds the note for review. Who lets it pass shows it, and the photo is not held again.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from core.db.alike import NEAR, distance, is_near
from imaging import SAYS_NOTHING
from moderation.cases.actions import case_of
from moderation.decisions.holding import hold
from moderation.decisions.rows import lock
from moderation.decisions.sealing import SEALING, seal
from moderation.models import Case, Finding, KnownPicture, PictureMatch, Step
from moderation.pictures.findings import found, was_let_pass
from notes.models import Note, Photo

PHOTOS_AT_ONCE = 100


@dataclass(frozen=True)
class Match:
    photo: Photo
    known: KnownPicture
    distance: int


def match_note(*, note: Note) -> Case | None:
    """Hold the note if one of its photos looks like a known picture. Idempotent. Return its case, if there is one."""
    photos = Photo.objects.filter(note=note, fingerprint__isnull=False).exclude(fingerprint=SAYS_NOTHING)
    matches = [match for photo in photos for match in known_like(photo)]
    if note.visibility == Note.Visibility.PRIVATE:
        matches = [match for match in matches if match.known.rule.slug == SEALING]
    return _act(note, matches) if matches else None


def known_like(photo: Photo) -> list[Match]:
    """Return the nearest known picture that the photo looks like, of each rule the nearest."""
    number = photo.fingerprint or SAYS_NOTHING
    near = KnownPicture.objects.in_force().filter(is_near("fingerprint", [number]))
    near = near.annotate(far=distance("fingerprint", number)).filter(far__lte=NEAR)
    by_rule: dict[int, Match] = {}
    for known in near.select_related("rule").order_by("far", "pk")[:PHOTOS_AT_ONCE]:
        by_rule.setdefault(known.rule_id, Match(photo, known, known.far))
    return list(by_rule.values())


def photos_like(known: KnownPicture) -> QuerySet[Photo]:
    """Return the photos of published notes that are not hidden and look like the picture, in order of id."""
    near = Photo.objects.filter(is_near("fingerprint", [known.fingerprint]))
    near = near.annotate(far=distance("fingerprint", known.fingerprint)).filter(far__lte=NEAR)
    shown = Q(note__status=Note.Status.PUBLISHED, note__hidden_at__isnull=True)
    return near.filter(shown).select_related("note").order_by("pk")


def match_known(*, known: KnownPicture) -> int:
    """Hold the notes with photos that look like a picture that was added. Idempotent. Return how many notes."""
    photos = list(photos_like(known)[:PHOTOS_AT_ONCE])
    while photos:
        for photo in photos:
            match_note(note=photo.note)  # type: ignore[arg-type]
        photos = list(photos_like(known).filter(pk__gt=photos[-1].pk)[:PHOTOS_AT_ONCE])
    return PictureMatch.objects.filter(known=known).count()


@transaction.atomic
def _act(note: Note, matches: Iterable[Match]) -> Case | None:
    """Keep the new matches, and hold the note."""
    is_there, _subject, _case = lock(case_of(note), Step.HIDE)
    fresh = [match for match in matches if not _is_known(match)]
    if not is_there or not fresh:
        return None
    rule = max((match.known.rule for match in fresh), key=lambda each: (each.severity, -each.pk))
    made = hold(note=note, rule=rule)
    case = made.case if made else Case.objects.open().filter(note=note).first()
    if case is None:  # hidden by a person already
        return None
    PictureMatch.objects.bulk_create(
        [PictureMatch(photo=m.photo, known=m.known, case=case, distance=m.distance) for m in fresh],
        ignore_conflicts=True,
    )
    found(case=case, kind=Finding.Kind.KNOWN, rule=rule, about=[match.known.pk for match in fresh])
    if any(match.known.rule.slug == SEALING for match in fresh):
        seal(case=case)
    return case


def _is_known(match: Match) -> bool:
    """Return whether the pair was found before, or a person has looked at the photo and let it pass."""
    before = list(PictureMatch.objects.filter(photo=match.photo).select_related("case"))
    return any(each.known_id == match.known.pk or was_let_pass(each.case) for each in before)
