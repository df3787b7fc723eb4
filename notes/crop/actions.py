"""Crop and turn a photo after its upload.

Nothing is lost: renditions are rendered again from the master into a new folder, and the photo switches to that folder,
under a new public name, once all of them are stored. Until then it is shown as it was.
"""

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

import imaging
from core.ids import random_name
from core.jobs import defer
from notes.models import Framing, Note, Photo
from notes.photos import pipeline
from notes.photos.actions import MASTER, store
from notes.photos.files import delete_files


def master_size(photo: Photo) -> tuple[int, int]:
    """Return width and height of the master. Raises FileNotFoundError, or Refused if the file is damaged."""
    facts = imaging.inspect(pipeline.read(photo.path(MASTER)))
    return facts.width, facts.height


def latest_crop(photo: Photo, size: tuple[int, int]) -> imaging.CropArea:
    """Return the latest crop, rendered or still pending. A photo that was never cropped returns its full area."""
    last = photo.framings.order_by("is_shown").first()
    return last.area if last else imaging.full_area(size)


@transaction.atomic
def crop_photo(*, photo: Photo, size: tuple[int, int], area: imaging.CropArea) -> None:
    """Crop a photo to this rectangle of its master, whose dimensions are `size`; a job renders it. Idempotent.

    A pending crop is replaced by a later one. Raises Photo.DoesNotExist.
    """
    photo = Photo.objects.select_for_update().get(pk=photo.pk)
    if area == latest_crop(photo, size):
        return
    Framing.objects.filter(photo=photo, is_shown=False).delete()
    shown = Framing.objects.filter(photo=photo).first()
    if area == (shown.area if shown else imaging.full_area(size)):
        return
    across, down = imaging.room(size, area.turn)
    framing = Framing.objects.create(photo=photo, room_width=across, room_height=down, **asdict(area))
    defer("frame_photo", framing_id=framing.pk)


def render_crop(framing_id: int) -> None:
    """Render a pending crop and switch its photo to the new renditions. Idempotent, and safe to run concurrently.

    Each run has a folder of its own; one run's folder becomes the photo's, the others are deleted. If the master is
    missing or damaged, the crop is dropped and the photo stays as it is.
    """
    framing = Framing.objects.select_related("photo").filter(pk=framing_id, is_shown=False).first()
    if framing is None:
        return
    try:
        cropped = pipeline.render(imaging.render_crop, framing.photo.path(MASTER), framing.area)
    except imaging.Refused:
        Framing.objects.filter(pk=framing_id, is_shown=False).delete()
        return
    place = Photo()
    is_shown = False
    try:
        pipeline.store(place.storage_folder, [cropped.whole])
        is_shown = _show(framing, place.folder, store(place, cropped.rendered))
    finally:
        if not is_shown:
            delete_files([place.folder])


@transaction.atomic
def _show(framing: Framing, folder: str, facts: dict[str, Any]) -> bool:
    """Switch the photo to the folder under a new name, and mark its note as edited. Return False if the crop is no
    longer wanted.
    """
    photo = Photo.objects.select_for_update().filter(pk=framing.photo_id).first()
    wanted = Framing.objects.filter(pk=framing.pk, is_shown=False)
    if photo is None or not wanted.exists():
        return False
    Framing.objects.filter(photo=photo, is_shown=True).delete()
    wanted.update(is_shown=True)
    Photo.objects.filter(pk=photo.pk).update(folder=folder, token=random_name(), **facts)
    Note.objects.filter(photos=photo, published_at__isnull=False).update(edited_at=timezone.now())
    defer("delete_files", folders=[photo.folder])
    if photo.note_id:
        defer("look_over_note", note_id=photo.note_id)
    return True
