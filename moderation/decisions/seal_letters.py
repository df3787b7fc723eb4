"""Mails that something is sealed, without a word of what: to those of the two roles who may open it; if there is nobody
who holds one, to superusers, who can give them.
"""

from django.conf import settings

from core.jobs import defer
from moderation.cases.access import concerning
from moderation.models import Case
from moderation.sealing.roles import NAMES
from people.mails import post
from profiles.models import User

WAITS, UNATTENDED = "sealed", "sealed_unattended"


def tell_roles(*, case: Case) -> None:
    """Have a job for each write to those who may open the case."""
    staff = User.objects.filter(is_staff=True, is_active=True)
    able = _unconcerned(case, staff.filter(groups__name__in=NAMES).distinct())
    letter = WAITS if able else UNATTENDED
    for person in able or _unconcerned(case, staff.filter(is_superuser=True)):
        defer("send_seal", person_id=person, letter=letter)


def send_seal(person_id: int, letter: str) -> None:
    """Send templates/moderation/email/<letter>_….txt. Raises OSError if the mail server fails."""
    person = User.objects.filter(pk=person_id, is_staff=True, is_active=True).first()
    if person is None or not person.is_verified:
        return
    languages = [person.language] if person.language else [code for code, _name in settings.LANGUAGES]
    post(
        f"moderation/email/{letter}",
        person.email,
        languages,
        {"person": person, "site": settings.SITE_ADDRESS},
    )


def _unconcerned(case: Case, people: object) -> list[int]:
    """Return the ids of those whom the case does not concern."""
    found: list[User] = list(people)  # type: ignore[call-overload]
    return [each.pk for each in found if not Case.objects.filter(concerning(each.pk), pk=case.pk).exists()]
