"""Keep the list of known pictures: add one that was hidden here, import many, retire one."""

from django.db import transaction
from django.utils import timezone

import imaging
from core.jobs import defer
from moderation.audit.actions import Action, log
from moderation.models import Case, KnownPicture, PictureMatch, Rule
from notes.models import Photo
from notes.photos import pipeline
from profiles.models import User

RENDITIONS = ("1080.jpg", "640.jpg", "320.jpg")


class NotAdded(Exception):
    """The photo cannot be recognised again: it is of one tone, or its files are gone."""


def add_photo(*, photo: Photo, rule: Rule, by: User, case: Case, why: str = "") -> KnownPicture:
    """Add a photo that was hidden, as it is and with edges cut off, and look for others like it. Idempotent: known
    already, it is in force again. Raises NotAdded.
    """
    prints = _prints_of(photo)
    with transaction.atomic():
        said = {"rule": rule, "why": why, "source": f"photo {photo.pk}", "added_by": by}
        whole, is_new = KnownPicture.objects.get_or_create(fingerprint=prints[0], defaults=said)
        whole = whole.cut_of or whole
        if is_new:
            cuts = [KnownPicture(fingerprint=cut, cut_of=whole, **said) for cut in prints[1:]]
            KnownPicture.objects.bulk_create(cuts, ignore_conflicts=True)
            log(by, Action.ADDED, case=case, row=whole)
        elif whole.retired_at:
            set_retired(known=whole, by=by, is_retired=False)
        # Its own note, shown again after an appeal, is not held for what came from it.
        own = PictureMatch(photo=photo, known=whole, case=case, distance=0)
        PictureMatch.objects.bulk_create([own], ignore_conflicts=True)
        _look_for(whole)
    return whole


def _prints_of(photo: Photo) -> list[int]:
    for name in RENDITIONS:
        try:
            prints = imaging.cut_fingerprints(pipeline.read(photo.path(name)))
        except FileNotFoundError:
            continue
        if prints:
            return prints
        break
    raise NotAdded


@transaction.atomic
def set_retired(*, known: KnownPicture, by: User, is_retired: bool) -> bool:
    """Compare no photo with the picture any more, or do so again. Notes that are held stay so until a person decides.
    Return whether it changed anything.
    """
    rows = KnownPicture.objects.filter(pk=known.pk, retired_at__isnull=is_retired)
    if not rows.update(retired_at=timezone.now() if is_retired else None):
        return False
    known.refresh_from_db()
    KnownPicture.objects.filter(cut_of=known).update(retired_at=known.retired_at)
    log(by, Action.CHANGED, row=known, words="retired" if is_retired else "in force")
    if not is_retired:
        _look_for(known)
    return True


def _look_for(known: KnownPicture) -> None:
    for pk in [
        known.pk,
        *KnownPicture.objects.filter(cut_of=known).order_by("pk").values_list("pk", flat=True),
    ]:
        defer("look_for_known", after=pk - 1, until=pk)
