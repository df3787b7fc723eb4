"""Compute the fingerprints of photos anew that an older version computed."""

import imaging
from core.jobs import defer
from notes.models import Photo
from notes.photos import pipeline

STEP = 200
SMALL = "320.jpg"  # hashes as its master does


def renew_fingerprints(*, after: int) -> None:
    """Compute the next batch, and defer the rest. Idempotent.

    A photo whose file is gone or damaged gets none. Raises StorageAway: the job is tried again.
    """
    old = Photo.objects.filter(state=Photo.State.READY, fingerprint_version__lt=imaging.VERSION)
    chosen = list(old.filter(pk__gt=after).order_by("pk")[:STEP])
    for photo in chosen:
        # Its crop may have been changed meanwhile, which computes the same version.
        same = Photo.objects.filter(pk=photo.pk, fingerprint_version__lt=imaging.VERSION)
        same.update(fingerprint=_of(photo), fingerprint_version=imaging.VERSION)
    if len(chosen) == STEP:
        defer("renew_fingerprints", after=chosen[-1].pk)


def _of(photo: Photo) -> int | None:
    try:
        return imaging.fingerprint_of(pipeline.read(photo.path(SMALL)))
    except (FileNotFoundError, imaging.Refused):
        return None
