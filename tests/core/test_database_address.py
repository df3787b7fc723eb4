import pytest
from django.core.exceptions import ImproperlyConfigured

from core.db.address import from_url


def test_every_part_of_the_address_arrives() -> None:
    settings = from_url(
        "postgresql://red:p%40ss%2Fword@db.example:5433/red%20book?sslmode=require", pool_size=0
    )
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert [settings[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "red",
        "p@ss/word",
        "db.example",
        "5433",
        "red book",
    ]
    assert settings["OPTIONS"] == {"sslmode": "require"}


def test_a_socket_folder_stands_in_the_query() -> None:
    settings = from_url("postgres://red@/redbook?host=/run/postgresql&port=5433", pool_size=0)
    assert (settings["HOST"], settings["PORT"], settings["OPTIONS"]) == ("/run/postgresql", "5433", {})


def test_a_pool_has_its_size() -> None:
    assert from_url("postgresql://db/redbook", pool_size=8)["OPTIONS"]["pool"]["max_size"] == 8


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sqlite:///redbook.sqlite3",
        "mysql://db/redbook",
        "postgresql://db",
        "postgresql://db:port/redbook",
    ],
)
def test_nothing_but_a_postgresql_database_is_taken(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="postgresql://user:password@host:5432/name"):
        from_url(url, pool_size=0)
