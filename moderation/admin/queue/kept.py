"""Kept copies within the page of their case: blurred pictures, and words, each shown once they are asked for."""

from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from moderation.evidence.opening import open_evidence, versions_for
from moderation.evidence.queries import kept_until
from moderation.models import Case, Evidence
from profiles.models import User


class KeptPicture(NamedTuple):
    """`blurred` and `address` are "" while it is copied, and where it was lost; `alt` until words are asked for."""

    key: str
    number: int
    blurred: str
    address: str
    alt: str
    is_lost: bool


class Kept(NamedTuple):
    """`versions`: each with its pictures, the newest first. `is_open`: whether their words are shown, which is logged;
    `until`: when they are deleted, then.
    """

    versions: tuple[tuple[Evidence, tuple[KeptPicture, ...]], ...]
    is_open: bool
    until: datetime | None


def kept_of(case: Case, by: User, *, opens: bool) -> Kept:
    found = open_evidence(case=case, by=by) if opens else versions_for(by, case)
    versions = tuple((version, pictures_of(version, opens=opens)) for version in found)
    return Kept(versions, opens and bool(found), kept_until(case) if opens else None)


def pictures_of(version: Evidence, *, opens: bool) -> tuple[KeptPicture, ...]:
    return tuple(
        _picture(
            version,
            number,
            picture.get("alt", "") if opens else "",
            bool(picture.get("blurred")),
            "is_lost" in picture,
        )
        for number, picture in enumerate(version.pictures)
    )


def _picture(version: Evidence, number: int, alt: str, is_copied: bool, is_lost: bool) -> KeptPicture:
    named = [version.pk, number]
    blurred = reverse("admin:moderation_evidence_blurred", args=named) if is_copied else ""
    address = reverse("admin:moderation_evidence_picture", args=named) if is_copied else ""
    return KeptPicture(f"{version.pk}-{number}", number + 1, blurred, address, alt, is_lost)
