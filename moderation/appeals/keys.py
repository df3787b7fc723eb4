"""The link in the mail of a decision, by which its subject appeals without signing in. It shows that decision and takes
that appeal, and nothing else.
"""

from django.core import signing

from moderation.decisions.queries import APPEAL_WITHIN, about
from moderation.models import Decision
from profiles.models import User

_SALT = "moderation.appeal"


def key_of(decision: Decision) -> str:
    return signing.dumps([decision.pk, decision.subject_id], salt=_SALT)


def decision_of(key: str) -> Decision | None:
    """Return the decision of a link, None for one that is wrong, has expired, or whose subject is gone."""
    try:
        pk, person_id = signing.loads(key, salt=_SALT, max_age=APPEAL_WITHIN)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = User.objects.filter(pk=person_id, going_at__isnull=True).first()
    return about(person).filter(pk=pk).first() if person else None
