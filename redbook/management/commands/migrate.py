from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate

from core.db import releases


class Command(migrate.Command):
    """Django's migrate, which releases a locked table and retries, so that requests never wait long."""

    def handle(self, *args: object, **options: Any) -> None:
        try:
            releases.patiently(lambda: super(Command, self).handle(*args, **options))
        except releases.Busy as error:
            raise CommandError(
                f"A migration found its table in use each time; run this again. {error}"
            ) from None
