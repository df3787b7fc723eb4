"""Wait for the worst moment, and check what is left after it."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection


def files(root: Path) -> set[str]:
    return {path.name for path in root.rglob("*") if path.is_file()}


def until(condition: Callable[[], Any], seconds: float = 90) -> Any:
    """What the condition gives, as soon as it is true."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.002)
    return found


def waiting_for_locks() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])
