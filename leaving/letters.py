"""Mails about archives and deletion, each in the language of its recipient."""

from django.conf import settings

from people.mails import post
from profiles.models import User


def send_letter(letter: str, person_id: int, site: str, language: str) -> None:
    """Send templates/leaving/email/<letter>_….txt, unless the person is gone or never confirmed the address, or the
    letter no longer applies.
    """
    person = User.objects.filter(pk=person_id).first()
    if person is None or not person.is_verified or (letter == "leaving" and person.leaving_at is None):
        return
    post(
        f"leaving/email/{letter}",
        person.email,
        [person.language or language],
        {"person": person, "site": site},
    )


def languages_of(person: User) -> list[str]:
    """Return the person's language; all languages of the site if they never chose."""
    return [person.language] if person.language else [code for code, _name in settings.LANGUAGES]
