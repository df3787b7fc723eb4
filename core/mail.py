"""Development's mailbox: a folder of files that a person can read."""

from email.policy import default

from django.core.mail import EmailMessage
from django.core.mail.backends import filebased


class EmailBackend(filebased.EmailBackend):
    """Mail encoded as 8-bit text, so that links stay on one line and Chinese is readable."""

    def write_message(self, message: EmailMessage) -> None:
        plain = default.clone(max_line_length=998)
        assert self.stream
        self.stream.write(message.message(policy=plain).as_bytes() + b"\n\n")  # type: ignore[arg-type]
