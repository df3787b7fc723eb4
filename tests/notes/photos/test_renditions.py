"""Render photos again from their masters: `manage.py renditions`."""

import io
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from PIL import Image, ImageEnhance

import imaging
from dev.bench.photos import album
from imaging import renditions
from notes.models import Photo
from notes.photos.actions import receive_photo, renew_renditions
from profiles.models import User
from tests.builders import make_note, make_photo, upload
from tests.imaging.images import encoded, picture
from tests.imaging.photo_files import difference
from tests.notes.photos.receiving import rendering_once
from tests.servers import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo(alice: User) -> Photo:
    file = upload(content=encoded(picture(1400, 900), quality=95))
    received = receive_photo(owner=alice, file=file, facts=imaging.inspect(file))
    with rendering_once():
        run_jobs()
    received.refresh_from_db()
    return received


def shown(photo: Photo, name: str) -> Image.Image:
    with default_storage.open(photo.path(name)) as file:
        return Image.open(io.BytesIO(file.read())).convert("RGB")


def renew(**options: Any) -> str:
    said = io.StringIO()
    call_command("renditions", stdout=said, stderr=said, **options)
    return said.getvalue()


def test_a_size_that_pages_newly_show_is_made_of_every_photo(
    photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "renewed: 0" in renew()
    old = shown(photo, "1080.avif")
    monkeypatch.setattr(renditions, "WIDTHS", (320, 640, 800, 1080, 1600))
    assert "renewed: 1" in renew()
    photo.refresh_from_db()
    assert photo.roles == ["320", "640", "800", "1080", "1600", "cover320", "cover480", "cover960"]
    assert shown(photo, "800.jpg").size == shown(photo, "800.avif").size == (800, 514)
    assert difference(shown(photo, "1080.avif"), old) < 2
    assert not default_storage.exists(photo.original)
    assert "renewed: 0" in renew()


def test_all_are_made_again_when_asked(photo: Photo) -> None:
    default_storage.delete(photo.path("320.jpg"))
    assert "renewed: 0" in renew()
    assert "renewed: 1" in renew(all=True)
    assert shown(photo, "320.jpg").size == (320, 206)


def test_a_photo_of_before_gets_its_fingerprint(photo: Photo) -> None:
    before = photo.fingerprint
    Photo.objects.update(fingerprint=None, fingerprint_version=0)
    renew()
    photo.refresh_from_db()
    assert bits_apart(photo.fingerprint, before) <= 12, "A drawn ramp has few waves; the rest is rounding."


def test_a_photo_without_a_master_is_named_and_does_not_stop_the_others(alice: User, photo: Photo) -> None:
    lost = make_photo(alice, note=make_note(alice))
    said = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("renditions", all=True, stdout=said, stderr=said)
    assert f"Photo {lost.pk}:" in said.getvalue()
    assert "renewed: 1, without a readable master: 1" in said.getvalue()


def test_a_photo_deleted_meanwhile_leaves_no_files(photo: Photo) -> None:
    renew_renditions(photo)
    Photo.objects.all().delete()
    renew_renditions(photo)
    assert not default_storage.exists(f"photos/{photo.folder}")


def test_photos_that_look_alike_have_fingerprints_alike() -> None:
    def fingerprint(image: Image.Image, quality: int) -> int:
        return imaging.render(io.BytesIO(encoded(image, quality=quality))).fingerprint

    one, other = (Image.open(io.BytesIO(content)).reduce(2) for content in list(album.samples().values())[:2])
    first = fingerprint(one, 95)
    assert bits_apart(first, fingerprint(one.reduce(2), 30)) <= 4
    assert bits_apart(first, fingerprint(ImageEnhance.Brightness(one).enhance(1.2), 90)) <= 12
    assert bits_apart(first, fingerprint(other, 95)) > 16


def bits_apart(one: int, other: int) -> int:
    return ((one ^ other) & 2**64 - 1).bit_count()
