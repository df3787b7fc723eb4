"""The mails about an archive and about leaving, each in the language of who gets it."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation

from profiles.models import User


def send_letter(letter: str, person_id: int, site: str, language: str) -> None:
    """Sends templates/leaving/email/<letter>_….txt, unless the person is gone or what it tells is no longer so."""
    person = User.objects.filter(pk=person_id).first()
    if person is None or (letter == "leaving" and person.leaving_at is None):
        return
    post(letter, person, [person.language or language], site=site)


def languages_of(person: User) -> list[str]:
    """Theirs; every one that we speak, where they never chose."""
    return [person.language] if person.language else [code for code, _name in settings.LANGUAGES]


def post(letter: str, person: User, languages: list[str], site: str = "") -> None:
    """Raises OSError when no mail server takes it."""
    subjects, bodies = [], []
    for language in languages:
        with translation.override(language):
            context = {"person": person, "site": site}
            subjects.append(render_to_string(f"leaving/email/{letter}_subject.txt", context).strip())
            bodies.append(render_to_string(f"leaving/email/{letter}_message.txt", context).strip())
    send_mail(" · ".join(subjects), "\n\n——\n\n".join(bodies) + "\n", None, [person.email])
