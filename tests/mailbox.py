"""Mails as the worker sends them, and their links."""

import re

from django.core import mail
from django.core.mail import EmailMessage

from tests.servers import run_jobs


def arrived() -> list[EmailMessage]:
    """Mails that were sent since the last time."""
    run_jobs()
    fresh = list(mail.outbox)
    mail.outbox.clear()
    return fresh


def link_in(body: str) -> str:
    """The path of the link in a mail; "" where it has none that does something."""
    found = re.search(
        r"http://testserver(/accounts/(?:confirm-email|email/restore|password/reset/key)/\S+)", body
    )
    return found[1] if found else ""
