import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dev import embedded
from dev.embedded import Refused, Server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("embedded") / "postgres"


@pytest.fixture
def server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server of its own, started where LANG says that there are no letters but English ones."""
    for name in ("LANG", "LC_ALL", "LC_CTYPE"):
        monkeypatch.setenv(name, "C")
    server = Server(folder, {"fsync": "off"})
    server.start()
    yield server
    server.stop()


def ask(url: str, *statements: str) -> object:
    """The first value that the last statement gives."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return row and row[0]


def postmaster(server: Server) -> int:
    return int((server.folder / "postmaster.pid").read_text().split()[0])


def test_every_database_knows_chinese_and_accents(server: Server) -> None:
    ask(server.url, "DROP DATABASE IF EXISTS test_another", "CREATE DATABASE test_another")
    for url in (server.url, server.url.replace("/redbook?", "/test_another?")):
        assert ask(url, "SELECT lower('É')") == "é"
        assert ask(url, "CREATE EXTENSION IF NOT EXISTS pg_trgm", "SELECT show_trgm('清华') <> '{}'") is True
        assert ask(url, "CREATE EXTENSION IF NOT EXISTS unaccent", "SELECT unaccent('é')") == "e"


def test_it_stops_with_its_last_user(server: Server) -> None:
    another = Server(server.folder)
    another.start()
    another.stop()
    assert ask(server.url, "SELECT 1") == 1
    server.stop()
    assert not server.is_running()
    with pytest.raises(psycopg.OperationalError):
        ask(server.url, "SELECT 1")


def test_a_killed_server_starts_again_with_what_it_held(server: Server) -> None:
    ask(server.url, "DROP TABLE IF EXISTS kept", "CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(postmaster(server), signal.SIGKILL)
    server.start()
    assert ask(server.url, "SELECT answer FROM kept") == 42


def test_a_number_that_another_process_has_by_now_is_no_server(server: Server) -> None:
    lock = server.folder / "postmaster.pid"
    stale = lock.read_text().split("\n", 1)[1]
    server.stop()
    lock.write_text(f"{os.getpid()}\n{stale}")
    assert not server.is_running()
    server.start()
    assert ask(server.url, "SELECT 1") == 1


def test_the_data_of_another_major_is_refused_with_the_way_out(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("17\n")
    server = Server(folder)
    with pytest.raises(Refused) as refused:
        server.start()
    server.stop()
    message = str(refused.value)
    assert (
        f"{folder} was made by PostgreSQL 17, and the installed one is PostgreSQL {embedded.MAJOR}" in message
    )
    assert "pg_dump" in message
    assert f"rm -r {folder}" in message


def test_only_its_user_can_reach_it(server: Server) -> None:
    assert server.folder.stat().st_mode & 0o077 == 0
