"""kill -9 of the web server while a photo arrives: no half-made note, no orphan row, no orphan file after the sweep."""

import os
import socket
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from core.storage import SHARDS
from notes.models import Note, Photo
from notes.photos.files import sweep_files
from profiles.models import User
from tests.builders import picture
from tests.servers import WebServer, database_url
from tests.storms.kills import files, until, waiting_for_locks
from tests.storms.uploads import answer, posting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("web_server")]


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a web server started now keeps what arrives."""
    folder = tmp_path / "spool"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def arriving(server: WebServer, spool: Path) -> int:
    """How many bytes of uploads its processes hold in files without a name. One may close while it is looked at."""
    total = 0
    for process in psutil.Process(server.popen.pid).children(recursive=True):
        for link in list(Path(f"/proc/{process.pid}/fd").iterdir()):
            with suppress(FileNotFoundError):
                if str(spool) in os.readlink(link):
                    total += os.stat(link).st_size
    return total


def test_the_web_server_is_killed_while_a_photo_arrives(
    alice: User, media: Path, spool: Path, large: bytes
) -> None:
    head, body = posting(alice, {"a.jpg": large})
    server = WebServer()
    line = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    line.sendall(head + body[: len(body) // 2])
    until(lambda: arriving(server, spool) > len(body) // 4)
    server.kill()
    line.close()
    assert files(spool) == set(), "Its place and time would lie there."
    assert files(media) == set()
    assert not Photo.objects.exists()
    assert not Note.objects.exists()

    server = WebServer()
    assert answer(server.port, head, body) == 303
    server.stop()
    note = Note.objects.get()
    assert (note.status, note.photos.get().state, files(media)) == ("processing", "received", {"original"})


def test_the_web_server_is_killed_between_file_and_row(alice: User, media: Path, spool: Path) -> None:
    server = WebServer()
    head, body = posting(alice, {"a.jpg": picture()})
    with (
        psycopg.connect(database_url()) as other,
        socket.create_connection(("127.0.0.1", server.port)) as line,
    ):
        other.execute("LOCK TABLE notes_photo IN EXCLUSIVE MODE")
        line.sendall(head + body)
        until(lambda: files(media))
        until(waiting_for_locks)
        server.kill()
    until(lambda: not waiting_for_locks())
    assert not Photo.objects.exists()
    assert not Note.objects.exists()
    assert files(media) == {"original"}
    sweep_all()
    assert files(media) == {"original"}, "It could be an upload that is just coming in."
    for left in ({"original", "unused"}, set()):
        make_old(media)
        sweep_all()
        assert files(media) == left


def make_old(root: Path) -> None:
    for path in [root, *root.rglob("*")]:
        os.utime(path, (0, 0))


def sweep_all() -> None:
    for turn in range(SHARDS):
        sweep_files(turn=turn)
