"""Photos that look alike are found by index; fingerprints of older versions are computed anew."""

import pytest
from django.db import connection

import imaging
from core.db.alike import NEAR, apart, distance, is_near
from notes.models import Photo
from notes.photos.fingerprints import renew_fingerprints
from profiles.models import User
from tests.builders import make_photo

pytestmark = pytest.mark.django_db
KNOWN = -0x0123456789ABCDEF


def flipped(number: int, *bits: int) -> int:
    for bit in bits:
        number ^= 1 << bit if bit < 63 else -(1 << 63)
    return number


def near(number: int) -> set[int]:
    rows = Photo.objects.filter(is_near("fingerprint", [number])).annotate(
        far=distance("fingerprint", number)
    )
    return set(rows.filter(far__lte=NEAR).values_list("fingerprint", flat=True))


def test_what_differs_in_six_bits_is_found_and_in_seven_is_not(alice: User) -> None:
    spread = [0, 9, 17, 26, 40, 63]
    values = {
        KNOWN: True,
        flipped(KNOWN, 63): True,
        flipped(KNOWN, *spread): True,
        flipped(KNOWN, *range(6)): True,
        flipped(KNOWN, 58, 59, 60, 61, 62, 63): True,
        flipped(KNOWN, *spread, 50): False,
        flipped(KNOWN, *range(7)): False,
        ~KNOWN: False,
    }
    for value in values:
        make_photo(alice)
        Photo.objects.filter(pk=Photo.objects.latest("pk").pk).update(fingerprint=value)
    assert near(KNOWN) == {value for value, is_found in values.items() if is_found}
    assert all((apart(KNOWN, value) <= NEAR) == is_found for value, is_found in values.items())


def test_the_indexes_are_used() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Photo.objects.filter(is_near("fingerprint", [KNOWN])).explain()
    assert all(f"photo_looks_{number}" in plan for number in range(4)), plan


def test_photos_of_an_older_version_are_computed_anew(alice: User) -> None:
    photo = make_photo(alice)
    Photo.objects.update(fingerprint=5, fingerprint_version=1)
    renew_fingerprints(after=photo.pk)
    assert Photo.objects.get().fingerprint_version == 1
    renew_fingerprints(after=0)
    now = Photo.objects.get()
    assert (now.fingerprint != 5, now.fingerprint_version) == (True, imaging.VERSION)
