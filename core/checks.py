"""System checks beyond settings: the database's locale has to know letters beyond ASCII."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

CREATE_DATABASE = (
    "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C.UTF-8';"
)


@register(Tags.database)
def check_locale(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Check the database's locale: search and unique handles need lower-cased accents and Chinese trigrams."""
    return [
        Error(
            f"The database {connection.settings_dict['NAME']} was made with a locale that does not know "
            "Chinese or accented letters.",
            hint=f"Make it anew:  {CREATE_DATABASE.format(name=connection.settings_dict['NAME'])}",
            id="redbook.E001",
        )
        for connection in map(connections.__getitem__, databases or [])
        if not knows_letters(connection)
    ]


def knows_letters(connection: BaseDatabaseWrapper) -> bool:
    def answer(sql: str) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return (cursor.fetchone() or [None])[0]

    if answer("SHOW server_encoding") != "UTF8":
        return False
    if not answer("SELECT lower('É') = 'é' AND '清' ~ '^[[:alpha:]]$'"):
        return False
    # pg_trgm asks the system's LC_CTYPE, whatever the locale provider is.
    if answer("SELECT datctype IN ('C', 'POSIX') FROM pg_database WHERE datname = current_database()"):
        return False
    if answer("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'"):
        return bool(answer("SELECT show_trgm('清华') <> '{}'"))
    return True
