"""Rolling releases: which migrations the database lacks, and how to apply them while the old version serves."""

import time
from collections.abc import Callable
from functools import cache

from django.apps import apps
from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.recorder import MigrationRecorder
from psycopg.errors import DeadlockDetected, LockNotAvailable

type Key = tuple[str, str]  # app and name

# Others queue behind a migration that waits for a table. It gives up before PostgreSQL looks for a deadlock, after a
# second, so that in one it is the migration that loses and not a person's request.
LOCK_SECONDS = 0.5
TRIES, PAUSE_SECONDS = 120, 1.0


class Busy(Exception):
    """A table stayed locked through all attempts."""


def missing() -> list[str]:
    """Return the migrations of this code that the database lacks. Unknown migrations in the database are ignored: the
    old version keeps serving while the new one is being released.
    """
    applied = set(MigrationRecorder(connection).applied_migrations())
    return sorted(
        ".".join(key)
        for key, migration in migrations().items()
        if key not in applied and not (migration.replaces and applied.issuperset(migration.replaces))
    )


def own_apps() -> set[str]:
    """Return the labels of this project's apps."""
    folders = {path.name for path in settings.BASE_DIR.iterdir() if path.is_dir()}
    return {app.label for app in apps.get_app_configs() if app.name.partition(".")[0] in folders}


@cache
def migrations() -> dict[Key, Migration]:
    """Return all migrations of this code."""
    return dict(MigrationLoader(None).disk_migrations)


def patiently(migrate: Callable[[], object], seconds: float = LOCK_SECONDS, tries: int = TRIES) -> None:
    """Apply the missing migrations without blocking the site.

    A migration that would wait longer than this for a table lock gives up, so that requests do not queue behind it,
    and is tried again a moment later. Each one is a transaction of its own; applied ones stay applied. Raises Busy.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{seconds * 1000:.0f}ms"])
        cursor.execute("SET statement_timeout = 0")  # of the work itself, however long it takes
    try:
        for _ in range(tries):
            try:
                migrate()
                return
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
                    raise
                reason = error
            time.sleep(PAUSE_SECONDS)
        raise Busy(str(reason).strip())
    finally:
        connection.close()  # with its settings
