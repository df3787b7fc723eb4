"""Make appeals and decide them."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.appeals.queries import may_decide
from moderation.audit.actions import Action, log
from moderation.decisions import telling
from moderation.decisions.actions import undo
from moderation.decisions.queries import APPEAL_WITHIN
from moderation.decisions.rows import lock
from moderation.models import Appeal, Decision
from profiles.models import User


class AppealRefused(Exception):
    """The appeal cannot be made or decided; the message says why, to the person who tries."""


@transaction.atomic
def make_appeal(*, decision: Decision, text: str, by: User | None = None) -> Appeal:
    """Appeal against a decision, once. The same words again return the first appeal. `by` is needed where the decision
    has no subject: about a name, one of those who use it appeals for all. Raises AppealRefused.
    """
    lock(decision.case, decision.step)
    now = Decision.objects.get(pk=decision.pk)
    author = by if now.subject_id is None else None
    if made := Appeal.objects.filter(decision=now).first():
        if author and made.author_id != author.pk:
            raise AppealRefused(_("Someone else who uses it has appealed already. The answer holds for all."))
        if made.text == text:
            return made
        raise AppealRefused(_("You have appealed already. A decision is looked at again once."))
    if now.undone_at:
        raise AppealRefused(_("The decision has been taken back: there is nothing to appeal against."))
    if now.is_hold and now.ended_at:
        raise AppealRefused(_("A moderator has looked at the note: the review is over."))
    if timezone.now() >= now.created_at + APPEAL_WITHIN:
        raise AppealRefused(_("The six months in which you could appeal are over."))
    return Appeal.objects.create(decision=now, text=text, author=author)


@transaction.atomic
def decide_appeal(*, appeal: Appeal, by: User, granted: bool, answer: str) -> bool:
    """Grant the appeal, which undoes the decision, or refuse it, and tell the person. Return False, and change nothing,
    where it was decided already. Raises AppealRefused unless this moderator may decide it.
    """
    decision = appeal.decision
    lock(decision.case, decision.step)
    if not may_decide(appeal, by):
        raise AppealRefused(_("Another moderator decides this appeal."))
    if not granted and Decision.objects.in_force().holds().filter(pk=decision.pk).exists():
        raise AppealRefused(
            _("The note is held for review: decide about its case, which answers the appeal.")
        )
    waiting = Appeal.objects.open().filter(pk=appeal.pk)
    if not waiting.update(decided_at=timezone.now(), decided_by=by, granted=granted, answer=answer):
        return False
    appeal.refresh_from_db()
    appeal.decision = decision
    words = "granted" if granted else "refused"
    log(by, Action.APPEAL, case=decision.case, decision=decision, words=words)
    if granted:
        undo(decision=decision, by=by, reason=answer, reopens=False)
    telling.tell_of_appeal(appeal=appeal)
    return True
