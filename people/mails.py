"""Mails about accounts. The worker writes each one when it is sent: the queue holds no address and no link that opens
an account, and outdated mails are not sent.
"""

from collections.abc import Sequence
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from core.jobs import defer
from people.tokens import ResetTokens, restore_key
from profiles.models import PreviousAddress, User
from profiles.models.address import WAY_BACK


def defer_mail(mail: str, person: User | None, site: str, language: str, *, about: int = 0) -> None:
    """Queue the mail of this name. The job holds ids only, no address and no link. Without a person it queues a no-op,
    so that the response takes the same time.
    """
    person_id = person.pk if person else 0
    defer("send_mail", mail=mail, person_id=person_id, site=site, language=language, about=about)


def send(mail: str, person_id: int, site: str, language: str, about: int) -> None:
    """Send templates/account/email/<mail>_….txt. `about` is the id of the address concerned. Raises OSError if the
    mail server fails.
    """
    person = User.objects.filter(pk=person_id, going_at__isnull=True).first()
    found = person and _MAILS[mail](person, about)
    if person and found:
        to, context = found
        context |= {"person": person, "site": site}
        post(f"account/email/{mail}", to, [person.language or language], context)


def post(template: str, to: str, languages: Sequence[str], context: dict[str, Any]) -> None:
    """Send one mail to the context's `person`, with its text in each of these languages and times in their zone. Raises
    OSError if the mail server fails.
    """
    person: User = context["person"]
    subjects, bodies = [], []
    for language in languages:
        with translation.override(language), timezone.override(person.zone):
            subjects.append(render_to_string(f"{template}_subject.txt", context).strip())
            bodies.append(render_to_string(f"{template}_message.txt", context).strip())
    send_mail(" · ".join(subjects), "\n\n——\n\n".join(bodies) + "\n", None, [to])


type Found = tuple[str, dict[str, Any]] | None


def _confirm(person: User, about: int) -> Found:
    address = EmailAddress.objects.filter(pk=about, user=person, verified=False).first()
    if address is None:
        return None
    key = EmailConfirmationHMAC.create(address).key
    return address.email, {"path": reverse("account_confirm_email", args=[key])}


def _change_asked(person: User, about: int) -> Found:
    address = EmailAddress.objects.filter(pk=about, user=person, verified=False).first()
    return (person.email, {"address": address.email}) if address else None


def _change_done(person: User, about: int) -> Found:
    previous = PreviousAddress.objects.restorable().filter(pk=about, person=person).first()
    if previous is None:
        return None
    path = reverse("restore_address", args=[restore_key(previous)])
    return previous.email, {"previous": previous, "path": path, "until": previous.replaced_at + WAY_BACK}


def _reset(person: User, about: int) -> Found:
    if not person.is_verified:
        return None
    token = {"uidb36": user_pk_to_url_str(person), "key": ResetTokens().make_token(person)}
    return person.email, {"path": reverse("account_reset_password_from_key", kwargs=token)}


def _password_changed(person: User, about: int) -> Found:
    return (person.email, {}) if person.is_verified else None


_MAILS = {
    "confirm": _confirm,
    "confirm_change": _confirm,
    "change_asked": _change_asked,
    "change_done": _change_done,
    "reset": _reset,
    "password_changed": _password_changed,
}
