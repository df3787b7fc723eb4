"""Mails about decisions, to the person they are about, in their language."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from moderation.appeals.keys import key_of
from moderation.decisions.queries import Told, about, cannot_restore
from moderation.models import Decision
from people.mails import post
from profiles.models import User

LETTERS = ("decision", "undone", "ended", "appeal", "shown")


@transaction.atomic
def send_decision(decision_id: int, letter: str) -> None:
    """Send templates/moderation/email/<letter>_….txt. The letter of a decision is sent once, however often this runs.
    An address that was never confirmed gets none. Raises OSError if the mail server fails.
    """
    row = Decision.objects.select_for_update(of=["self"]).filter(pk=decision_id).first()
    person = User.objects.filter(pk=row.subject_id, going_at__isnull=True).first() if row else None
    if row is None or person is None or not person.is_verified or (letter == "decision" and row.told_at):
        return
    told = Told(about(person).get(pk=decision_id))
    if letter == "decision" and (told.decision.undone_at or (told.decision.is_hold and told.state)):
        return
    key = key_of(told.decision) if told.may_appeal else ""
    context = {"person": person, "site": settings.SITE_ADDRESS, "told": told, "decision": told.decision}
    context |= {"key": key, "lost": cannot_restore(told)}
    languages = [person.language] if person.language else [code for code, _name in settings.LANGUAGES]
    post(f"moderation/email/{letter}", person.email, languages, context)
    if letter == "decision":
        Decision.objects.filter(pk=decision_id).update(told_at=timezone.now())
