"""How mails leave: to a mail server, and in development into a folder of files that a person can read."""

import smtplib
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage as Message
from email.policy import default
from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends import filebased, smtp


class EmailBackend(filebased.EmailBackend):
    """Mail encoded as 8-bit text, so that links stay on one line and Chinese is readable."""

    def write_message(self, message: EmailMessage) -> None:
        plain = default.clone(max_line_length=998)
        assert self.stream
        self.stream.write(message.message(policy=plain).as_bytes() + b"\n\n")  # type: ignore[arg-type]


class Unanswered(smtplib.SMTPException):
    """The server got a mail and did not say whether it took it."""


class ServerBackend(smtp.EmailBackend):
    """A mail server. Raises Unanswered, an OSError, when the connection ends after a mail was handed over."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _Connection


class _Connection(smtplib.SMTP):
    takes_mail = False  # whether its last answer asked for the words of the mail

    def getreply(self) -> tuple[int, bytes]:
        code, said = super().getreply()
        self.takes_mail = code == 354
        return code, said

    def data(self, msg: Any) -> tuple[int, bytes]:
        try:
            return super().data(msg)
        except smtplib.SMTPDataError:
            raise
        except OSError as error:
            if not self.takes_mail:
                raise
            raise Unanswered(str(error)) from error


class _Whole(UnstructuredHeader):
    """A header that is written on one line: what is longer than a line would be encoded, and no mail program reads an
    address in it then.
    """

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Whole)  # type: ignore[arg-type]


class ListMail(EmailMultiAlternatives):
    """A mail with a link that ends such mails (RFC 8058)."""

    def __init__(self, *args: Any, unsubscribe: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.extra_headers |= {
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }

    def message(self, *, policy: Any = default) -> Message:
        return super().message(policy=policy.clone(header_factory=_HEADERS))
