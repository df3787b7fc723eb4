"""Photos that tests can tell apart: notes whose photos have files of their own."""

import io
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

import imaging
from moderation.models import KnownPicture
from notes.models import Note, Photo
from profiles.models import User
from tests.builders import make_note, make_photo
from tests.imaging.test_fingerprint import saved, scene
from tests.moderation.builders import make_rule


def shot(owner: User, picture: Image.Image, note: Note | None = None, **fields: Any) -> Photo:
    """A ready photo that shows this."""
    photo = make_photo(owner, note=note, **fields)
    file = saved(picture)
    default_storage.delete(photo.path("1080.jpg"))
    default_storage.save(photo.path("1080.jpg"), ContentFile(file.getvalue()))
    number = imaging.fingerprint_of(io.BytesIO(file.getvalue()))
    Photo.objects.filter(pk=photo.pk).update(fingerprint=number, fingerprint_version=imaging.VERSION)
    photo.refresh_from_db()
    return photo


def note_with(author: User, number: int | Image.Image, title: str = "Soup", **fields: Any) -> Note:
    """A published note with a photo of the scene of this number, or this picture."""
    note = make_note(author, title, **fields)
    shot(author, scene(number) if isinstance(number, int) else number, note)
    return note


def known(photo: Photo, rule: str = "sexual", **fields: Any) -> KnownPicture:
    return KnownPicture.objects.create(fingerprint=photo.fingerprint, rule=make_rule(rule), **fields)
