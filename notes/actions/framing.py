"""Turning and cropping a photo after it was made.

Nothing is lost: renditions are made anew from the master, in a folder of their own, and the photo changes over to it
with a new public name once all of them are there. Until then it is seen as it was.
"""

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from notes import photos, tasks
from notes.actions.files import delete_files
from notes.actions.photos import master_of, put, store
from notes.models import Framing, Note, Photo
from redbook import confined
from redbook.ids import random_name


def master_size(photo: Photo) -> tuple[int, int]:
    """Width and height of the master. Raises FileNotFoundError, or Refused where the file is none any more."""
    facts = photos.inspect(master_of(photo))
    return facts.width, facts.height


def wanted_frame(photo: Photo, size: tuple[int, int]) -> photos.Frame:
    """The frame that was chosen last, whether it is shown already or not; all of a photo that was never touched."""
    last = photo.framings.order_by("is_shown").first()
    return last.frame if last else photos.everything(size)


@transaction.atomic
def frame_photo(*, photo: Photo, size: tuple[int, int], frame: photos.Frame) -> None:
    """Has a photo shown in this frame, which lies in its master of this size, as soon as a job has made it.

    A later wish takes the place of one that still waits; the same again changes nothing. Raises Photo.DoesNotExist.
    """
    photo = Photo.objects.select_for_update().get(pk=photo.pk)
    if frame == wanted_frame(photo, size):
        return
    Framing.objects.filter(photo=photo, is_shown=False).delete()
    shown = Framing.objects.filter(photo=photo).first()
    if frame == (shown.frame if shown else photos.everything(size)):
        return
    across, down = photos.room(size, frame.turn)
    framing = Framing.objects.create(photo=photo, room_width=across, room_height=down, **asdict(frame))
    tasks.defer_framing(framing.pk)


def make_framing(framing_id: int) -> None:
    """Makes the renditions of a wanted framing, and has its photo show them.

    Safe to run twice, at the same time too: each run has a folder of its own, one becomes the photo's, the others are
    deleted. A wish that its master cannot fulfil is dropped, and the photo stays as it is.
    """
    framing = Framing.objects.select_related("photo").filter(pk=framing_id, is_shown=False).first()
    if framing is None:
        return
    try:
        framed = confined.run(photos.render_frame, master_of(framing.photo), framing.frame)
    except (photos.Refused, confined.Killed, FileNotFoundError):
        Framing.objects.filter(pk=framing_id, is_shown=False).delete()
        return
    place = Photo()
    is_shown = False
    try:
        put(place, framed.whole)
        is_shown = _show(framing, place.folder, store(place, framed.rendered))
    finally:
        if not is_shown:
            delete_files([place.folder])


@transaction.atomic
def _show(framing: Framing, folder: str, facts: dict[str, Any]) -> bool:
    """The photo changes over to the folder, under a new name; its note was edited. False if nobody wants that now."""
    photo = Photo.objects.select_for_update().filter(pk=framing.photo_id).first()
    wanted = Framing.objects.filter(pk=framing.pk, is_shown=False)
    if photo is None or not wanted.exists():
        return False
    Framing.objects.filter(photo=photo, is_shown=True).delete()
    wanted.update(is_shown=True)
    Photo.objects.filter(pk=photo.pk).update(folder=folder, token=random_name(), **facts)
    Note.objects.filter(photos=photo, published_at__isnull=False).update(edited_at=timezone.now())
    tasks.defer_files([photo.folder])
    return True
