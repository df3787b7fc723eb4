"""DATABASE_URL to Django's database settings. PostgreSQL 15 or later is the only database."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

FORM = "It looks like postgresql://user:password@host:5432/name"


def from_url(url: str, pool_size: int) -> dict[str, Any]:
    """Django's settings for postgresql://user:password@host:port/name?option=value.

    A socket directory goes into the query: ?host=/run/postgresql. A pool_size of 0 means no pool.
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
