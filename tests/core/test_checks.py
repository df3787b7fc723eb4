import contextlib
import os
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import ConnectionHandler
from pytest_django import DjangoDbBlocker

from core import checks
from core.db import address

NAME = f"test_locale_{os.getpid()}"
URL = urlsplit(os.environ["DATABASE_URL"])
ENGLISH_ONLY = f"CREATE DATABASE {NAME} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'"
# The built-in provider knows letters, but pg_trgm asks LC_CTYPE.
NO_TRIGRAMS = (
    f"CREATE DATABASE {NAME} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
    " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
)
LATIN = f"CREATE DATABASE {NAME} TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'"


@pytest.fixture
def check_database(
    monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker
) -> Iterator[Callable[[str], list[checks.CheckMessage]]]:
    """Checks a database made by this statement."""
    handler = ConnectionHandler({"default": address.from_url(URL._replace(path=f"/{NAME}").geturl(), 0)})
    monkeypatch.setattr(checks, "connections", handler)

    def check(create: str) -> list[checks.CheckMessage]:
        with psycopg.connect(URL.geturl(), autocommit=True) as server:
            if "builtin" in create and server.info.server_version < 170000:
                pytest.skip("PostgreSQL 17 was the first with a locale provider of its own")
            server.execute(f"DROP DATABASE IF EXISTS {NAME}")
            server.execute(create)
        with django_db_blocker.unblock(), contextlib.closing(handler["default"]):
            return checks.check_locale(databases=["default"])

    yield check
    with psycopg.connect(URL.geturl(), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {NAME}")


@pytest.mark.parametrize("create", [ENGLISH_ONLY, NO_TRIGRAMS, LATIN], ids=["english", "trigrams", "latin"])
def test_a_database_without_chinese_letters_fails_with_the_line_that_makes_a_right_one(
    check_database: Callable[[str], list[checks.CheckMessage]], create: str
) -> None:
    (error,) = check_database(create)
    assert (error.id, error.is_serious()) == ("redbook.E001", True)
    line = error.hint[error.hint.index("CREATE DATABASE") :]
    assert NAME in line
    assert check_database(line) == []


@pytest.mark.django_db
def test_the_database_of_the_tests_is_right() -> None:
    assert checks.check_locale(databases=["default"]) == []


def test_nothing_is_asked_of_databases_that_nobody_named() -> None:
    assert checks.check_locale() == []
