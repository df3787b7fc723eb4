"""manage.py backup and restore, without a crowd; tests/storms/test_backup.py has one."""

import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from core import storage
from core.storage import backup
from tests.servers import database_url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "site"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The programs of PostgreSQL that were run; each does nothing but leave its file."""
    found: list[str] = []

    def run(program: str, *arguments: str) -> None:
        found.append(program)
        for each in arguments:
            if each.startswith("--file="):
                Path(each.removeprefix("--file=")).write_text("dump")

    monkeypatch.setattr(backup, "_run", run)
    return found


def put(name: str, words: bytes) -> None:
    default_storage.save(name, ContentFile(words))


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_a_copy_is_brought_up_to_date(told: list[str], tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    put("photos/aa/1/320.jpg", b"one")
    put("avatars/aa/1/square96.jpg", b"two")
    put("archives/aa/1.zip", b"made anew")
    assert backup.back_up(copy) == (2, 2)
    assert backup.back_up(copy) == (0, 2)
    put("photos/aa/1/320.jpg", b"other")
    put("photos/aa/2/original", b"new")
    put(f"photos/aa/2/{storage.UNUSED}", b"")
    default_storage.delete("avatars/aa/1/square96.jpg")
    assert backup.back_up(copy) == (2, 2)
    assert files(copy) == {
        "database.dump": b"dump",
        "media/photos/aa/1/320.jpg": b"other",
        "media/photos/aa/2/original": b"new",
    }
    assert copy.stat().st_mode & 0o077 == 0, "readable by its owner only"
    assert set(told) == {"pg_dump"}


def test_a_copy_that_fails_leaves_the_one_before(
    told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy"
    put("photos/aa/1/320.jpg", b"one")
    backup.back_up(copy)
    default_storage.delete("photos/aa/1/320.jpg")

    def fail(*arguments: str) -> None:
        raise backup.CannotCopy("no")

    monkeypatch.setattr(backup, "_run", fail)
    with pytest.raises(CommandError, match="no"):
        call_command("backup", str(copy))
    assert files(copy) == {"database.dump": b"dump", "media/photos/aa/1/320.jpg": b"one"}
    assert not storage.backup_runs()


def test_one_backup_at_a_time(told: list[str], tmp_path: Path) -> None:
    with psycopg.connect(database_url()) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", storage.BACKUP_LOCK)
        assert storage.backup_runs()
        with pytest.raises(CommandError, match="Another backup"):
            call_command("backup", str(tmp_path / "copy"))
    assert not told


def test_what_is_there_is_never_restored_over(told: list[str], tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    with pytest.raises(CommandError, match="no backup"):
        call_command("restore", str(copy))
    backup.back_up(copy)
    with pytest.raises(CommandError, match="database is not empty"):
        call_command("restore", str(copy))
    assert told == ["pg_dump"]


def test_programs_say_why_they_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(backup.CannotCopy, match="There is no pg_nothing here"):
        backup._run("pg_nothing")
    done = subprocess.CompletedProcess([], 1, "", "server is newer\n")
    monkeypatch.setattr(backup.subprocess, "run", lambda *a, **o: done)
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "secret")
    with pytest.raises(backup.CannotCopy, match="pg_dump failed: server is newer"):
        backup._run("pg_dump")
