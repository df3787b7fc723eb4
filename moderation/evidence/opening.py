"""Open kept copies, which the audit log records each time."""

from django.http import Http404

from core.audit import Action
from moderation.audit.actions import log
from moderation.cases.access import open_to
from moderation.models import Case, Evidence, Seal
from profiles.models import User


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
    found = list(Evidence.objects.filter(case=case).order_by("-pk"))
    if found:
        log(by, _action(case), case)
    return found


def open_picture(*, evidence: Evidence, number: int, by: User) -> str:
    """Return the storage path of a copied picture, and log that the moderator opened it. Raises Http404."""
    case = case_for(by, evidence.case_id)
    if number >= len(evidence.pictures) or "blurred" not in evidence.pictures[number]:
        raise Http404
    log(by, _action(case), case, words=f"{evidence.pk}/{number + 1}")
    return evidence.path(number)


def _action(case: Case) -> Action:
    is_sealed = Seal.objects.in_force().filter(case=case).exists()
    return Action.SEALED if is_sealed else Action.EVIDENCE
