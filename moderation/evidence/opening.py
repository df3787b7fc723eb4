"""Open kept copies, which the audit log records each time."""

from typing import Any

from django.http import Http404

from core.audit import Action
from moderation.audit.actions import log
from moderation.cases.access import open_to
from moderation.cases.closed import is_closed_to, sealed_photos
from moderation.models import Case, Evidence, Seal
from moderation.sealing.roles import may_open_sealed
from profiles.models import User

CLOSED = {"alt": "", "folder": "", "is_lost": True}  # how a picture is shown that others may open


def case_for(moderator: User, number: int) -> Case:
    """Return the case of this number if the moderator may open it. Raises Http404."""
    found = open_to(Case.objects.filter(pk=number), moderator).first()
    if found is None:
        raise Http404
    return found


def open_evidence(*, case: Case, by: User) -> list[Evidence]:
    """Return the versions that are kept of a case, newest first, and log that the moderator opened them.

    The case is one that `case_for` or `open_to` returned. One whose seal is in force is logged as such.
    """
    found = versions_for(by, case)
    if found:
        log(by, _action(case), case)
    return found


def versions_for(moderator: User, case: Case) -> list[Evidence]:
    """Return the versions that are kept of a case, newest first, without what is sealed in other cases."""
    if is_closed_to(case, moderator):
        return []
    found = list(Evidence.objects.filter(case=case).order_by("-pk"))
    closed = set() if may_open_sealed(moderator) else sealed_photos(case)
    for version in found:
        version.pictures = [CLOSED if _is_of(picture, closed) else picture for picture in version.pictures]
    return found


def picture_for(moderator: User, evidence: Evidence, number: int) -> dict[str, Any]:
    """Return a kept picture that the moderator may open. Raises Http404."""
    case = case_for(moderator, evidence.case_id)
    version = next((each for each in versions_for(moderator, case) if each.pk == evidence.pk), None)
    if version is None or number >= len(version.pictures) or "blurred" not in version.pictures[number]:
        raise Http404
    picture: dict[str, Any] = version.pictures[number]
    return picture


def _is_of(picture: dict[str, Any], photos: set[int]) -> bool:
    """Return whether a kept picture is one of these photos; of one that was copied without its number, that is not
    known.
    """
    return bool(photos) and picture.get("photo", 0) in {0, *photos}


def open_picture(*, evidence: Evidence, number: int, by: User) -> str:
    """Return the storage path of a copied picture, and log that the moderator opened it. Raises Http404."""
    picture_for(by, evidence, number)
    case = case_for(by, evidence.case_id)
    log(by, _action(case), case, words=f"{evidence.pk}/{number + 1}")
    return evidence.path(number)


def _action(case: Case) -> Action:
    is_sealed = Seal.objects.in_force().filter(case=case).exists()
    return Action.SEALED if is_sealed else Action.EVIDENCE
