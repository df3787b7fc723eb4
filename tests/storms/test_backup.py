"""A backup at the worst moment, restored under another role and path."""

import functools
import hashlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from PIL import Image

import imaging
from core.checks import CREATE_DATABASE
from core.storage import backup
from dev import embedded
from notes.crop.actions import crop_photo, master_size
from notes.models import Framing, Photo
from people.actions.avatars import receive_avatar
from profiles.models import User
from tests.builders import make_person, picture, upload
from tests.environment import OWN_POSTGRES
from tests.servers import PROJECT, Process, database_url, manage, worker_command
from tests.storms.kills import until
from tests.storms.test_kill_worker import publish

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]

ROLE = "redbook_restored"
# Of the worker that ran then, or told by the server about its own tables.
PASSING = {"procrastinate_workers"}


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the tests' PostgreSQL."""
    if OWN_POSTGRES:
        monkeypatch.setenv("PATH", f"{embedded.programs()}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def other_database(transactional_db: None) -> Iterator[str]:
    """The DATABASE_URL of an empty database of another role."""
    name = f"{connection.settings_dict['NAME']}_restored"

    def clear() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f"DROP ROLE IF EXISTS {ROLE}")

    clear()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} LOGIN PASSWORD 'restored'")
        cursor.execute(CREATE_DATABASE.format(name=f'"{name}" OWNER {ROLE}'))
    parts = urlsplit(database_url())
    place = parts.netloc.rpartition("@")[2]
    yield parts._replace(netloc=f"{ROLE}:restored@{place}", path=f"/{name}").geturl()
    clear()


def rows(url: str) -> dict[str, str]:
    """A hash of each table."""
    with psycopg.connect(url) as server:
        server.execute("SET timezone = 'UTC'")
        names = server.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
        return {
            name: server.execute(
                f"SELECT count(*) || ' ' || coalesce(md5(string_agg(each::text, '|' ORDER BY each::text)), '')"
                f' FROM "{name}" AS each'
            ).fetchone()[0]
            for (name,) in names
            if name not in PASSING
        }


def hashes(root: Path) -> dict[str, str]:
    found = (path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def ask(url: str, question: str) -> Any:
    with psycopg.connect(url) as server:
        return server.execute(question).fetchone()[0]


def crop(photo: Photo) -> None:
    photo.refresh_from_db()
    size = master_size(photo)
    across, down = imaging.room(size, imaging.full_area(size).turn)
    area = imaging.CropArea(0, 0, 0, across // 2, down // 2)
    crop_photo(photo=photo, size=size, area=area)


def test_a_backup_while_photos_and_crops_are_prepared(
    alice: User,
    media: Path,
    worker: Process,
    other_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ready = [publish(alice, picture(size=(700 + 10 * number, 500))).photos.get() for number in range(3)]
    until(lambda: Photo.objects.filter(state="ready").count() == 3)
    until(lambda: not any(path.name == "original" for path in media.rglob("*")))

    # The rows of the dump: photos that wait, crops that wait, a picture that waits.
    worker.popen.send_signal(signal.SIGSTOP)
    waiting = [publish(alice, picture(size=(800, 600 + 10 * number))).photos.get() for number in range(4)]
    for photo in ready:
        crop(photo)
    receive_avatar(person=make_person("dora"), file=upload())
    told: dict[str, Any] = {}
    run = backup._run

    def dump_at_the_worst_moment(program: str, *arguments: str) -> None:
        """All that waits in the dump is done, and would be tidied away, before the first file is copied."""
        told["rows"], told["files"] = rows(database_url()), hashes(media)
        run(program, *arguments)
        worker.popen.send_signal(signal.SIGCONT)
        until(lambda: not Photo.objects.exclude(state="ready").exists())
        until(lambda: not Framing.objects.filter(is_shown=False).exists())
        until(lambda: not User.objects.exclude(avatar_waiting="").exists())
        until(lambda: nothing_is_due(database_url()))

    monkeypatch.setattr(backup, "_run", dump_at_the_worst_moment)
    backup.back_up(tmp_path / "copy")
    worker.stop()

    elsewhere = tmp_path / "elsewhere"
    environment = {
        "DATABASE_URL": other_database,
        "MEDIA_ROOT": str(elsewhere),
        "DATA_DIR": str(tmp_path / "data"),
    }
    run_there = functools.partial(subprocess.run, cwd=PROJECT, env=os.environ | environment, check=True)
    run_there([*manage(), "restore", str(tmp_path / "copy")])
    assert rows(other_database) == told["rows"]
    run_there([*manage(), "prepare"])
    restored = hashes(elsewhere)
    assert {name: restored.get(name) for name in told["files"]} == told["files"], "of each row in the dump"
    assert ask(other_database, "SELECT count(*) FROM notes_photo WHERE state = 'received'") == len(waiting)

    second = Process("restored-worker", worker_command(), **environment)
    try:
        until(lambda: not ask(other_database, "SELECT count(*) FROM notes_photo WHERE state <> 'ready'"), 180)
        until(lambda: not ask(other_database, "SELECT count(*) FROM notes_framing WHERE NOT is_shown"), 180)
        until(
            lambda: not ask(other_database, "SELECT count(*) FROM profiles_user WHERE avatar_waiting <> ''"),
            180,
        )
        until(lambda: nothing_is_due(other_database), 180)
    finally:
        second.stop()
    with psycopg.connect(other_database) as server:
        found = server.execute("SELECT folder, roles FROM notes_photo").fetchall()
        (avatar,) = server.execute("SELECT avatar_folder FROM profiles_user WHERE handle = 'dora'").fetchone()
    assert len(found) == len(ready) + len(waiting)
    for folder, roles in found:
        for name in ["master.jpg", *(f"{role}.{kind}" for role in roles for kind in ("jpg", "avif"))]:
            with Image.open(elsewhere / "photos" / folder / name) as rendition:
                rendition.load()
    assert len(list((elsewhere / "avatars" / avatar).iterdir())) == 4


def nothing_is_due(url: str) -> bool:
    return not ask(
        url,
        "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
        " AND (scheduled_at IS NULL OR scheduled_at < now())",
    )
