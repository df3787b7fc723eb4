import time
from typing import Any

from django.core.management.commands import migrate
from django.db import OperationalError, connections
from psycopg.errors import DeadlockDetected, LockNotAvailable

LOCK_SECONDS = 5
WAITS_SECONDS = (1, 2, 4, 8, 15, 30)


class Command(migrate.Command):
    help = (
        f"{migrate.Command.help} A migration that waits more than {LOCK_SECONDS} seconds for a lock gives way to the"
        f" requests behind it and is tried again, {len(WAITS_SECONDS)} times."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for wait in WAITS_SECONDS:
            try:
                return self._migrate(*args, **options)
            except OperationalError as error:
                if not isinstance(error.__cause__, (LockNotAvailable, DeadlockDetected)):
                    raise
                self.stderr.write(f"A lock was not free: {error.__cause__}. Trying again in {wait} s.")
            time.sleep(wait)
        return self._migrate(*args, **options)

    def _migrate(self, *args: Any, **options: Any) -> None:
        """From the first migration that is not recorded as applied; each is a whole transaction or can be run again."""
        connection = connections[options["database"]]
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout')")
            (before,) = cursor.fetchone()
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{LOCK_SECONDS}s"])
        try:
            super().handle(*args, **options)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", [before])
