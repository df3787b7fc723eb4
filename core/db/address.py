"""DATABASE_URL to Django's database settings. PostgreSQL 15 or later is the only database."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg.errors import DeadlockDetected, LockNotAvailable, QueryCanceled

FORM = "It looks like postgresql://user:password@host:5432/name"


def from_url(
    url: str, pool_size: int, *, statement_seconds: int = 0, lock_seconds: int = 0
) -> dict[str, Any]:
    """Return Django's settings for postgresql://user:password@host:port/name?option=value.

    A socket directory goes into the query: ?host=/run/postgresql. A pool_size of 0 means no pool. The server ends a
    statement after `statement_seconds`, and one that waits for a lock after `lock_seconds`; 0 means never.
    Raises ImproperlyConfigured for a missing URL and for any other database.
    """
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}. {FORM}") from None
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(f"Set DATABASE_URL to a PostgreSQL database. {FORM}")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    timeouts = {"statement_timeout": statement_seconds, "lock_timeout": lock_seconds}
    said = [options.pop("options", ""), *(f"-c {name}={value}s" for name, value in timeouts.items() if value)]
    if any(said):
        options["options"] = " ".join(filter(None, said))
    if pool_size:
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 4}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port or options.pop("port", ""),
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": True,
    }


def is_given_up(error: BaseException | None) -> bool:
    """Return whether PostgreSQL ended a statement that took or waited too long, or deadlocked: the database works."""
    return error is not None and isinstance(
        error.__cause__, (QueryCanceled, LockNotAvailable, DeadlockDetected)
    )
