"""Give one mail to the mail server, and say what became of it."""

from contextlib import suppress
from enum import Enum, auto
from smtplib import SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused

from django.core.mail import EmailMessage, mailers

from core.mail import Unanswered

PERMANENT = range(500, 600)


class Outcome(Enum):
    SENT = auto()
    UNKNOWN = auto()  # the server had the mail, and did not say whether it took it
    REFUSED = auto()  # for good
    SENDER_REFUSED = auto()  # for good, whoever it is for
    LATER = auto()  # this mail, for now
    SLOW = auto()  # the server broke off or did not answer
    AWAY = auto()  # the server takes no mail at all


def send(message: EmailMessage) -> Outcome:
    """Send the mail once. A server that does not answer is waited for as long as SMTP_TIMEOUT says."""
    connection = mailers.default
    try:
        connection.open()
    except OSError:
        return Outcome.AWAY
    try:
        connection.send_messages([message])
    except SMTPRecipientsRefused as refused:
        return _by_code(next(iter(refused.recipients.values()))[0])
    except SMTPSenderRefused as refused:
        return Outcome.SENDER_REFUSED if refused.smtp_code in PERMANENT else Outcome.LATER
    except SMTPResponseException as refused:
        return _by_code(refused.smtp_code)
    except Unanswered:
        return Outcome.UNKNOWN
    except OSError:
        return Outcome.SLOW
    except ValueError:  # no server could be given this address
        return Outcome.REFUSED
    finally:
        with suppress(OSError):
            connection.close()
    return Outcome.SENT


def _by_code(code: int) -> Outcome:
    return Outcome.REFUSED if code in PERMANENT else Outcome.LATER
